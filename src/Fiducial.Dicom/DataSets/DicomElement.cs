namespace Fiducial.Dicom;

/// <summary>Where a large value stands in its file, in bytes from the file's start. Deflated files: from the start of the inflated data set.</summary>
public readonly record struct ValueLocation(long Offset, long Length);

/// <summary>One data element: its bytes as they were read (little endian), its items, or the place where its value stands.</summary>
public sealed class DicomElement
{
    public required DicomTag Tag { get; init; }
    public required DicomVR VR { get; init; }

    /// <summary>Little endian, padding included. Empty for sequences and for values left in the file.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The items of a sequence; null for other elements.</summary>
    public IReadOnlyList<DicomDataSet>? Items { get; init; }

    /// <summary>Set when the value was left in the file.</summary>
    public ValueLocation? Location { get; init; }

    /// <summary>Encapsulated pixel data: the fragments in the file, the offset table being the first item and not among them.</summary>
    public IReadOnlyList<ValueLocation>? Fragments { get; init; }

    /// <summary>Basic offset table of encapsulated pixel data.</summary>
    public ReadOnlyMemory<byte> OffsetTable { get; init; }
}
