namespace Fiducial.Tests;

/// <summary>The clinic's clock: it runs with the real one, and a test can turn it.</summary>
public sealed class TurnedClock : TimeProvider
{
    private long _turnedBy;
    private long _stoppedAt;

    public override DateTimeOffset GetUtcNow() =>
        (
            Interlocked.Read(ref _stoppedAt) is var at and not 0
                ? new DateTimeOffset(at, TimeSpan.Zero)
                : base.GetUtcNow()
        ).AddTicks(Interlocked.Read(ref _turnedBy));

    /// <summary>From now on it is this second, until it is turned: what happens next happens at one hour in every world.</summary>
    public void Stop()
    {
        var now = base.GetUtcNow().UtcTicks;
        Interlocked.Exchange(ref _stoppedAt, now - now % TimeSpan.TicksPerSecond);
    }

    /// <summary>From now on it is later by so much. Turned back with a negative span.</summary>
    public void Turn(TimeSpan by) => Interlocked.Add(ref _turnedBy, by.Ticks);
}
