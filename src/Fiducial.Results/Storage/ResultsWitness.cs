using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Duty;
using Fiducial.Results.Release;
using Fiducial.Results.Reports;
using Fiducial.Results.Words;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Storage;

/// <summary>Compares reports, reviews, discussions and notes with the hashes that the ledger holds of them.</summary>
internal sealed class ResultsWitness(ClinicDb db) : ILedgerWitness
{
    public async Task<IReadOnlyList<string>> ContradictionsAsync(
        Guid examId,
        IReadOnlyList<LedgerEntry> ledger,
        CancellationToken ct
    )
    {
        var faults = new List<string>();
        void Compare(string what, IEnumerable<string> kept, string key, params string[] steps)
        {
            var recorded = ledger
                .Where(e => e.Taken && steps.Contains(e.Step, StringComparer.Ordinal))
                .Select(e => (string?)JsonNode.Parse(e.Evidence)![key] ?? "")
                .Order(StringComparer.Ordinal);
            if (!recorded.SequenceEqual(kept.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            {
                faults.Add($"Exam {examId}: {what} differs from its ledger.");
            }
        }
        var reports = await db.Set<ReportVersion>().AsNoTracking().Where(v => v.ExamId == examId).ToListAsync(ct);
        Compare("a signed report", reports.Select(v => v.Sections.Hash()), "reportHash", "R6", "R9");
        var reviews = await db.Set<Review>().AsNoTracking().Where(r => r.ExamId == examId).ToListAsync(ct);
        Compare(
            "a review",
            reviews.Select(r => Review.HashOf(r.Assessment, r.Plan, r.RecommendationAnswers)),
            "reviewHash",
            "U9"
        );
        var talks = await db.Set<Discussion>().AsNoTracking().Where(d => d.ExamId == examId).ToListAsync(ct);
        Compare(
            "a discussion",
            talks.Select(d => Discussion.HashOf(d.How, d.WhoWasPresent, d.Interpreter, d.Notes)),
            "discussionHash",
            "U10"
        );
        var notes = await db.Set<PatientNote>().AsNoTracking().Where(n => n.ExamId == examId).ToListAsync(ct);
        Compare("a patient's note", notes.Select(n => PatientNote.HashOf(n.Text)), "noteHash", "L2");
        var preliminary = await db.Set<PreliminaryReport>()
            .AsNoTracking()
            .Where(p => p.ExamId == examId)
            .ToListAsync(ct);
        Compare("a preliminary report", preliminary.Select(p => p.Sections.Hash()), "reportHash", "R5");
        var words = await db.Set<StepWords>().AsNoTracking().Where(w => w.ExamId == examId).ToListAsync(ct);
        var written = ledger.Where(e => e.Taken && e.Said("wordsHash").Length > 0).Select(e => e.Said("wordsHash"));
        if (
            !written
                .Order(StringComparer.Ordinal)
                .SequenceEqual(
                    words
                        .Select(w => StepRequest.HashOf(JsonNode.Parse(w.Words)!.AsObject()))
                        .Order(StringComparer.Ordinal),
                    StringComparer.Ordinal
                )
        )
        {
            faults.Add($"Exam {examId}: what was written with a step differs from its ledger.");
        }
        return faults;
    }
}
