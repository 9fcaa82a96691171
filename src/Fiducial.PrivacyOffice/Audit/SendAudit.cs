using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.PrivacyOffice.Audit;

/// <summary>
/// Sends the audit chain to a repository outside, row after row. How far it came stands in the database, so that what happened while the
/// repository or this house was down is sent afterwards; it stands apart from the outbox, whose work must not wait for a repository.
/// </summary>
internal sealed partial class SendAudit(
    IServiceScopeFactory scopes,
    AuditRepository repository,
    TimeProvider clock,
    ILogger<SendAudit> log
) : BackgroundService
{
    private const int AtOnce = 200;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromSeconds(1);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendSomeAsync(stoppingToken)) { }
                pause = TimeSpan.FromSeconds(1);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogDown(e.GetType().Name, repository.Destination);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            await Task.Delay(pause, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>Sends the next rows. Returns false when there are none, or another server sends.</summary>
    private async Task<bool> SendSomeAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        // Asked each second: a lease, which is a write, only when there is something to send.
        if (!await HasNewAsync(db, ct))
        {
            return false;
        }
        if (await TakeAsync(db, ct) is not { } feed)
        {
            return false;
        }
        var from = feed.Sequence;
        var rows = await db.Set<AuditEntry>()
            .AsNoTracking()
            .Where(e => e.Sequence > from)
            .OrderBy(e => e.Sequence)
            .Take(AtOnce)
            .ToListAsync(ct);
        var sent = from;
        try
        {
            if (rows.Count > 0)
            {
                await repository.SendAsync(rows.ConvertAll(r => AuditMessage.Syslog(r, Environment.MachineName)), ct);
                sent = rows[^1].Sequence;
            }
        }
        finally
        {
            await db.Set<AuditFeed>()
                .Where(f => f.Destination == repository.Destination && f.Sequence == from)
                .ExecuteUpdateAsync(
                    s => s.SetProperty(f => f.Sequence, sent).SetProperty(f => f.LeasedUntil, (DateTimeOffset?)null),
                    CancellationToken.None
                );
        }
        return rows.Count == AtOnce;
    }

    private async Task<bool> HasNewAsync(ClinicDb db, CancellationToken ct)
    {
        var sent = await db.Set<AuditFeed>()
            .Where(f => f.Destination == repository.Destination)
            .MaxAsync(f => (long?)f.Sequence, ct);
        return await db.Set<AuditEntry>().MaxAsync(e => (long?)e.Sequence, ct) > (sent ?? 0);
    }

    private async Task<AuditFeed?> TakeAsync(ClinicDb db, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var until = now + Lease;
        var feeds = db.Set<AuditFeed>().Where(f => f.Destination == repository.Destination);
        if (!await feeds.AnyAsync(ct))
        {
            db.Add(new AuditFeed { Destination = repository.Destination });
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateException)
            {
                return null; // another server was quicker
            }
        }
        var taken = await feeds
            .Where(f => f.LeasedUntil == null || f.LeasedUntil < now)
            .ExecuteUpdateAsync(s => s.SetProperty(f => f.LeasedUntil, until), ct);
        return taken == 1 ? await feeds.AsNoTracking().FirstAsync(ct) : null;
    }

    // The kind of the error alone: a message may carry what the log's reader may not see.
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The audit could not be sent to {destination} ({error}); it is kept and sent again."
    )]
    private partial void LogDown(string error, string destination);
}
