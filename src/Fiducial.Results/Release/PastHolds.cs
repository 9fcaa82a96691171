using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Words;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Release;

/// <summary>A time in which a doctor held the result back, with the reason that they wrote.</summary>
public sealed record PastHold(string DoctorName, DateTimeOffset From, DateTimeOffset Until, string Reason);

/// <summary>
/// Holds as the patient reads them (pathway 3.1): nothing while one runs, and each with its reason once the result is released, the
/// hold has expired, or the patient has asked formally.
/// </summary>
public static class PastHolds
{
    private static readonly string[] Steps = ["L3", "L4", "L5", "L6", "L7", "L15"];

    public static async Task<IReadOnlyList<PastHold>> OfAsync(ClinicDb db, ExamRecord exam, CancellationToken ct)
    {
        var ledger = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == exam.Id && e.Taken && Steps.Contains(e.Step))
            .OrderBy(e => e.Sequence)
            .ToListAsync(ct);
        var words = await db.Set<StepWords>()
            .AsNoTracking()
            .Where(w => w.ExamId == exam.Id && w.Step == "L4")
            .ToDictionaryAsync(w => w.Sequence, w => (string?)JsonNode.Parse(w.Words)!["reason"] ?? "", ct);
        var holds = new List<PastHold>();
        foreach (var hold in ledger.Where(e => e.Step is "L4"))
        {
            var end = ledger.Find(e => e.Sequence > hold.Sequence && e.Step is "L3" or "L5" or "L6" or "L7");
            var asked = ledger.Exists(e => e.Sequence > hold.Sequence && e.Step is "L7" or "L15");
            if (exam.Release is "released" or "viewed" || end?.Step is "L5" || asked)
            {
                var until =
                    end?.At
                    ?? DateTimeOffset.Parse(
                        hold.Said("expires"),
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal
                    );
                holds.Add(new PastHold(hold.ActorName, hold.At, until, words.GetValueOrDefault(hold.Sequence, "")));
            }
        }
        return holds;
    }
}
