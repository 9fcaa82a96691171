using System.Globalization;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.People;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Proxies;

/// <summary>The kinds of <see cref="PersonNotice"/> about proxies.</summary>
public static class ProxyNotice
{
    /// <summary>To the proxy and to the patient.</summary>
    public const string Ended = "proxy ended";
}

/// <summary>
/// Writes down that a proxy has ended after its last day, and tells whom it concerns. Whether it still holds is asked at each door and each
/// step by the day itself; nothing waits for this.
/// </summary>
[Access(DataClass.C0, Verb.Read, Role.SYS)]
internal sealed class EndProxies(ClinicDb db, KeepProxies proxies, BusinessCalendar calendar, TimeProvider clock)
    : IOutboxHandler
{
    private const string Name = "proxy-ends";

    public string Topic => Name;

    /// <summary>The patient's number can hold a space: the entry stands first.</summary>
    internal static OutboxMessage Message(Proxy proxy, BusinessCalendar calendar) =>
        new()
        {
            Topic = Name,
            Body = string.Create(CultureInfo.InvariantCulture, $"{proxy.Entry} {proxy.PatientId}"),
            DueAt = calendar.At(proxy.Until!.Value.AddDays(1), TimeOnly.MinValue),
        };

    public async Task HandleAsync(string body, CancellationToken ct)
    {
        var space = body.IndexOf(' ', StringComparison.Ordinal);
        var (entry, patientId) = (int.Parse(body.AsSpan(0, space), CultureInfo.InvariantCulture), body[(space + 1)..]);
        var proxy = await db.Set<Proxy>()
            .AsNoTracking()
            .FirstOrDefaultAsync(p => p.PatientId == patientId && p.Entry == entry && p.EndedAt == null, ct);
        if (proxy?.Until is not { } until || until >= calendar.LocalDate(clock.GetUtcNow()))
        {
            return;
        }
        var reason = proxy.Basis is ProxyBasis.Parent ? "the patient is of age" : "its last day is past";
        if (await proxies.EndAsync(patientId, entry, reason, Actor.System, ct) is { } fault)
        {
            throw new InvalidOperationException($"A proxy could not be ended: {fault}");
        }
        var patient = await db.Set<PatientRecord>().AsNoTracking().FirstAsync(p => p.PatientId == patientId, ct);
        foreach (var person in (string[])[proxy.PersonId, patient.PersonId])
        {
            if (
                person.Length > 0
                && !await db.Set<PersonNotice>()
                    .AnyAsync(n => n.Kind == ProxyNotice.Ended && n.About == proxy.Id && n.PersonId == person, ct)
            )
            {
                db.Add(
                    new PersonNotice
                    {
                        PersonId = person,
                        Role = "",
                        Kind = ProxyNotice.Ended,
                        About = proxy.Id,
                        Concerns = patientId,
                        At = clock.GetUtcNow(),
                    }
                );
            }
        }
        await db.SaveChangesAsync(ct);
    }
}
