using System.Collections.Concurrent;
using System.Data.Common;
using Fiducial.Archive.Files;

namespace Fiducial.Archive.Index;

/// <summary>
/// Commits arrivals in groups: whoever finds the writer free commits all that wait, up to 50 at once; the others wait for
/// that commit. A lone sender waits for nobody, and many senders share one flush to the disk.
/// </summary>
internal sealed class IndexWriter : IDisposable
{
    private const int LargestGroup = 50;

    private readonly ArchiveIndex _index;
    private readonly ArchiveFolder _folder;
    private readonly CommitSignal _signal;
    private readonly ConcurrentQueue<Waiting> _queue = new();
    private IndexStatements? _statements;
    private int _isBusy;
    private bool _isClosed;
    private bool _isCommitting;

    public IndexWriter(ArchiveIndex index, ArchiveFolder folder, CommitSignal signal)
    {
        (_index, _folder, _signal) = (index, folder, signal);
        _statements = new IndexStatements(index.OpenWriter(), index.Dialect);
    }

    /// <summary>Completes when the arrival is committed and on the disk.</summary>
    /// <exception cref="IndexUnavailableException">The index cannot be written.</exception>
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
        lock (_index.Writing)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            try
            {
                Statements().Verified(studyInstanceUid, at.UtcTicks);
            }
            catch
            {
                Forget();
                throw;
            }
        }
    }

    /// <summary>Writes what stands beside the images, in a transaction of its own that is on the disk when this returns.</summary>
    /// <exception cref="IndexUnavailableException">The index cannot be written.</exception>
    public T Write<T>(Func<DbConnection, T> write)
    {
        lock (_index.Writing)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            try
            {
                var connection = _index.OpenWriter();
                var statements = Statements();
                statements.Begin();
                var written = write(connection);
                statements.Commit();
                // Rows that are remembered may have been taken away.
                statements.Forget();
                return written;
            }
            catch (DbException e)
            {
                Forget();
                throw new IndexUnavailableException(e, isRolledBack: false);
            }
            catch
            {
                Forget();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_index.Writing)
        {
            _isClosed = true;
            _statements?.Dispose();
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
            lock (_index.Writing)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                try
                {
                    Commit(group);
                }
                catch (DbException e)
                {
                    Forget();
                    throw new IndexUnavailableException(e, isRolledBack: !_isCommitting);
                }
                catch
                {
                    Forget();
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
        _isCommitting = false;
        var statements = Statements();
        statements.Begin();
        foreach (var waiting in group)
        {
            (waiting.Outcome, var position) = statements.Add(waiting.Arrival);
            newest = Math.Max(newest, position);
        }
        _isCommitting = true;
        statements.Commit();
        if (newest > 0)
        {
            _signal.Committed(newest);
        }
        group.ForEach(w => w.Done.TrySetResult(w.Outcome));
    }

    // Prepared once for each connection: a database that was away is met again on a new one.
    private IndexStatements Statements()
    {
        var connection = _index.OpenWriter();
        if (_statements?.AreOf(connection) != true)
        {
            _statements?.Dispose();
            _statements = new IndexStatements(connection, _index.Dialect);
        }
        return _statements;
    }

    private void Forget()
    {
        _statements?.Forget();
        _index.ForgetWriter();
    }

    private sealed class Waiting(Arrival arrival)
    {
        public Arrival Arrival => arrival;
        public Outcome Outcome { get; set; }
        public TaskCompletionSource<Outcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
