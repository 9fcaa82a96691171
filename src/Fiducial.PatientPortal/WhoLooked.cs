using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.PatientPortal;

/// <summary>One look at the patient's data as the patient reads it: a role, a reason, a time; of staff nothing more.</summary>
/// <param name="At">The instant of a look at a released exam; the first one of that role before.</param>
/// <param name="IsWholeDay">Before the release the day alone is told.</param>
public sealed record Look(string What, string Who, string Why, DateTimeOffset At, bool IsWholeDay, bool WasLetIn);

/// <summary>
/// Who looked and why, from the audit chain. After the release each look (permission matrix, PAT, AUD: R); before it the roles that looked at
/// pictures, order and bookings, each once and by the day of its first look (Rc): that a doctor came back to the pictures, or opened the
/// report, would tell of the result (C4), and the page says that this is left out. Broken glass is always told.
/// </summary>
public static class WhoLooked
{
    /// <summary>What may be told before the release.</summary>
    private static readonly string[] Logistics = ["C0", "C1", "C2p", "C2f", "C2x"];

    public static async Task<IReadOnlyList<Look>> AtAsync(ClinicDb db, ExamRecord exam, CancellationToken ct)
    {
        var id = (Guid?)exam.Id;
        var rows = await db.Set<AuditEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == id && e.PatientId == exam.PatientId)
            .OrderByDescending(e => e.Sequence)
            .ToListAsync(ct);
        var what = Wording.What(exam);
        Look Told(AuditEntry e, bool wholeDay) => new(what, Who(e.Role), Why(e), e.At, wholeDay, e.Allowed);
        var reviews = (
            await db.Set<LedgerEntry>()
                .AsNoTracking()
                .Where(e => e.ExamId == exam.Id && e.Step == "B8" && e.Taken)
                .OrderByDescending(e => e.Sequence)
                .ToListAsync(ct)
        ).Select(e => new Look(
            what,
            Who(e.Role),
            $"reviewed an emergency access: {e.Said("outcome")}",
            e.At,
            false,
            true
        ));
        if (exam.Phase is Phase.L)
        {
            return [.. reviews, .. rows.Select(e => Told(e, wholeDay: false))];
        }
        return
        [
            .. reviews,
            .. rows.Where(e => e.Purpose is "ETREAT").Select(e => Told(e, wholeDay: false)),
            .. rows.Where(e =>
                    e is { Allowed: true } and not { Purpose: "ETREAT" }
                    && Logistics.Contains(e.Data, StringComparer.Ordinal)
                )
                .GroupBy(e => Who(e.Role), StringComparer.Ordinal)
                .Select(g => Told(g.Last(), wholeDay: true)),
        ];
    }

    private static string Who(string role) =>
        role switch
        {
            "CLK" or "CRD" => "Our front desk",
            "TECH" => "A technologist",
            "RAD" or "RES" or "MDR" => "A doctor of this clinic",
            "REF" or "COV" or "CCD" => "Your doctor, or a doctor who stands in",
            "DEL" => "The team of your doctor",
            "PRV" => "The privacy officer",
            "PAT" => "You",
            "PRX" or "APP" => "Someone who acts for you",
            _ => "A system that belongs to your care",
        };

    private static string Why(AuditEntry e) =>
        (e.Purpose, e.Role) switch
        {
            ("ETREAT", _) => "in an emergency",
            (_, "PAT") => "to see your own exam",
            (_, "PRX" or "APP") => "to see your exam for you",
            (_, "CLK" or "CRD") => "to book your exam and receive you",
            (_, "TECH") => "to take your pictures",
            (_, "RAD" or "RES" or "MDR") => "to read your pictures",
            (_, "PRV") => "to check that the rules are kept",
            _ => "to look after you",
        };
}
