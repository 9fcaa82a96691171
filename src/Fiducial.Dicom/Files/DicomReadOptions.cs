namespace Fiducial.Dicom;

/// <summary>How much of a file is read.</summary>
public sealed record DicomReadOptions
{
    public static DicomReadOptions Default { get; } = new();

    /// <summary>For bytes that are in memory already: every value is given as a part of them.</summary>
    public static DicomReadOptions InMemory { get; } = new() { LargestValueLoaded = long.MaxValue };

    /// <summary>Bytes; larger values of OB, OW, UN, UT … are left in the file and located.</summary>
    public long LargestValueLoaded { get; init; } = 64 * 1024;

    /// <summary>Bytes; larger values of other VRs, against the rules for them all, are left in the file too.</summary>
    public long LargestTextLoaded { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of the offset table of encapsulated pixel data; more is refused.</summary>
    public int LargestOffsetTable { get; init; } = 64 * 1024 * 1024;

    /// <summary>Reading ends before the first element of the outermost data set that is not below this tag.</summary>
    public DicomTag? StopBefore { get; init; }

    /// <summary>Sequences within sequences; deeper nesting is refused, because it is an attack and not an image.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Bytes of a data set that was deflated; more is refused.</summary>
    public long LargestInflated { get; init; } = 512L * 1024 * 1024;
}
