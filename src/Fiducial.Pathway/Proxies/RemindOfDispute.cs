using System.Globalization;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.People;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Proxies;

/// <summary>
/// A dispute about who acts for a patient has a deadline: the privacy officer is reminded after two business days, and with the medical
/// director after five. Nothing is ever released by it: what is shut stays shut until somebody has decided.
/// </summary>
[Access(DataClass.C0, Verb.Read, Role.SYS)]
internal sealed class RemindOfDispute(ClinicDb db, TimeProvider clock) : IOutboxHandler
{
    private const string Name = "custody-undecided";

    public string Topic => Name;

    /// <summary>The patient's number can hold a space: it stands last.</summary>
    internal static IEnumerable<OutboxMessage> Messages(ProxyEntry dispute, BusinessCalendar calendar) =>
        CustodyNotice.Days.Select(days => new OutboxMessage
        {
            Topic = Name,
            Body = string.Create(CultureInfo.InvariantCulture, $"{days} {dispute.Sequence} {dispute.PatientId}"),
            DueAt = calendar.CloseAfter(dispute.At, days),
        });

    public async Task HandleAsync(string body, CancellationToken ct)
    {
        var words = body.Split(' ', 3);
        var (days, sequence) = (
            int.Parse(words[0], CultureInfo.InvariantCulture),
            int.Parse(words[1], CultureInfo.InvariantCulture)
        );
        var patient = words[2];
        var chain = db.Set<ProxyEntry>().AsNoTracking().Where(e => e.PatientId == patient);
        if (
            await chain.AnyAsync(e => e.Sequence > sequence && e.Act == ProxyAct.Decided, ct)
            || !await db.Set<Proxy>().AnyAsync(p => p.PatientId == patient && p.Disputed, ct)
        )
        {
            return;
        }
        var about = await chain.Where(e => e.Sequence == sequence).Select(e => e.Id).FirstAsync(ct);
        var kind = CustodyNotice.Kind(days);
        foreach (var role in days < CustodyNotice.Limit ? (Role[])[Role.PRV] : [Role.PRV, Role.MDR])
        {
            var to = role.ToString();
            if (!await db.Set<PersonNotice>().AnyAsync(n => n.Kind == kind && n.About == about && n.Role == to, ct))
            {
                db.Add(
                    new PersonNotice
                    {
                        PersonId = "",
                        Role = to,
                        Kind = kind,
                        About = about,
                        Concerns = patient,
                        At = clock.GetUtcNow(),
                    }
                );
            }
        }
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>The kinds of <see cref="PersonNotice"/> about a dispute that nobody has decided.</summary>
public static class CustodyNotice
{
    /// <summary>Business days within which it is to be decided.</summary>
    public const int Limit = 5;

    internal static readonly IReadOnlyList<int> Days = [2, Limit];

    public static string Kind(int days) => string.Create(CultureInfo.InvariantCulture, $"custody undecided {days}");

    /// <summary>With what every kind begins.</summary>
    public const string Begin = "custody undecided ";
}
