namespace Fiducial.Pathway.Patients;

/// <summary>The patient has asked that this person sees nothing of them: only broken glass (B1) opens it, and the patient is told.</summary>
public sealed class Mask
{
    public long Id { get; init; }
    public required string PatientId { get; init; }
    public required string PersonId { get; init; }
    public required DateOnly From { get; init; }
}
