using System.Globalization;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.People;

/// <summary>Tells a person and the administrator that a credential runs out, unless another of its kind lasts longer. The message names a row.</summary>
[Access(DataClass.C0, Verb.Read, Role.SYS)]
internal sealed class WarnOfExpiry(ClinicDb db, BusinessCalendar calendar, TimeProvider clock) : IOutboxHandler
{
    internal const string Name = "credential-expires";

    public string Topic => Name;

    public async Task HandleAsync(string body, CancellationToken ct)
    {
        var (id, days) = body.Split(' ') switch
        {
            [var first, var second] => (
                long.Parse(first, CultureInfo.InvariantCulture),
                int.Parse(second, CultureInfo.InvariantCulture)
            ),
            _ => throw new FormatException("The message of an expiry is a credential and a number of days."),
        };
        var credential = await db.Set<Credential>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct);
        var today = calendar.LocalDate(clock.GetUtcNow());
        if (
            credential is null
            || !credential.HoldsOn(today)
            || await db.Set<Credential>()
                .AnyAsync(
                    c =>
                        c.PersonId == credential.PersonId
                        && c.Kind == credential.Kind
                        && c.EndedAt == null
                        && (c.Until == null || c.Until > credential.Until),
                    ct
                )
        )
        {
            return;
        }
        var kind = string.Create(CultureInfo.InvariantCulture, $"credential {days}");
        foreach (var (person, role) in ((string, string)[])[(credential.PersonId, ""), ("", nameof(Role.ADM))])
        {
            if (
                !await db.Set<PersonNotice>()
                    .AnyAsync(n => n.Kind == kind && n.About == id && n.PersonId == person && n.Role == role, ct)
            )
            {
                db.Add(
                    new PersonNotice
                    {
                        PersonId = person,
                        Role = role,
                        Kind = kind,
                        About = id,
                        Concerns = credential.PersonId,
                        At = clock.GetUtcNow(),
                    }
                );
            }
        }
        await db.SaveChangesAsync(ct);
    }
}
