using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.Pathway.Timers;

/// <summary>
/// Looks every second for timers that are due, in every server process. A process takes one with a lease; that it fires once is
/// held by the transaction in which it fires (<see cref="FireTimer"/>), whatever becomes of leases and processes.
/// </summary>
public sealed partial class TimerWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TimerWorker> log)
    : BackgroundService
{
    // As long as a timer waits when the process that took it is killed; to fire one takes a moment.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FireDueAsync(stoppingToken);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogUnreachable(e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken)
                    .ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Fires what is due now, the longest due first. Returns how many this process took.</summary>
    public async Task<int> FireDueAsync(CancellationToken ct = default)
    {
        var count = 0;
        while (await TakeOneAsync(ct) is { } timer)
        {
            count++;
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<FireTimer>().RunAsync(timer, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                LogFailed(e, timer.Name, timer.Id);
                await PostponeAsync(timer, e, ct);
            }
        }
        return count;
    }

    private async Task<StepTimer?> TakeOneAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var now = clock.GetUtcNow();
        var until = now + Lease;
        if (db.IsPostgres)
        {
            var taken = await db.Set<StepTimer>()
                .FromSql(
                    $"""
                    update timers set "LeasedUntil" = {until}, "Attempts" = "Attempts" + 1
                    where "Id" = (
                        select "Id" from timers
                        where "EndedAt" is null and "DueAt" <= {now} and ("LeasedUntil" is null or "LeasedUntil" < {now})
                        order by "DueAt", "Id" limit 1 for update skip locked)
                    returning *
                    """
                )
                .AsNoTracking()
                .ToListAsync(ct);
            return taken.FirstOrDefault();
        }
        while (true)
        {
            var due = await db.Set<StepTimer>()
                .AsNoTracking()
                .Where(t => t.EndedAt == null && t.DueAt <= now && (t.LeasedUntil == null || t.LeasedUntil < now))
                .OrderBy(t => t.DueAt)
                .ThenBy(t => t.Id)
                .FirstOrDefaultAsync(ct);
            if (due is null)
            {
                return null;
            }
            var taken = await db.Set<StepTimer>()
                .Where(t => t.Id == due.Id && t.EndedAt == null && (t.LeasedUntil == null || t.LeasedUntil < now))
                .ExecuteUpdateAsync(
                    s => s.SetProperty(t => t.LeasedUntil, until).SetProperty(t => t.Attempts, t => t.Attempts + 1),
                    ct
                );
            if (taken == 1)
            {
                due.Attempts++;
                return due;
            }
        }
    }

    private async Task PostponeAsync(StepTimer timer, Exception error, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(timer.Attempts, 12)));
        var until = clock.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
        // The type alone: a message's text may carry content that the log's reader may not see.
        var reason = error.GetType().Name;
        await db.Set<StepTimer>()
            .Where(t => t.Id == timer.Id && t.EndedAt == null)
            .ExecuteUpdateAsync(
                s => s.SetProperty(t => t.LeasedUntil, until).SetProperty(t => t.LastError, reason),
                ct
            );
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The timers could not be read; trying again in a second.")]
    private partial void LogUnreachable(Exception e);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The timer '{name}' ({id}) could not fire and will be tried again."
    )]
    private partial void LogFailed(Exception e, string name, long id);
}
