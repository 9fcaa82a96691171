namespace Fiducial.Dicom.Network;

/// <summary>
/// A thread of its own for one association. Whatever is awaited on it goes on there again, so that blocking receives never hold a thread
/// of the pool, and a message that needs no waiting is served without a change of threads.
/// </summary>
internal sealed class AssociationThread : SynchronizationContext
{
    private const int StackLength = 512 * 1024;

    private readonly Queue<(SendOrPostCallback Work, object? State)> _work = new();
    private bool _isEnding;

    private AssociationThread() { }

    /// <summary>Completes when <paramref name="serve"/> has.</summary>
    public static Task RunAsync(Func<Task> serve)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                var self = new AssociationThread();
                SetSynchronizationContext(self);
                try
                {
                    self.Pump(serve());
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            StackLength
        )
        {
            IsBackground = true,
            Name = "DICOM association",
        };
        thread.Start();
        return done.Task;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_work)
        {
            if (!_isEnding)
            {
                _work.Enqueue((d, state));
                Monitor.Pulse(_work);
                return;
            }
        }
        // The association has ended; what was left behind ends elsewhere.
        ThreadPool.QueueUserWorkItem(_ => d(state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    private void Pump(Task serving)
    {
        _ = serving.ContinueWith(
            static (_, self) => ((AssociationThread)self!).End(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        while (Next(out var next))
        {
            next.Work(next.State);
        }
        serving.GetAwaiter().GetResult();
    }

    // Sleeps at once when there is nothing: most waits are for the disk, and who spins takes the processor from it.
    private bool Next(out (SendOrPostCallback Work, object? State) next)
    {
        lock (_work)
        {
            while (!_work.TryDequeue(out next))
            {
                if (_isEnding)
                {
                    return false;
                }
                Monitor.Wait(_work);
            }
            return true;
        }
    }

    private void End()
    {
        lock (_work)
        {
            _isEnding = true;
            Monitor.Pulse(_work);
        }
    }
}
