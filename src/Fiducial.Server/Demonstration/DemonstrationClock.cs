namespace Fiducial.Server.Demonstration;

/// <summary>The clock of a demonstration that is walked: it runs with the real one, and a story turns it on to what is due.</summary>
internal sealed class DemonstrationClock : TimeProvider
{
    private long _turnedBy;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _turnedBy));

    public void Turn(TimeSpan by) => Interlocked.Add(ref _turnedBy, by.Ticks);
}
