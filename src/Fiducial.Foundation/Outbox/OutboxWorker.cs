using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.Foundation.Outbox;

/// <summary>Wakes the worker when a transaction that wrote a message has been committed; without it the worker looks every second.</summary>
public sealed class OutboxSignal
{
    private readonly SemaphoreSlim _signal = new(0);

    public void Raise()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release();
        }
    }

    public Task<bool> WaitAsync(TimeSpan longest, CancellationToken ct) => _signal.WaitAsync(longest, ct);
}

/// <summary>
/// Works the outbox: claims a message with a lease, hands it to its handler, marks it done; a failure is tried again with
/// growing pauses, for as long as it takes, and stays visible with its last error.
/// </summary>
public sealed partial class OutboxWorker(
    IServiceScopeFactory scopes,
    OutboxSignal signal,
    TimeProvider clock,
    ILogger<OutboxWorker> log
) : BackgroundService
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await WorkOneAsync(stoppingToken).ConfigureAwait(false)) { }
                await signal.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(false);
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

    /// <summary>Works one due message. Returns false when none is due.</summary>
    public async Task<bool> WorkOneAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var now = clock.GetUtcNow();
        var due = await db.Set<OutboxMessage>()
            .Where(m => m.DoneAt == null && m.DueAt <= now && (m.LeasedUntil == null || m.LeasedUntil < now))
            .OrderBy(m => m.DueAt)
            .ThenBy(m => m.Id)
            .FirstOrDefaultAsync(ct);
        if (due is null)
        {
            return false;
        }
        var until = now + Lease;
        var claimed = await db.Set<OutboxMessage>()
            .Where(m => m.Id == due.Id && m.DoneAt == null && (m.LeasedUntil == null || m.LeasedUntil < now))
            .ExecuteUpdateAsync(
                s => s.SetProperty(m => m.LeasedUntil, until).SetProperty(m => m.Attempts, m => m.Attempts + 1),
                ct
            );
        if (claimed == 0)
        {
            return true; // another node was quicker
        }
        await HandleAsync(due, ct);
        return true;
    }

    private async Task HandleAsync(OutboxMessage message, CancellationToken ct)
    {
        try
        {
            await using (var work = scopes.CreateAsyncScope())
            {
                foreach (
                    var handler in work
                        .ServiceProvider.GetServices<IOutboxHandler>()
                        .Where(h => string.Equals(h.Topic, message.Topic, StringComparison.Ordinal))
                )
                {
                    await handler.HandleAsync(message.Body, ct);
                }
            }
            await FinishAsync(message.Id, clock.GetUtcNow(), ct);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            LogFailed(e, message.Topic, message.Id);
            var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(message.Attempts, 10)));
            await PostponeAsync(message.Id, clock.GetUtcNow() + (pause < LongestPause ? pause : LongestPause), e, ct);
        }
    }

    private async Task FinishAsync(long id, DateTimeOffset at, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        await db.Set<OutboxMessage>()
            .Where(m => m.Id == id)
            .ExecuteUpdateAsync(
                s => s.SetProperty(m => m.DoneAt, at).SetProperty(m => m.LeasedUntil, (DateTimeOffset?)null),
                ct
            );
    }

    private async Task PostponeAsync(long id, DateTimeOffset due, Exception error, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        // The type alone: a message's text may carry content that the log's reader may not see.
        var reason = error.GetType().Name;
        await db.Set<OutboxMessage>()
            .Where(m => m.Id == id)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(m => m.DueAt, due)
                        .SetProperty(m => m.LastError, reason)
                        .SetProperty(m => m.LeasedUntil, (DateTimeOffset?)null),
                ct
            );
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox could not be read; trying again in a second.")]
    private partial void LogUnreachable(Exception e);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Work of topic {topic} (message {id}) failed and will be tried again."
    )]
    private partial void LogFailed(Exception e, string topic, long id);
}
