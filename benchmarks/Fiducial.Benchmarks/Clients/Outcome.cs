namespace Fiducial.Benchmarks.Clients;

/// <summary>What came of a piece of work: a speed counts only when it is done and what came back was right.</summary>
internal sealed record Outcome
{
    public const string Done = "done";
    public const string NotBuilt = "not built";

    private Outcome(string word) => Word = word;

    /// <summary>done, not built, or why it failed.</summary>
    public string Word { get; }

    public bool IsDone => Word == Done;

    /// <summary>Bytes of payload that went over the wire.</summary>
    public long Bytes { get; private init; }

    /// <summary>Instances, queries or requests.</summary>
    public long Count { get; private init; }

    /// <summary>Seconds for <see cref="Count"/> when the client's own start is left out; else the wall time of the work.</summary>
    public double? Seconds { get; private init; }

    /// <summary>What the server's CPU time is divided by, when that is not <see cref="Count"/>.</summary>
    public long? CpuCount { get; private init; }

    public static Outcome Of(long count, long bytes, double? seconds = null, long? cpuCount = null) =>
        new(Done)
        {
            Count = count,
            Bytes = bytes,
            Seconds = seconds,
            CpuCount = cpuCount,
        };

    public static Outcome Missing() => new(NotBuilt);

    public static Outcome Failed(string why) => new($"failed: {(why.Length > 200 ? why[..200] : why)}");
}
