using System.Collections.Concurrent;
using Fiducial.Archive.Files;
using Microsoft.Data.Sqlite;

namespace Fiducial.Archive.Index;

/// <summary>
/// Commits arrivals in groups: whoever finds the writer free commits all that wait, up to 50 at once; the others wait for
/// that commit. A lone sender waits for nobody, and many senders share one flush to the disk.
/// </summary>
internal sealed class IndexWriter : IDisposable
{
    private const int LargestGroup = 50;

    private readonly ArchiveFolder _folder;
    private readonly CommitSignal _signal;
    private readonly IndexStatements _statements;
    private readonly ConcurrentQueue<Waiting> _queue = new();
    private readonly Lock _closing = new();
    private int _isBusy;
    private bool _isClosed;

    public IndexWriter(ArchiveIndex index, ArchiveFolder folder, CommitSignal signal)
    {
        (_folder, _signal) = (folder, signal);
        _statements = new IndexStatements(index.Writer);
    }

    /// <summary>Completes when the arrival is committed and on the disk.</summary>
    /// <exception cref="SqliteException">The index cannot be written; the arrival is not stored.</exception>
    public Task<Outcome> CommitAsync(Arrival arrival)
    {
        var waiting = new Waiting(arrival);
        _queue.Enqueue(waiting);
        if (Interlocked.CompareExchange(ref _isBusy, 1, 0) == 0)
        {
            CommitGroup();
            Release();
        }
        return waiting.Done.Task;
    }

    /// <summary>Remembers when a study was last verified.</summary>
    public void Verified(string studyInstanceUid, DateTimeOffset at)
    {
        lock (_closing)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _statements.Verified(studyInstanceUid, at.UtcTicks);
        }
    }

    public void Dispose()
    {
        lock (_closing)
        {
            _isClosed = true;
            _statements.Dispose();
        }
    }

    // What came in the meantime is committed by a thread of its own, so that no sender waits for all the others.
    private void Release()
    {
        Volatile.Write(ref _isBusy, 0);
        if (!_queue.IsEmpty && Interlocked.CompareExchange(ref _isBusy, 1, 0) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static writer =>
                {
                    writer.CommitGroup();
                    writer.Release();
                },
                this,
                preferLocal: false
            );
        }
    }

    private void CommitGroup()
    {
        var group = new List<Waiting>();
        while (group.Count < LargestGroup && _queue.TryDequeue(out var waiting))
        {
            group.Add(waiting);
        }
        if (group.Count == 0)
        {
            return;
        }
        try
        {
            lock (_closing)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                try
                {
                    Commit(group);
                }
                catch
                {
                    _statements.Rollback();
                    throw;
                }
            }
        }
        catch (Exception e)
        {
            group.ForEach(w => w.Done.TrySetException(e));
        }
    }

    private void Commit(List<Waiting> group)
    {
        // The names of the files must be as durable as their bytes, before the index speaks of them.
        foreach (var directory in group.Select(w => Path.GetDirectoryName(w.Arrival.File)!).Distinct())
        {
            _folder.FlushDirectory(directory);
        }
        var newest = 0L;
        _statements.Begin();
        foreach (var waiting in group)
        {
            (waiting.Outcome, var position) = _statements.Add(waiting.Arrival);
            newest = Math.Max(newest, position);
        }
        _statements.Commit();
        if (newest > 0)
        {
            _signal.Committed(newest);
        }
        group.ForEach(w => w.Done.TrySetResult(w.Outcome));
    }

    private sealed class Waiting(Arrival arrival)
    {
        public Arrival Arrival => arrival;
        public Outcome Outcome { get; set; }
        public TaskCompletionSource<Outcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
