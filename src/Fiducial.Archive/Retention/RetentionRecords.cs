namespace Fiducial.Archive;

/// <summary>A study that need not be kept any longer.</summary>
/// <param name="ExamDate">The study's own.</param>
/// <param name="KeptUntil">The last day on which it had to be kept.</param>
/// <param name="Rule">Why until then.</param>
/// <param name="Objects">How many; a size that only who administers a plain archive may see.</param>
public sealed record DueStudy(
    string StudyInstanceUid,
    string PatientId,
    string AccessionNumber,
    string Modalities,
    DateOnly ExamDate,
    DateOnly KeptUntil,
    string Rule,
    long Objects
);

/// <summary>While it is not lifted nothing of the study is deleted; who may see it does not change.</summary>
public sealed record LegalHold(
    string StudyInstanceUid,
    string Reason,
    string Author,
    DateTimeOffset At,
    DateTimeOffset? LiftedAt,
    string LiftedBy,
    string LiftedWhy
);

/// <summary>The deletion of a study: asked for, decided, carried out. Never edited otherwise, and never removed.</summary>
/// <param name="IsApproved">Null until it is decided.</param>
/// <param name="CarriedOutAt">When the study ceased to exist for everyone; its bytes go from then on.</param>
/// <param name="Refusal">Why it was not carried out although it was approved; empty else.</param>
/// <param name="BytesLeft">How many of its files are still to be taken away.</param>
public sealed record Deletion(
    long Id,
    string StudyInstanceUid,
    string PatientId,
    string AccessionNumber,
    string Modalities,
    DateOnly KeptUntil,
    string Rule,
    long Objects,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    bool? IsApproved,
    string DecidedBy,
    DateTimeOffset? DecidedAt,
    DateTimeOffset? CarriedOutAt,
    string Refusal,
    long BytesLeft
);

/// <summary>What stays of an object that was deleted: enough to know it again, and nothing that it showed.</summary>
/// <param name="RemovedAt">When its bytes and the second copy were gone; null while they are on their way.</param>
public sealed record Tombstone(
    string SopInstanceUid,
    string StudyInstanceUid,
    string SeriesInstanceUid,
    string SopClassUid,
    string Sha256,
    long Length,
    DateTimeOffset StoredAt,
    DateTimeOffset? RemovedAt,
    Deletion By
);
