namespace Fiducial.Archive;

/// <summary>
/// An object that is safe with us and shown to nobody among the others: other bytes are stored under its SOP Instance UID, or its
/// sender never heard of its arrival. UIDs that it does not have are empty.
/// </summary>
public sealed record QuarantinedObject
{
    public required long Id { get; init; }
    public required string SopInstanceUid { get; init; }
    public required string StudyInstanceUid { get; init; }
    public required string SeriesInstanceUid { get; init; }
    public required string SopClassUid { get; init; }
    public required string TransferSyntaxUid { get; init; }
    public required string CallingAE { get; init; }
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>64 hexadecimal digits: of the bytes after group 0002.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes after group 0002.</summary>
    public required long Length { get; init; }

    /// <summary>A sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>It says what images mean, as far as its class tells.</summary>
    public bool IsInterpretive => InterpretiveObjects.IsInterpretiveClass(SopClassUid);

    /// <summary>Place of the Part 10 file below the archive's folder.</summary>
    internal string File { get; init; } = "";
}

/// <summary>What was put aside, for those who judge it.</summary>
public interface IQuarantine
{
    /// <summary>At most <paramref name="limit"/> objects behind <paramref name="after"/>, in the order of their arrival.</summary>
    /// <param name="sopInstanceUid">Only those of this UID; null for all.</param>
    IReadOnlyList<QuarantinedObject> List(long after, int limit, string? sopInstanceUid = null);

    QuarantinedObject? Find(long id);

    /// <summary>The Part 10 file: our group 0002, then the data set byte for byte as it was received.</summary>
    /// <exception cref="FileNotFoundException">The file was taken away from the archive's folder.</exception>
    Stream OpenPart10(QuarantinedObject quarantined);
}
