namespace Fiducial.Archive;

/// <summary>Proves that a study is kept as it was received, twice.</summary>
public interface IImageVerification
{
    /// <summary>
    /// Reads every file of the study again, hashes it, makes the second copy where it is missing or damaged, and hashes that.
    /// </summary>
    Task<VerificationReceipt> VerifyStudyAsync(string studyInstanceUid, CancellationToken ct);

    /// <summary>Reads and hashes one object again.</summary>
    /// <returns>Null when it is not stored here; else its class, and whether its bytes are those that were received.</returns>
    Task<(string SopClassUid, bool IsSound)?> JudgeAsync(string sopInstanceUid, CancellationToken ct);
}

/// <summary>What was found. <see cref="Ok"/> needs at least one instance, and every hash equal to that of the receipt.</summary>
public sealed record VerificationReceipt
{
    public required string StudyInstanceUid { get; init; }
    public required DateTimeOffset VerifiedAt { get; init; }
    public required IReadOnlyList<VerifiedInstance> Instances { get; init; }

    /// <summary>Sentences, one a fault; empty when all is well.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
    public int InstanceCount => Instances.Count;
    public int FrameCount => Instances.Sum(i => i.NumberOfFrames);
    public bool Ok => Problems.Count == 0 && Instances.Count > 0;
}

/// <summary>One instance as it was found; hashes are 64 hexadecimal digits of the data set, or null when it could not be read.</summary>
public sealed record VerifiedInstance
{
    public required string SopInstanceUid { get; init; }
    public required string SeriesInstanceUid { get; init; }
    public required string TransferSyntaxUid { get; init; }

    /// <summary>It says what images mean and is none of the images that a modality counts.</summary>
    public required bool IsInterpretive { get; init; }

    /// <summary>True when the transfer syntax keeps every value as it was acquired.</summary>
    public required bool IsLossless { get; init; }
    public required int NumberOfFrames { get; init; }
    public required long Length { get; init; }
    public required string Sha256AtReceive { get; init; }
    public required string? Sha256OnDisk { get; init; }
    public required string? Sha256OfSecondCopy { get; init; }
}
