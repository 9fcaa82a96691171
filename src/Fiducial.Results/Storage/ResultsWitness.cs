using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Delivery;
using Fiducial.Results.Duty;
using Fiducial.Results.Release;
using Fiducial.Results.Reports;
using Fiducial.Results.Words;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Storage;

/// <summary>Compares reports, delivered copies, reviews, discussions and notes with what the ledger holds of them: hash, author, time.</summary>
internal sealed class ResultsWitness(ClinicDb db) : ILedgerWitness
{
    public async Task<IReadOnlyList<string>> ContradictionsAsync(
        Guid examId,
        IReadOnlyList<LedgerEntry> ledger,
        CancellationToken ct
    )
    {
        var faults = new List<string>();
        void Compare(
            string what,
            IEnumerable<string> kept,
            Func<LedgerEntry, Func<string, string>, string> recorded,
            params string[] steps
        )
        {
            var due = ledger
                .Where(e => e.Taken && steps.Contains(e.Step, StringComparer.Ordinal))
                // What went by another channel lies in another system's inbox.
                .Where(e => e.Step is not "D2" || e.Said("channel") is "portal")
                .Select(e => (Entry: e, Evidence: JsonNode.Parse(e.Evidence)!))
                .Select(e => recorded(e.Entry, key => e.Evidence[key]?.ToString() ?? ""))
                .Order(StringComparer.Ordinal);
            if (!due.SequenceEqual(kept.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            {
                faults.Add($"Exam {examId}: {what} differs from its ledger.");
            }
        }
        Compare(
            "a signed report",
            (await OfAsync<ReportVersion>(v => v.ExamId == examId, ct)).Select(v =>
                FieldHash.Of(
                    v.Sections.Hash(),
                    v.Hash,
                    Text(v.Version),
                    v.AlertCategory,
                    v.SignedById,
                    v.SignedByName,
                    v.Credential,
                    FieldHash.Text(v.SignedAt)
                )
            ),
            (e, evidence) =>
                FieldHash.Of(
                    evidence("reportHash"),
                    evidence("reportHash"),
                    evidence("version"),
                    evidence("alertCategory"),
                    e.ActorId,
                    e.ActorName,
                    e.Credential,
                    FieldHash.Text(e.At)
                ),
            "R6",
            "R9"
        );
        Compare(
            "a delivered copy",
            (await OfAsync<InboxItem>(i => i.ExamId == examId, ct)).Select(i =>
                FieldHash.Of(i.ReportHash, Text(i.ReportVersion), i.DoctorId, FieldHash.Text(i.ArrivedAt))
            ),
            (e, evidence) =>
                FieldHash.Of(
                    evidence("bytesHash"),
                    evidence("reportVersion"),
                    evidence("recipientId"),
                    FieldHash.Text(e.At)
                ),
            "D2"
        );
        Compare(
            "a review",
            (await OfAsync<Review>(r => r.ExamId == examId, ct)).Select(r =>
                FieldHash.Of(
                    Review.HashOf(r.Assessment, r.Plan, r.RecommendationAnswers),
                    r.Hash,
                    r.DoctorId,
                    FieldHash.Text(r.At)
                )
            ),
            (e, evidence) => Own(e, evidence("reviewHash")),
            "U9"
        );
        Compare(
            "a discussion",
            (await OfAsync<Discussion>(d => d.ExamId == examId, ct)).Select(d =>
                FieldHash.Of(
                    Discussion.HashOf(d.How, d.WhoWasPresent, d.Interpreter, d.Notes),
                    d.Hash,
                    d.DoctorId,
                    FieldHash.Text(d.At)
                )
            ),
            (e, evidence) => Own(e, evidence("discussionHash")),
            "U10"
        );
        Compare(
            "a patient's note",
            (await OfAsync<PatientNote>(n => n.ExamId == examId, ct)).Select(n =>
                FieldHash.Of(
                    PatientNote.HashOf(n.Text),
                    n.Hash,
                    n.DoctorId,
                    n.DoctorName,
                    Text(n.ReportVersion),
                    FieldHash.Text(n.At)
                )
            ),
            (e, evidence) =>
                FieldHash.Of(
                    evidence("noteHash"),
                    evidence("noteHash"),
                    e.ActorId,
                    e.ActorName,
                    evidence("reportVersion"),
                    FieldHash.Text(e.At)
                ),
            "L2"
        );
        var preliminary = await db.Set<PreliminaryReport>()
            .AsNoTracking()
            .Where(p => p.ExamId == examId)
            .ToListAsync(ct);
        Compare(
            "a preliminary report",
            preliminary.Select(p => FieldHash.Of(p.Sections.Hash(), p.Hash, p.AuthorId, FieldHash.Text(p.At))),
            (e, evidence) => Own(e, evidence("reportHash")),
            "R5"
        );
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

    // What a doctor wrote: its hash, the hash that the row says, who, when.
    private static string Own(LedgerEntry e, string hash) => FieldHash.Of(hash, hash, e.ActorId, FieldHash.Text(e.At));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<List<T>> OfAsync<T>(Expression<Func<T, bool>> ofExam, CancellationToken ct)
        where T : class => db.Set<T>().AsNoTracking().Where(ofExam).ToListAsync(ct);
}
