using System.Globalization;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Followups;

/// <summary>A recommendation that is coded, answered, booked and watched until it is done.</summary>
internal static class FollowupGuards
{
    public static IEnumerable<IGuard> All =>
        [
            new Guard("F1", Recommend),
            new Guard("F2", AcceptAsync),
            new Guard("F3", c => Duty.DutyGuards.Holder(c) ?? c.NeedsWords("reason", "Write the clinical reason.")),
            new Guard("F4", BookedAsync),
            new Guard("F5", Overdue),
            new Guard("F6", DoneAsync),
            new Guard("F7", c => c.NeedsWords("reason", "Write the reason.")),
            new Guard("F8", Rebook),
        ];

    private static string? Recommend(GuardContext c) =>
        c.Needs("what", "Code the modality or the specialty.")
        ?? c.Needs("condition", "Code the condition.")
        ?? (c.Number("intervalDays") is > 0 and <= 3660 ? null : "Give the interval in days.");

    private static async ValueTask<string?> AcceptAsync(GuardContext c, CancellationToken ct)
    {
        var recommended = await c.LastAsync(ct, "F1");
        return Duty.DutyGuards.Holder(c)
            ?? c.Needs("link", "Name the order or the referral.")
            ?? Due(c, recommended?.At ?? c.At);
    }

    // Due date and a fifth of the interval more: then it is overdue.
    private static string? Due(GuardContext c, DateTimeOffset from)
    {
        if (c.Instant("dueAt") is not { } due || due <= c.At)
        {
            return "Give a due date that is still to come.";
        }
        c.Evidence["overdueAt"] = (due + (due - from) / 5).ToString("O", CultureInfo.InvariantCulture);
        return null;
    }

    private static string? Rebook(GuardContext c) => Due(c, c.At);

    private static async ValueTask<string?> BookedAsync(GuardContext c, CancellationToken ct) =>
        await ExamAsync(c, ct) is not null || c.Text("externalOrder").Length > 0
            ? null
            : "There is no such order for this patient.";

    private static string? Overdue(GuardContext c) =>
        c.Text("timer").Length > 0 ? null : "A follow-up is overdue when its timer says so.";

    private static async ValueTask<string?> DoneAsync(GuardContext c, CancellationToken ct) =>
        c.Text("documentedElsewhere").Length > 0 && c.Actor.Role is not Role.SYS ? null
        : await ExamAsync(c, ct) is { Report: "signed" or "amended" } ? null
        : "The exam that answers it is not signed, and nothing is documented elsewhere.";

    private static async Task<ExamRecord?> ExamAsync(GuardContext c, CancellationToken ct)
    {
        var patient = c.Exam.PatientId;
        return Guid.TryParse(c.Text("examId"), out var id) && id != c.Exam.Id
            ? await c
                .Db.Set<ExamRecord>()
                .AsNoTracking()
                .FirstOrDefaultAsync(e => e.Id == id && e.PatientId == patient && e.Order != "cancelled", ct)
            : null;
    }
}
