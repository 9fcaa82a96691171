using System.Text.Json.Nodes;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Protocols;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Reports;

/// <summary>What must hold for a report to be claimed, written and signed, as far as words and reader go; display and coverage are the reading room's.</summary>
internal static class ReportGuards
{
    public static IEnumerable<IGuard> All =>
        [
            new Guard("R2", Privilege),
            new Guard("R4", c => Claimed(c) ?? (c.Text("template").Length > 0 ? null : "The template is missing.")),
            new Guard("R6", SignAsync),
        ];

    private static string? Privilege(GuardContext c) =>
        !c.Actor.LicenceActive ? "The reader's licence is not active."
        : ProtocolBook.Find(c.Exam.ProtocolCode) is { } p && c.Actor.Modalities.Any(p.Covers) ? null
        : $"The reader has no privilege for {c.Exam.Modality}.";

    private static string? Claimed(GuardContext c) =>
        c.Exam.ReaderId == c.Actor.Id ? null : $"{c.Exam.ReaderName} has claimed this exam.";

    private static async ValueTask<string?> SignAsync(GuardContext c, CancellationToken ct)
    {
        if ((Privilege(c) ?? Claimed(c)) is { } refusal)
        {
            return refusal;
        }
        if (c.Exam.Images is not "verified")
        {
            return $"The transfer of the images is not verified ({c.Exam.Images}).";
        }
        var draft = await c.Db.Set<ReportDraft>().AsNoTracking().FirstOrDefaultAsync(d => d.ExamId == c.Exam.Id, ct);
        if (draft is null || draft.Sections.Hash() != c.Text("reportHash"))
        {
            return "The draft was changed while it was being signed: read it again.";
        }
        if (string.IsNullOrWhiteSpace(draft.Sections.Findings) || string.IsNullOrWhiteSpace(draft.Sections.Impression))
        {
            return "Findings and impression must be written.";
        }
        if (c.Text("alertCategory") is not ("none" or "1" or "2" or "3"))
        {
            return "Choose the alert category (none, 1, 2 or 3).";
        }
        var answers = c.Evidence["answers"] as JsonObject ?? [];
        // The reason goes to the ledger, which others read: the page tells the reader what the question is.
        foreach (var question in ConsistencyChecks.Of(c.Exam, draft.Sections))
        {
            if (string.IsNullOrWhiteSpace((string?)answers[question.Code]))
            {
                return $"The consistency check '{question.Code}' is not answered: correct the report or answer it.";
            }
        }
        return c.Says("secondFactor") ? null : "The second factor is missing or wrong.";
    }
}
