namespace Fiducial.Pathway.People;

/// <summary>
/// A doctor has named someone of the care team who reads the reports of the doctor's patients and records contact attempts in the doctor's
/// name, until a day, and does nothing else (pathway 6.3, note 3).
/// </summary>
public sealed class Delegation
{
    public long Id { get; init; }
    public required string DoctorId { get; init; }
    public required string DelegateId { get; init; }
    public required DateTimeOffset From { get; init; }

    /// <summary>Last day.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>When the doctor ended it before that.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}
