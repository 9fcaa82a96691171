namespace Fiducial.Tests;

/// <summary>The clinic's clock: it runs with the real one, and a test can turn it.</summary>
public sealed class TurnedClock : TimeProvider
{
    private long _turnedBy;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _turnedBy));

    /// <summary>From now on it is later by so much. Turned back with a negative span.</summary>
    public void Turn(TimeSpan by) => Interlocked.Add(ref _turnedBy, by.Ticks);
}
