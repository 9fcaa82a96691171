namespace Fiducial.Pathway.Patients;

/// <summary>A line of the merge journal: one exam that went from one patient identifier to another, and back if it was undone.</summary>
public sealed class MergeEntry
{
    public long Id { get; init; }

    /// <summary>The lines of one merge, or of its undoing, together.</summary>
    public required Guid MergeId { get; init; }
    public required Guid ExamId { get; init; }
    public required string FromPatientId { get; init; }
    public required string IntoPatientId { get; init; }
    public required string StartedById { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The merge that this one undoes; null for a merge.</summary>
    public Guid? Undoes { get; init; }
}
