namespace Fiducial.Results.Duty;

/// <summary>A doctor who has accepted to stand in for another: for a time (the absence rota), or for one exam.</summary>
public sealed class Cover
{
    public long Id { get; init; }
    public required string DoctorId { get; init; }
    public required string CoverId { get; init; }

    /// <summary>Null for the whole absence.</summary>
    public Guid? ExamId { get; init; }
    public required DateOnly From { get; init; }

    /// <summary>Last day.</summary>
    public required DateOnly Until { get; set; }

    /// <summary>When the covering doctor accepted; null while it is only asked for.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }
}
