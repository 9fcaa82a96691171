namespace Fiducial.ReadingRoom.Storage;

/// <summary>The displays of a registered workstation and their last check against the greyscale function (PS3.14).</summary>
public sealed class DisplaySet
{
    public required string Id { get; init; }
    public required string Name { get; set; }

    /// <summary>Pixels of all its displays together.</summary>
    public required long Pixels { get; set; }
    public required DateTimeOffset CheckedAt { get; set; }
    public required DateTimeOffset ValidUntil { get; set; }

    /// <summary>Null when a report may be signed at these displays at that time, else why not and what to do.</summary>
    public string? Refusal(DateTimeOffset at) =>
        Pixels < LeastPixels ? $"{Name} has {Pixels:N0} pixels; {LeastPixels:N0} are needed to sign."
        : ValidUntil < at ? $"The greyscale check of {Name} is out of date: repeat it, then sign."
        : null;

    /// <summary>The promise of the house: more than ten million.</summary>
    public const long LeastPixels = 10_000_000;
}
