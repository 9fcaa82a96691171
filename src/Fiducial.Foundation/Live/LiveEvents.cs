using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
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

    /// <summary>What is published on the channel from now on. A reader that is too slow loses the oldest events and sees the newest.</summary>
    public async IAsyncEnumerable<LiveEvent> ListenAsync(string channel, [EnumeratorCancellation] CancellationToken ct)
    {
        var id = Guid.NewGuid();
        var queue = Channel.CreateBounded<LiveEvent>(
            new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        var listeners = _channels.GetOrAdd(channel, _ => new());
        listeners[id] = queue;
        try
        {
            await foreach (var live in queue.Reader.ReadAllAsync(ct))
            {
                yield return live;
            }
        }
        finally
        {
            listeners.TryRemove(id, out _);
        }
    }
}
