using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Patients;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.FrontDesk;

/// <summary>Registers a patient with two identifiers; a record that is the same person already is offered in its place.</summary>
internal static class RegisterPatient
{
    public static async Task<IResult> RunAsync(
        IFormCollection form,
        ClinicDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        string Text(string key) => form[key].ToString().Trim();
        var birthDate = Text("birthDate").Replace("-", "", StringComparison.Ordinal);
        var name = $"{Text("family")}^{Text("given")}";
        if (Text("family").Length == 0 || birthDate.Length != 8 || Text("patientId").Length is 0 or > 64)
        {
            return TypedResults.LocalRedirect("/front-desk/patients?problem=identifiers");
        }
        var id = Text("patientId");
        if (
            await db.Set<PatientRecord>()
                .AnyAsync(p => p.PatientId == id || (p.Name == name && p.BirthDate == birthDate), ct)
        )
        {
            return TypedResults.LocalRedirect("/front-desk/patients?problem=known");
        }
        db.Add(
            new PatientRecord
            {
                PatientId = id,
                Name = name,
                BirthDate = birthDate,
                Sex = Text("sex"),
                HealthCardNumber = Text("healthCard"),
                Phone = Text("phone"),
                PersonId = Text("personId"),
                RegisteredAt = clock.GetUtcNow(),
            }
        );
        await db.SaveChangesAsync(ct);
        return TypedResults.LocalRedirect("/front-desk/patients");
    }
}
