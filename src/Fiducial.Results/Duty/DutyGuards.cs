using System.Globalization;
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
            new Guard("U2", c => Holder(c) ?? Displayed(c)),
            new Guard("U7", LateAsync),
            new Guard("U9", ReviewAsync),
            new Guard("U10", c => Holder(c) ?? Discussed(c)),
            new Guard("U11", Holder),
        ];

    /// <summary>Null for the doctor who holds the duty.</summary>
    internal static string? Holder(GuardContext c) =>
        c.Exam.HolderId.Length == 0 || c.Exam.HolderId != c.Actor.Id
            ? "Another doctor holds the duty for this patient's result."
            : c.Standing.LicenceRefusal("The doctor");

    // The director holds it while nobody answers; the doctor who did not answer may still do so, and holds it again.
    private static async ValueTask<string?> LateAsync(GuardContext c, CancellationToken ct)
    {
        var escalated = await c.LastAsync(ct, "U6");
        var before = c.Exam.FormerHolderIds.Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return escalated is not null && before == c.Actor.Id
            ? c.Standing.LicenceRefusal("The doctor") ?? Displayed(c)
            : Holder(c) ?? Displayed(c);
    }

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

    // When it was tried to reach the patient; null when nothing says how, or it is still to come.
    private static DateTimeOffset? Attempt(JsonNode? attempt, DateTimeOffset now) =>
        attempt is JsonObject o
        && o["how"]?.ToString() is { Length: > 0 }
        && DateTimeOffset.TryParse(
            o["at"]?.ToString(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
        && at <= now
            ? at
            : null;

    private static string? Discussed(GuardContext c)
    {
        if (c.Evidence["failedContacts"] is JsonArray attempts)
        {
            return attempts.Select(a => Attempt(a, c.At)).OfType<DateTimeOffset>().Distinct().Count() < 3
                ? "Three attempts at different times, each with its way, must be documented before a letter."
                : c.NeedsWords("letter", "Write the letter to the patient.");
        }
        return c.Text("how").Length == 0 ? "Say how the result was discussed."
            : c.Text("present").Length == 0 ? "Say who was present."
            : c.Text("interpreter").Length == 0 ? "Say whether there was an interpreter ('none' if not)."
            : null;
    }
}
