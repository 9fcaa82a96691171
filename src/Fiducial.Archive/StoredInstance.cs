namespace Fiducial.Archive;

/// <summary>One object of the archive: durable, indexed, never changed. Texts that the object does not have are empty.</summary>
public sealed record StoredInstance
{
    /// <summary>Grows in the order of commit and is never used again.</summary>
    public required long Position { get; init; }
    public required string StudyInstanceUid { get; init; }
    public required string SeriesInstanceUid { get; init; }
    public required string SopInstanceUid { get; init; }
    public required string SopClassUid { get; init; }
    public required string TransferSyntaxUid { get; init; }
    public required string CallingAE { get; init; }

    /// <summary>64 hexadecimal digits: of the data set's bytes as they were received, after group 0002.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes of the data set, after group 0002.</summary>
    public required long Length { get; init; }
    public required DateTimeOffset StoredAt { get; init; }
    public required string PatientId { get; init; }
    public required string PatientName { get; init; }

    /// <summary>YYYYMMDD as received.</summary>
    public required string PatientBirthDate { get; init; }
    public required string PatientSex { get; init; }
    public required string AccessionNumber { get; init; }
    public required string Modality { get; init; }
    public required string BodyPartExamined { get; init; }

    /// <summary>Image Laterality (0020,0062), or else Laterality (0020,0060).</summary>
    public required string Laterality { get; init; }
    public required string ViewPosition { get; init; }
    public required string SeriesDescription { get; init; }
    public required string ProtocolName { get; init; }
    public required int? SeriesNumber { get; init; }
    public required int? InstanceNumber { get; init; }
    public required int? Rows { get; init; }
    public required int? Columns { get; init; }
    public required int NumberOfFrames { get; init; }

    /// <summary>It says what images mean, and is a result wherever it is stored: a report, a key object selection, a presentation state …</summary>
    public required bool IsInterpretive { get; init; }

    /// <summary>The least access with which it is seen.</summary>
    public StudyAccess SeenWith => IsInterpretive ? StudyAccess.ImagesAndResults : StudyAccess.Images;

    /// <summary>Place of the Part 10 file below the archive's folder.</summary>
    internal string File { get; init; } = "";

    /// <summary>Where the data set begins in that file.</summary>
    internal long DataSetOffset { get; init; }
}
