using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Fiducial.Foundation.Live;

/// <summary>Something a page that is open should know now: a kind and a small text, never content of a result.</summary>
public sealed record LiveEvent(string Kind, string Text);

/// <summary>Live updates in one process: pages subscribe to a channel (<c>exam-room</c>, <c>exam:ID</c>) and get what happens there.</summary>
public sealed class LiveEvents
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Guid, Channel<LiveEvent>>> _channels = new();

    public void Publish(string channel, LiveEvent live)
    {
        if (_channels.TryGetValue(channel, out var listeners))
        {
            foreach (var listener in listeners.Values)
            {
                listener.Writer.TryWrite(live);
            }
        }
    }

    /// <summary>
    /// What is published on the channel from this call on, also before the first event is awaited. A reader that is too slow loses the
    /// oldest events and sees the newest.
    /// </summary>
    /// <param name="ct">Ends the listening; whoever calls reads until then.</param>
    public IAsyncEnumerable<LiveEvent> ListenAsync(string channel, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        var queue = Channel.CreateBounded<LiveEvent>(
            new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        var listeners = _channels.GetOrAdd(channel, _ => new());
        listeners[id] = queue;
        var ended = ct.Register(() => listeners.TryRemove(id, out _));
        return ReadAsync();

        async IAsyncEnumerable<LiveEvent> ReadAsync()
        {
            try
            {
                await foreach (var live in queue.Reader.ReadAllAsync(ct))
                {
                    yield return live;
                }
            }
            finally
            {
                await ended.DisposeAsync();
                listeners.TryRemove(id, out _);
            }
        }
    }
}
