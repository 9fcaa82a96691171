using Fiducial.Foundation.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Fiducial.Server.People;

/// <summary>
/// Counts attempts to show a password or a code, and locks the account for a while after too many. Each attempt is counted in the
/// database before it is looked at: a thousand that come at once are no more than ten.
/// </summary>
internal sealed class LockOut(ClinicDb db, IOptions<IdentityOptions> options, TimeProvider clock)
{
    /// <summary>Somebody who may not come in until an administrator says otherwise.</summary>
    public static bool IsDisabled(Person person) => person.LockoutEnd == DateTimeOffset.MaxValue;

    /// <summary>Counts an attempt that is about to be made; false when the account is locked, and the attempt must not be looked at.</summary>
    public async Task<bool> BeginAsync(Person person, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        var most = options.Value.Lockout.MaxFailedAccessAttempts;
        DateTimeOffset? until = now + options.Value.Lockout.DefaultLockoutTimeSpan;
        var counted = await Row(person)
            .Where(p => p.LockoutEnd == null || p.LockoutEnd <= now)
            .ExecuteUpdateAsync(
                p =>
                    p.SetProperty(x => x.LockoutEnd, x => x.AccessFailedCount + 1 >= most ? until : null)
                        .SetProperty(
                            x => x.AccessFailedCount,
                            x => x.AccessFailedCount + 1 >= most ? 0 : x.AccessFailedCount + 1
                        ),
                ct
            );
        await ReloadAsync(person, ct);
        return counted == 1;
    }

    /// <summary>The attempt was right: nothing is held against this person any more.</summary>
    public async Task ForgetAsync(Person person, CancellationToken ct = default)
    {
        await NotShutOut(person)
            .ExecuteUpdateAsync(
                p => p.SetProperty(x => x.AccessFailedCount, 0).SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null),
                ct
            );
        await ReloadAsync(person, ct);
    }

    /// <summary>The attempt was right, and another is to follow: it alone is taken back, so that the next one cannot be guessed for ever.</summary>
    public async Task TakeBackAsync(Person person, CancellationToken ct = default)
    {
        var most = options.Value.Lockout.MaxFailedAccessAttempts;
        await NotShutOut(person)
            .ExecuteUpdateAsync(
                p =>
                    p.SetProperty(
                            x => x.AccessFailedCount,
                            x =>
                                x.LockoutEnd != null ? most - 1
                                : x.AccessFailedCount > 0 ? x.AccessFailedCount - 1
                                : 0
                        )
                        .SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null),
                ct
            );
        await ReloadAsync(person, ct);
    }

    // An administrator may have shut the person out in the meantime: that stays.
    private IQueryable<Person> NotShutOut(Person person) =>
        Row(person).Where(p => p.LockoutEnd == null || p.LockoutEnd < DateTimeOffset.MaxValue);

    private IQueryable<Person> Row(Person person) => db.Set<Person>().Where(p => p.Id == person.Id);

    // ASP.NET Core Identity writes the whole row of a person that it changes: it must not bring the old count back.
    private Task ReloadAsync(Person person, CancellationToken ct) => db.Entry(person).ReloadAsync(ct);
}
