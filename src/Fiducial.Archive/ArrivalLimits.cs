namespace Fiducial.Archive;

/// <summary>How much may come by each way into the archive. A device's own limits, where it has some, stand above those of associations.</summary>
public sealed record ArrivalLimits
{
    /// <summary>Of each calling AE title.</summary>
    public ByteLimits Associations { get; init; } = new();

    /// <summary>Of all that is posted together.</summary>
    public ByteLimits StowRs { get; init; } = new();

    /// <summary>Of <c>fiducial import</c>.</summary>
    public ByteLimits Import { get; init; } = new();
}

/// <summary>How much may come.</summary>
/// <param name="MostBytesADay">Of data sets within 24 hours. 0 for as many as there is room for.</param>
/// <param name="LargestObject">Bytes of one data set. 0 for any.</param>
public sealed record ByteLimits(long MostBytesADay = 0, long LargestObject = 0);
