using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Guards;

/// <summary>The doors of one case: glass that a doctor breaks, a merge of patients, a dispute, a legal hold.</summary>
internal static class AccessGuards
{
    public static IEnumerable<IGuard> All =>
        [
            new Guard("B1", BreakGlassAsync),
            new Guard("B2", ExpireAsync),
            new Guard("B3", StartMerge),
            new Guard("B4", FinishMergeAsync),
            new Guard("B5", c => c.Text("cause").Length > 0 ? null : c.Needs("suspicion", "Say what is suspected.")),
            new Guard("B6", c => c.Needs("orderReference", "Name the order or the request that demands the hold.")),
            new Guard("B7", ResolveAsync),
            new Guard("B8", ReviewGlassAsync),
            new Guard(
                "B9",
                c =>
                    !c.Exam.LegalHold
                        ? "No legal hold stands on this case."
                        : c.Needs("orderReference", "Name the order or the decision that ends the hold.")
            ),
        ];

    /// <summary>Business days within which the privacy officer reviews it.</summary>
    private const int ReviewDays = 2;

    private static async ValueTask<string?> BreakGlassAsync(GuardContext c, CancellationToken ct)
    {
        if (MayNotBreak(c) is { } refusal)
        {
            return refusal;
        }
        await NextReviewAsync(c, c.Exam.GlassToReview, ct);
        return null;
    }

    // The clock of the oldest break that is not reviewed; a later one does not turn it back, and a review leaves that of the next.
    private static async Task NextReviewAsync(GuardContext c, string toReview, CancellationToken ct)
    {
        var from = c.At;
        if (toReview.Length > 0)
        {
            var oldest = int.Parse(toReview.Split(' ')[0], CultureInfo.InvariantCulture);
            from = await c
                .Db.Set<LedgerEntry>()
                .Where(e => e.ExamId == c.Exam.Id && e.Sequence == oldest)
                .Select(e => e.At)
                .FirstAsync(ct);
        }
        c.Evidence["glassReviewDue"] = c
            .Calendar.CloseAfter(from, ReviewDays)
            .ToString("O", CultureInfo.InvariantCulture);
    }

    private static string[] Numbers(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async ValueTask<string?> ReviewGlassAsync(GuardContext c, CancellationToken ct)
    {
        var isDirector = c.Actor.Role is Role.MDR;
        var open = Numbers(isDirector ? c.Exam.GlassWithDirector : c.Exam.GlassToReview);
        var glass = c.Number("glass").ToString(CultureInfo.InvariantCulture);
        if (!open.Contains(glass, StringComparer.Ordinal))
        {
            return "There is no such emergency access that waits for its review.";
        }
        if (
            (
                c.NeedsOneOf(
                    "outcome",
                    [.. GlassReview.Outcomes.Where(o => !isDirector || o is not GlassReview.Referred)],
                    "Choose what the review came to"
                )
                ?? c.NeedsWords("finding", "Write what you found: was the doctor treating this patient, was it needed?")
            ) is
            { } refusal
        )
        {
            return refusal;
        }
        var left = string.Join(' ', Numbers(c.Exam.GlassToReview).Where(s => s != glass));
        if (left.Length > 0)
        {
            await NextReviewAsync(c, left, ct);
        }
        return null;
    }

    private static string? MayNotBreak(GuardContext c) =>
        c.Standing.LicenceRefusal("The doctor") is { } unlicensed ? unlicensed
        : !c.Says("treatingNow") ? "The glass is for a doctor who treats this patient now."
        : c.NeedsWords("reason", "Write the reason: the privacy officer, the patient and their doctor will read it.");

    private static async ValueTask<string?> ExpireAsync(GuardContext c, CancellationToken ct) =>
        await c.LastAsync(ct, "B1") is { } broken && c.At < broken.At.AddHours(4)
            ? "The glass stays open for four hours."
            : null;

    private static string? StartMerge(GuardContext c)
    {
        var (from, into) = (c.Text("fromPatientId"), c.Text("intoPatientId"));
        return from != c.Exam.PatientId ? "This exam is not of the patient who is merged."
            : into.Length == 0 || into == from ? "Name the two identifiers of the one patient."
            : !c.Says("previewShown") ? "Look at the combined record first."
            : !c.Says("aliasKept") ? "The old identifier must stay as an alias."
            : null;
    }

    private static async ValueTask<string?> FinishMergeAsync(GuardContext c, CancellationToken ct)
    {
        var frozen = await c.LastAsync(ct, "B3", "B5");
        if (frozen?.Step is not "B3")
        {
            return "The case is frozen by a dispute, not by a merge: resolve the dispute (B7).";
        }
        if (frozen.ActorId == c.Actor.Id)
        {
            return "A second person finishes the merge.";
        }
        return c.Evidence["after"] is not JsonObject after
            || (string?)after["patientId"] != frozen.Said("intoPatientId")
                ? "The merge must end with the patient with whom it began."
            : !c.Says("recomputed") ? "Every duty, delivery and release that is affected must be computed again."
            : c.Needs("journal", "Name the entry of the merge journal.")
                ?? await OrderGuards.PatientAsync(c, (string)after["patientId"]!, ct);
    }

    private static async ValueTask<string?> ResolveAsync(GuardContext c, CancellationToken ct)
    {
        var frozen = await c.LastAsync(ct, "B3", "B5");
        if (frozen?.Step is "B3")
        {
            return "A merge is open: finish it (B4).";
        }
        return
            c.Exam.Report is "signed" or "amended" or "addendum_draft"
            && (c.Text("attestedById").Length == 0 || c.Text("attestedHash") != c.Exam.ReportHash)
            ? "A radiologist must attest the signed version for this patient, or withdraw it."
            : c.Needs("resolution", "Write how the dispute was resolved.");
    }
}
