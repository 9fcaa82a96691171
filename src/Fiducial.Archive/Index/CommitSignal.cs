namespace Fiducial.Archive.Index;

/// <summary>Tells waiting readers that the index has grown.</summary>
internal sealed class CommitSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = New();
    private long _newest;

    public void Committed(long position)
    {
        TaskCompletionSource reached;
        lock (_lock)
        {
            _newest = Math.Max(_newest, position);
            reached = _next;
            _next = New();
        }
        reached.TrySetResult();
    }

    public async Task WaitAsync(long position, CancellationToken ct)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_newest > position)
                {
                    return;
                }
                next = _next.Task;
            }
            await next.WaitAsync(ct);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
