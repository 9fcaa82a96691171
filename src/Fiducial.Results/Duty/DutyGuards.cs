using System.Text.Json.Nodes;
using Fiducial.Pathway.Guards;
using Fiducial.Results.Reports;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Duty;

/// <summary>The duty token: one holder, who reads, decides, talks, and only then closes.</summary>
internal static class DutyGuards
{
    public static IEnumerable<IGuard> All =>
        [
            new Guard(
                "U1",
                c =>
                    c.Exam.Report is not ("signed" or "amended") ? "The report is not signed."
                    : c.Text("holderId").Length > 0 ? null
                    : "There is no doctor to hold the duty."
            ),
            new Guard("U2", c => Holder(c) ?? Displayed(c)),
            new Guard("U9", ReviewAsync),
            new Guard("U10", c => Holder(c) ?? Discussed(c)),
            new Guard("U11", Close),
        ];

    /// <summary>Null for the doctor who holds the duty.</summary>
    internal static string? Holder(GuardContext c) =>
        c.Exam.HolderId.Length > 0 && c.Exam.HolderId == c.Actor.Id
            ? null
            : "Another doctor holds the duty for this patient's result.";

    private static string? Displayed(GuardContext c) =>
        c.Text("viewedHash") == c.Exam.ReportHash
            ? null
            : "The report itself must have been displayed, in its current version.";

    private static async ValueTask<string?> ReviewAsync(GuardContext c, CancellationToken ct)
    {
        var (assessment, plan) = (c.Text("assessment"), c.Text("plan"));
        var answers =
            (c.Evidence["recommendationAnswers"] as JsonArray)?.Count(a => !string.IsNullOrWhiteSpace((string?)a)) ?? 0;
        // The words stay in the review's own row; the ledger keeps their hash.
        c.Evidence.Remove("assessment");
        c.Evidence.Remove("plan");
        c.Evidence.Remove("recommendationAnswers");
        if (Holder(c) is { } refusal)
        {
            return refusal;
        }
        if (!c.Says("historyShown"))
        {
            return "The patient's history must have been shown.";
        }
        if (string.IsNullOrWhiteSpace(assessment) || string.IsNullOrWhiteSpace(plan))
        {
            return "Write an assessment and a plan ('no action' is a plan).";
        }
        var report = await c
            .Db.Set<ReportVersion>()
            .AsNoTracking()
            .Where(v => v.ExamId == c.Exam.Id)
            .OrderByDescending(v => v.Version)
            .FirstOrDefaultAsync(ct);
        return answers >= (report?.Sections.RecommendationList.Count ?? 0)
            ? null
            : "Answer each recommendation of the report.";
    }

    private static string? Discussed(GuardContext c) =>
        c.Text("how").Length == 0 ? "Say how the result was discussed."
        : c.Text("present").Length == 0 ? "Say who was present."
        : c.Text("interpreter").Length == 0 ? "Say whether there was an interpreter ('none' if not)."
        : null;

    private static string? Close(GuardContext c) =>
        Holder(c)
        ?? (
            c.Exam.Release is not ("released" or "viewed" or "declined")
                ? "The result is not released to the patient yet."
            : c.Exam.Alert is not ("none" or "satisfied" or "stood_down") ? "A critical finding is not yet read back."
            : c.Exam.Followup is not ("none" or "accepted" or "booked" or "done" or "declined")
                ? "A recommended follow-up is not answered."
            : null
        );
}
