using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Duty;

/// <summary>
/// By when the holder's next act is due: the timers of the transitions U1 (three business days, then it escalates), U2 (plan within five)
/// and U9 (discussion within ten), each to 17:00 of the site's clock.
/// </summary>
public static class DutyClock
{
    public static DateTimeOffset? Due(string duty, DateTimeOffset since, BusinessCalendar calendar) =>
        Days(duty) is { } days
            ? calendar.At(
                calendar.AddBusinessDays(calendar.OnOrAfter(calendar.LocalDate(since)), days),
                new TimeOnly(17, 0)
            )
            : null;

    /// <summary>The due date of each exam that has one.</summary>
    public static async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> DueAsync(
        ClinicDb db,
        IReadOnlyList<ExamRecord> exams,
        BusinessCalendar calendar,
        CancellationToken ct = default
    )
    {
        var ids = exams.Select(e => e.Id).ToList();
        var moves = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(l => ids.Contains(l.ExamId) && l.Region == "Duty" && l.Taken)
            .Select(l => new { l.ExamId, l.At })
            .ToListAsync(ct);
        var since = moves.GroupBy(m => m.ExamId).ToDictionary(g => g.Key, g => g.Max(m => m.At));
        return exams
            .Where(e => since.ContainsKey(e.Id))
            .Select(e => (e.Id, Due: Due(e.Duty, since[e.Id], calendar)))
            .Where(e => e.Due is not null)
            .ToDictionary(e => e.Id, e => e.Due!.Value);
    }

    private static int? Days(string duty) =>
        duty switch
        {
            "owed" or "escalated" => 3,
            "acknowledged" => 5,
            "reviewed" => 10,
            _ => null,
        };
}
