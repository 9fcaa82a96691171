using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.PatientPortal;

/// <summary>
/// When the first report reached a doctor, and whom: what the patient is told until the release, in every case alike. That a report was
/// sent again, or that the duty went to somebody else, would say something of the result (pathway 6.2, C4).
/// </summary>
public sealed record FirstReport(DateTimeOffset At, string To)
{
    public static async Task<FirstReport?> OfAsync(ClinicDb db, ExamRecord exam, CancellationToken ct)
    {
        if (exam.DeliveredAt is null)
        {
            return null;
        }
        var first = await FirstAsync(db, exam.Id, "D3", ct);
        var holder = await FirstAsync(db, exam.Id, "U1", ct);
        return first is null
            ? null
            : new FirstReport(
                first.At,
                holder is null ? "" : (string?)JsonNode.Parse(holder.Evidence)?["holderName"] ?? ""
            );
    }

    private static Task<LedgerEntry?> FirstAsync(ClinicDb db, Guid exam, string step, CancellationToken ct) =>
        db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == exam && e.Taken && e.Step == step)
            .OrderBy(e => e.Sequence)
            .FirstOrDefaultAsync(ct);
}
