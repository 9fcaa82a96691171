namespace Fiducial.Benchmarks.Workloads;

/// <summary>A study that was written as files, and what one asks for when one wants it back.</summary>
internal sealed record Study
{
    public required ObjectKind Kind { get; init; }

    /// <summary>Holds the files of this study and nothing else.</summary>
    public required string Folder { get; init; }
    public required string PatientId { get; init; }

    /// <summary>YYYYMMDD.</summary>
    public required string Date { get; init; }
    public required string StudyInstanceUid { get; init; }
    public required string SeriesInstanceUid { get; init; }
    public required string FirstInstanceUid { get; init; }
    public required int Instances { get; init; }

    /// <summary>Length of all files.</summary>
    public required long Bytes { get; init; }
}
