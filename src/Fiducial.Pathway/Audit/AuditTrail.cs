using System.Collections.Concurrent;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway.Audit;

/// <summary>
/// Writes the audit chain. What is read waits until the row is durable: a look that cannot be recorded is not given. Rows that come
/// together share one transaction.
/// </summary>
public sealed class AuditTrail(IServiceScopeFactory scopes, TimeProvider clock) : IDisposable
{
    /// <summary>Name of the lock that keeps two servers from writing the same place of the chain.</summary>
    private const long ChainLock = 0x4155444954;

    /// <summary>Pictures of one study come as hundreds of requests: one look at it is one row in this time.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromMinutes(5);

    private readonly ConcurrentQueue<(AuditEvent Event, TaskCompletionSource Done)> _waiting = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<(string, string, string), DateTimeOffset> _looks = new();

    /// <summary>Returns when the row is durable.</summary>
    public async Task WriteAsync(AuditEvent happened)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((happened, done));
        await _writing.WaitAsync();
        try
        {
            if (!done.Task.IsCompleted)
            {
                await WriteWaitingAsync();
            }
        }
        finally
        {
            _writing.Release();
        }
        await done.Task;
    }

    /// <summary>The same, once in five minutes for one actor, one object and one outcome.</summary>
    /// <param name="thing">What is looked at, such as a Study Instance UID.</param>
    public async Task WriteLookAsync(AuditEvent happened, string thing)
    {
        var now = clock.GetUtcNow();
        var key = (happened.Actor.Id, thing, $"{happened.Action} {happened.Allowed}");
        if (_looks.TryGetValue(key, out var last) && now - last < OneLook && now >= last)
        {
            return;
        }
        await WriteAsync(happened);
        _looks[key] = now;
        if (_looks.Count > 10_000)
        {
            foreach (var old in _looks.Where(l => now - l.Value >= OneLook))
            {
                _looks.TryRemove(old);
            }
        }
    }

    public void Dispose() => _writing.Dispose();

    private async Task WriteWaitingAsync()
    {
        var batch = new List<(AuditEvent Event, TaskCompletionSource Done)>();
        while (batch.Count < 200 && _waiting.TryDequeue(out var one))
        {
            batch.Add(one);
        }
        try
        {
            await CommitAsync(batch.ConvertAll(b => b.Event));
            batch.ForEach(b => b.Done.TrySetResult());
        }
        catch (Exception e)
        {
            batch.ForEach(b => b.Done.TrySetException(e));
        }
    }

    private async Task CommitAsync(List<AuditEvent> events)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await HoldChainAsync(db);
        var last = await db.Set<AuditEntry>().AsNoTracking().OrderByDescending(e => e.Sequence).FirstOrDefaultAsync();
        var at = clock.GetUtcNow();
        at = at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMicrosecond));
        foreach (var e in events)
        {
            var entry = new AuditEntry
            {
                Sequence = (last?.Sequence ?? 0) + 1,
                At = at,
                ActorId = e.Actor.Id,
                ActorName = e.Actor.Name,
                Role = e.Actor.Role.ToString(),
                Action = e.Action,
                Data = e.Data,
                Allowed = e.Allowed,
                ExamId = e.ExamId,
                PatientId = e.PatientId,
                What = e.What,
                Purpose = e.Purpose,
                From = e.From,
                OnBehalfOf = e.OnBehalfOf,
                PreviousHash = last?.Hash ?? HashChain.Start,
                Hash = "",
            };
            last = entry with { Hash = AuditEntry.HashOf(entry) };
            db.Add(last);
        }
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    /// <summary>Within a transaction: nobody else writes the chain until it ends.</summary>
    internal static Task HoldChainAsync(ClinicDb db) =>
        db.IsPostgres ? db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({ChainLock})") : Task.CompletedTask;
}
