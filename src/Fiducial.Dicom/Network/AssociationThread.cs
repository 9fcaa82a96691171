using System.Collections.Concurrent;

namespace Fiducial.Dicom.Network;

/// <summary>
/// A thread of its own for one association. Whatever is awaited on it goes on there again, so that blocking receives never hold a thread
/// of the pool, and a message that needs no waiting is served without a change of threads.
/// </summary>
internal sealed class AssociationThread : SynchronizationContext, IDisposable
{
    private const int StackLength = 512 * 1024;

    private readonly BlockingCollection<(SendOrPostCallback Work, object? State)> _work = [];

    private AssociationThread() { }

    /// <summary>Completes when <paramref name="serve"/> has.</summary>
    public static Task RunAsync(Func<Task> serve)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                using var self = new AssociationThread();
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
        try
        {
            _work.Add((d, state));
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
        {
            // The association has ended; what was left behind ends elsewhere.
            ThreadPool.QueueUserWorkItem(_ => d(state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public void Dispose() => _work.Dispose();

    private void Pump(Task serving)
    {
        _ = serving.ContinueWith(
            static (_, work) => ((BlockingCollection<(SendOrPostCallback, object?)>)work!).CompleteAdding(),
            _work,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        foreach (var (work, state) in _work.GetConsumingEnumerable())
        {
            work(state);
        }
        serving.GetAwaiter().GetResult();
    }
}
