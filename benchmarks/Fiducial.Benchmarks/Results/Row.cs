using System.Text.Json.Serialization;

namespace Fiducial.Benchmarks.Results;

/// <summary>One measurement, as a line of <c>results.jsonl</c>.</summary>
internal sealed record Row
{
    /// <summary>The run that it belongs to: when that began.</summary>
    public required DateTimeOffset Run { get; init; }
    public required string Stage { get; init; }

    /// <summary>The key of a <see cref="Work"/>.</summary>
    public required string Work { get; init; }
    public required string Peer { get; init; }
    public required int Repeat { get; init; }

    /// <summary>Instances that were in the index, in the stage <c>growth</c>.</summary>
    public int? Level { get; init; }

    /// <summary>done, not built, or why it failed.</summary>
    public required string Outcome { get; init; }
    public double Seconds { get; init; }
    public double CpuSeconds { get; init; }

    /// <summary>Instances, queries or requests in <see cref="Seconds"/>.</summary>
    public long Count { get; init; }

    /// <summary>Those in <see cref="CpuSeconds"/>.</summary>
    public long CpuCount { get; init; }
    public long Bytes { get; init; }
    public long PeakBytes { get; init; }
    public long DiskBytes { get; init; }

    public bool IsDone => Outcome == Clients.Outcome.Done;

    public double SpeedAs(Speed speed) =>
        speed switch
        {
            Speed.PerSecond => Count / Seconds,
            Speed.MegabytesPerSecond => Bytes / 1e6 / Seconds,
            _ => Seconds * 1000 / Count,
        };

    /// <summary>Seconds for a gigabyte (10^9), or milliseconds for each.</summary>
    public double CpuAs(CpuPer per) =>
        per is CpuPer.Gigabyte ? CpuSeconds / (Bytes / 1e9) : CpuSeconds * 1000 / CpuCount;
}

/// <summary>A stage begins: where, when, and how quiet it was.</summary>
internal sealed record StageBegin
{
    public required DateTimeOffset Run { get; init; }
    public required string Stage { get; init; }
    public required DateTimeOffset At { get; init; }
    public required double Load { get; init; }
    public required string Command { get; init; }
    public required string Commit { get; init; }
    public required string Machine { get; init; }
    public required IReadOnlyList<string> Versions { get; init; }
    public required int Repeats { get; init; }
    public string? Note { get; init; }
}

/// <summary>A line of <c>results.jsonl</c>: one of the two.</summary>
internal sealed record Line(StageBegin? Begin = null, Row? Row = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true
)]
[JsonSerializable(typeof(Line))]
internal sealed partial class LineJson : JsonSerializerContext;
