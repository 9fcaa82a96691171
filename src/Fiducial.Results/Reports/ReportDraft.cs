namespace Fiducial.Results.Reports;

/// <summary>A report that is being written. It never leaves the reading room.</summary>
public sealed class ReportDraft
{
    public required Guid ExamId { get; init; }
    public required string AuthorId { get; init; }
    public required string Template { get; set; }
    public ReportSections Sections { get; set; } = new();
    public DateTimeOffset SavedAt { get; set; }

    /// <summary>Counts the saves: a save that was made on an older draft is refused, so that a second window overwrites nothing.</summary>
    public int Revision { get; set; }
}
