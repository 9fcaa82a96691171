using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Release;

/// <summary>What the doctor wrote to the patient in plain words, with the decision to release (L2).</summary>
public sealed class PatientNote
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }
    public required string DoctorId { get; init; }
    public required string DoctorName { get; init; }
    public required int ReportVersion { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Hash { get; init; }

    public static string HashOf(string text) => FieldHash.Of(text);
}

internal static class ReleaseGuards
{
    public static IEnumerable<IGuard> All =>
        [
            new Guard("L2", Release),
            new Guard("L11", c => c.Text("receipt").Length > 0 ? null : "The view has no receipt."),
        ];

    private static string? Release(GuardContext c)
    {
        c.Evidence["reportVersion"] = c.Exam.ReportVersion;
        c.Evidence["reportHash"] = c.Exam.ReportHash;
        return Duty.DutyGuards.Holder(c)
            ?? (
                c.Exam.Duty is not ("reviewed" or "discussed" or "closed")
                    ? "The result was not reviewed: record assessment and plan first."
                : c.Exam.Report is not ("signed" or "amended") ? "There is no signed version to release."
                : c.Exam.Images is "quarantined" ? "The identity of the images is disputed."
                : c.Text("noteHash").Length == 0 ? "Write a note in plain words for the patient."
                : null
            );
    }
}
