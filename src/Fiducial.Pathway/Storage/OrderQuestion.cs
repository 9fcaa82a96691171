using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Storage;

/// <summary>What was asked back about a referral (O3), and what the doctor answered (O4). Of class C1, but for what is logistics.</summary>
/// <param name="Item">One of <see cref="Items"/>.</param>
/// <param name="Answer">Empty as long as there is none.</param>
public sealed record OrderQuestion(string Item, string Question, string AskedBy, DateTimeOffset At, string Answer)
{
    public static IReadOnlyList<string> Items => OrderGuards.Items;

    /// <summary>Who, when and where: what the front desk may ask, and read.</summary>
    public static IReadOnlyList<string> Logistics => OrderGuards.Logistics;

    /// <summary>The item in words, as they stand after "about the".</summary>
    public static string Say(string item) =>
        item switch
        {
            "contact" => "contact details",
            "slot" => "time of the appointment",
            "laterality" => "side",
            "safety" => "safety questions",
            "exam" => "choice of exam",
            _ => item,
        };

    public bool IsLogistics => Logistics.Contains(Item, StringComparer.Ordinal);

    /// <summary>The last question about this order; null when nothing was asked.</summary>
    public static async Task<OrderQuestion?> LastAsync(ClinicDb db, Guid examId, CancellationToken ct = default)
    {
        var steps = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == examId && e.Taken && (e.Step == "O3" || e.Step == "O4"))
            .OrderBy(e => e.Sequence)
            .ToListAsync(ct);
        return steps.FindLast(e => e.Step is "O3") is { } asked
            ? new OrderQuestion(
                asked.Said("item"),
                asked.Said("question"),
                asked.ActorName,
                asked.At,
                steps.Find(e => e.Step is "O4" && e.Sequence > asked.Sequence)?.Said("answer") ?? ""
            )
            : null;
    }
}
