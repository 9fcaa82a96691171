namespace Fiducial.Dicom;

/// <summary>What the reader is within: a data set or item whose elements follow, or a sequence whose items follow.</summary>
internal sealed class OpenSet
{
    /// <summary>The data set that is being read; for a sequence, the one in which it stands.</summary>
    public required DicomDataSet Set { get; init; }

    /// <summary>Of a sequence.</summary>
    public DicomTag Tag { get; init; }

    /// <summary>The items of a sequence so far; null for a data set.</summary>
    public List<DicomDataSet>? Items { get; init; }

    /// <summary>Where it ends; beyond all bytes when its length is undefined.</summary>
    public required long End { get; set; }
    public required bool IsImplicit { get; init; }
    public required bool IsBigEndian { get; init; }

    /// <summary>A sequence whose items are handed out and become no element.</summary>
    public bool IsDetached { get; init; }

    /// <summary>False when an element did not stand behind its predecessor.</summary>
    public bool IsInOrder { get; set; } = true;
}
