namespace Fiducial.Tests;

/// <summary>The clerk at the front desk.</summary>
public sealed class Clerk(ClinicInABox clinic, string name) : Person(clinic, name)
{
    public Task Registers(string patientId, string family, string given, string birthDate, string personId = "") =>
        Taken(
            FillsIn(
                "/front-desk/patients",
                "/front-desk/patients",
                ("patientId", patientId),
                ("family", family),
                ("given", given),
                ("birthDate", birthDate),
                ("personId", personId)
            )
        );

    public Task Books(Guid exam) =>
        Taken(FillsIn($"/front-desk/exams/{exam}", $"/front-desk/exams/{exam}/book", ("room", "DX 1")));

    public Task Receives(Guid exam) =>
        Taken(
            FillsIn(
                $"/front-desk/exams/{exam}",
                $"/front-desk/exams/{exam}/receive",
                ("identifiers", "full name"),
                ("identifiers", "birth date"),
                ("photoOrCard", "health card")
            )
        );
}
