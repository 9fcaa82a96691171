namespace Fiducial.Pathway.Rooms;

/// <summary>
/// Deletion at the end of the retention schedule, for the people who answer for it: one asks, another approves, both stand in the audit
/// before anything happens. Of class C0: who, when, and until when; nothing of what the images show, and no sizes or numbers of objects.
/// </summary>
public interface IRetentionOffice
{
    /// <summary>Studies that need not be kept any longer, in order of their date.</summary>
    /// <param name="limit">At most so many.</param>
    Task<IReadOnlyList<StudyToDelete>> DueAsync(int limit, CancellationToken ct);

    /// <summary>The newest first.</summary>
    IReadOnlyList<DeletionOnRecord> OnRecord();

    /// <summary>Asks for the deletion of studies that are due; those that are not are passed over.</summary>
    /// <param name="from">The address from which it is asked, for the audit.</param>
    /// <returns>How many were asked for.</returns>
    Task<int> RequestAsync(IReadOnlyCollection<string> studies, Actor actor, string from, CancellationToken ct);

    /// <summary>Approves or declines requests; approving one's own is passed over.</summary>
    /// <returns>How many were decided.</returns>
    Task<int> DecideAsync(
        IReadOnlyCollection<long> requests,
        bool approves,
        Actor actor,
        string from,
        CancellationToken ct
    );
}

/// <param name="Rule">A sentence without a full stop: why it had to be kept until then.</param>
public sealed record StudyToDelete(
    string StudyInstanceUid,
    string PatientId,
    string AccessionNumber,
    string Modalities,
    DateOnly ExamDate,
    DateOnly KeptUntil,
    string Rule
);

/// <summary>Where a deletion stands.</summary>
public enum DeletionState
{
    Requested,
    Declined,

    /// <summary>Carried out within a minute.</summary>
    Approved,

    /// <summary>Approved, and then found that it must be kept.</summary>
    Kept,

    /// <summary>Nobody sees it any more; the last of its bytes are being taken away.</summary>
    Leaving,
    Deleted,
}

public sealed record DeletionOnRecord(
    long Id,
    string PatientId,
    string AccessionNumber,
    string Modalities,
    string Rule,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    string DecidedBy,
    DateTimeOffset? DecidedAt,
    DeletionState State
);
