namespace Fiducial.Tests;

/// <summary>A patient at the patient's own page.</summary>
public sealed class Patient(ClinicInABox clinic, string name, string patientId) : Person(clinic, name)
{
    /// <summary>The clinic's identifier of this patient.</summary>
    public string PatientId => patientId;

    public Task<Page> OpensResult(Guid exam) => Opens($"/my/exams/{exam}");
}
