namespace Fiducial.Results.Duty;

/// <summary>Who has agreed to keep the records and duties of a doctor when that doctor is gone (pathway G8).</summary>
public sealed class Successor
{
    /// <summary>Whose successor it is; a doctor has one.</summary>
    public required string DoctorId { get; init; }
    public required string CustodianId { get; set; }

    /// <summary>The agreement in which it was accepted.</summary>
    public required string Agreement { get; set; }
    public required DateTimeOffset NamedAt { get; set; }
}
