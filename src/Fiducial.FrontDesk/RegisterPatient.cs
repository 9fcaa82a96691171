using System.Globalization;
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
        var (id, name) = (Text("patientId"), $"{Text("family")}^{Text("given")}");
        if (BirthDate(Text("birthDate"), clock) is not { } birthDate || Text("family").Length == 0 || id.Length == 0)
        {
            return TypedResults.LocalRedirect("/front-desk/patients?problem=identifiers");
        }
        if (!FitsDicom(id) || !FitsDicom(name) || Text("family").Contains('^') || Text("given").Contains('^'))
        {
            return TypedResults.LocalRedirect("/front-desk/patients?problem=characters");
        }
        if (Text("sex") is not ("F" or "M" or "O"))
        {
            return TypedResults.LocalRedirect("/front-desk/patients?problem=sex");
        }
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
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            // Another clerk was quicker with this identifier.
            return TypedResults.LocalRedirect("/front-desk/patients?problem=known");
        }
        return TypedResults.LocalRedirect("/front-desk/patients");
    }

    // PS3.5 DA, a day that has been.
    private static string? BirthDate(string text, TimeProvider clock) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year >= 1850
        && day <= DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddDays(1))
            ? day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)
            : null;

    // PS3.5 6.2: LO and a component group of PN have at most 64 characters; the backslash separates values, '=' groups.
    private static bool FitsDicom(string text) => text.Length <= 64 && text.AsSpan().IndexOfAny("\\=\r\n\t") < 0;
}
