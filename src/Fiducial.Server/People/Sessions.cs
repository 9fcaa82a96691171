using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.People;

/// <summary>A session of one person in one role at one browser. The browser's cookie names it; whether it lasts is decided here.</summary>
internal sealed class SessionRecord
{
    public required Guid Id { get; init; }

    /// <summary>Identity's id of the person.</summary>
    public required string PersonId { get; init; }

    /// <summary>The person's security stamp when it began: a password that was changed since ends it.</summary>
    public required string Stamp { get; init; }

    /// <summary>How long it lasts without a sign of life.</summary>
    public required int IdleSeconds { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }
    public required DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Begins, continues and ends sessions: after too long a rest, at the end of a working day, when the person changes or is disabled.</summary>
internal sealed class Sessions(ClinicDb db, ClinicOptions clinic, TimeProvider clock)
{
    public const string IdClaim = "fiducial:session";

    /// <summary>Seconds without a sign of life after which the session ends: for the page, which warns before.</summary>
    public const string IdleClaim = "fiducial:idle";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public async Task<SessionRecord> BeginAsync(Person person, string role)
    {
        var now = clock.GetUtcNow();
        var forgotten = now - Kept;
        await db.Set<SessionRecord>().Where(s => s.LastSeenAt < forgotten).ExecuteDeleteAsync();
        var session = new SessionRecord
        {
            Id = Guid.NewGuid(),
            PersonId = person.Id,
            Stamp = person.SecurityStamp!,
            IdleSeconds = (int)clinic.SessionLimits.Idle(role).TotalSeconds,
            StartedAt = now,
            LastSeenAt = now,
            EndedAt = null,
        };
        db.Add(session);
        await db.SaveChangesAsync();
        return session;
    }

    /// <summary>Whether the session goes on; a sign of life of the person lets it go on for longer.</summary>
    public async Task<bool> GoesOnAsync(Guid id, bool isSignOfLife, CancellationToken ct)
    {
        var found = await (
            from s in db.Set<SessionRecord>()
            join p in db.Set<Person>() on s.PersonId equals p.Id
            where s.Id == id && s.EndedAt == null && s.Stamp == p.SecurityStamp
            select new
            {
                s.StartedAt,
                s.LastSeenAt,
                s.IdleSeconds,
                p.LockoutEnd,
            }
        ).FirstOrDefaultAsync(ct);
        var now = clock.GetUtcNow();
        if (
            found is null
            || found.LockoutEnd == DateTimeOffset.MaxValue
            || now - found.LastSeenAt > TimeSpan.FromSeconds(found.IdleSeconds)
            || now - found.StartedAt > clinic.SessionLimits.Longest
        )
        {
            return false;
        }
        // Not at each request: a tenth of the limit is exact enough.
        if (isSignOfLife && now - found.LastSeenAt > TimeSpan.FromSeconds(Math.Min(10, found.IdleSeconds / 10.0)))
        {
            await db.Set<SessionRecord>()
                .Where(s => s.Id == id)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, now), ct);
        }
        return true;
    }

    /// <summary>The person of a session that goes on; null when it has ended.</summary>
    public async Task<Person?> WhoseAsync(Guid id, CancellationToken ct) =>
        await GoesOnAsync(id, isSignOfLife: true, ct)
            ? await (
                from s in db.Set<SessionRecord>()
                join p in db.Set<Person>() on s.PersonId equals p.Id
                where s.Id == id
                select p
            ).FirstAsync(ct)
            : null;

    /// <summary>Whoever has a copy of the cookie is out, too.</summary>
    public Task EndAsync(Guid id)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        return db.Set<SessionRecord>()
            .Where(s => s.Id == id && s.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, now));
    }

    public static Guid? IdOf(System.Security.Claims.ClaimsPrincipal? principal) =>
        Guid.TryParse(principal?.FindFirst(IdClaim)?.Value, out var id) ? id : null;
}
