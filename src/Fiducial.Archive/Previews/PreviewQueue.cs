namespace Fiducial.Archive.Previews;

/// <summary>
/// Which preview is made next. Series take turns: the one of which the fewest have been made while it waits, and of those the newest.
/// So the first picture of a new exam is there at once, however many slices of others still wait. Not for several threads at once.
/// </summary>
/// <param name="position">Up to here everything has been made.</param>
internal sealed class PreviewQueue(long position)
{
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);
    private readonly SortedSet<long> _open = [];
    private long _newest = position;

    public int Count { get; private set; }

    /// <summary>Everything up to here has been made, whatever the order in which it was.</summary>
    public long MadeUpTo => _open.Count == 0 ? _newest : _open.Min - 1;

    /// <summary>In the order of commit.</summary>
    public void Add(StoredInstance instance)
    {
        if (!_turns.TryGetValue(instance.SeriesInstanceUid, out var turn))
        {
            _turns[instance.SeriesInstanceUid] = turn = new Turn(instance.Position);
        }
        turn.Waiting.Enqueue(instance);
        _open.Add(instance.Position);
        _newest = instance.Position;
        Count++;
    }

    /// <summary>Null when nothing waits.</summary>
    public StoredInstance? Take()
    {
        var next = _turns.Values.MinBy(t => (t.Made, -t.First));
        if (next is null)
        {
            return null;
        }
        var instance = next.Waiting.Dequeue();
        next.Made++;
        Count--;
        if (next.Waiting.Count == 0)
        {
            _turns.Remove(instance.SeriesInstanceUid);
        }
        return instance;
    }

    /// <summary>The preview is made, or cannot be.</summary>
    public void Done(StoredInstance instance) => _open.Remove(instance.Position);

    private sealed class Turn(long first)
    {
        public long First => first;
        public Queue<StoredInstance> Waiting { get; } = [];
        public int Made { get; set; }
    }
}
