using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Patients;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.FrontDesk;

/// <summary>
/// Registers a patient with two identifiers. A record that is the same person already is used in place of a new one; records that are
/// much alike are offered first, and the clerk says that this is another person.
/// </summary>
internal static class RegisterPatient
{
    private const string Page = "/front-desk/patients";

    public static async Task<IResult> RunAsync(
        IFormCollection form,
        HttpContext http,
        ClinicDb db,
        KeptForm kept,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var typed = TypedForm.Of(form);
        var name = $"{typed["family"]}^{typed["given"]}";
        var id = typed["patientId"];
        IResult Again(string problem)
        {
            kept.Keep(http, typed, Page);
            return TypedResults.LocalRedirect($"{Page}?problem={problem}");
        }
        if (BirthDate(typed["birthDate"], clock) is not { } birthDate || typed["family"].Length == 0 || id.Length == 0)
        {
            return Again("identifiers");
        }
        if (!FitsDicom(id) || !FitsDicom(name) || typed["family"].Contains('^') || typed["given"].Contains('^'))
        {
            return Again("characters");
        }
        if (typed["sex"] is not ("F" or "M" or "O"))
        {
            return Again("sex");
        }
        if (
            await db.Set<PatientRecord>()
                .AnyAsync(p => p.PatientId == id || (p.Name == name && p.BirthDate == birthDate), ct)
        )
        {
            return Again("known");
        }
        if (!form.ContainsKey("another") && (await SimilarAsync(db, typed, ct)).Count > 0)
        {
            return Again("similar");
        }
        db.Add(
            new PatientRecord
            {
                PatientId = id,
                Name = name,
                BirthDate = birthDate,
                Sex = typed["sex"],
                HealthCardNumber = typed["healthCard"],
                Phone = typed["phone"],
                PersonId = typed["personId"],
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
            return Again("known");
        }
        return TypedResults.LocalRedirect(Page);
    }

    // PS3.5 DA, a day that has been.
    private static string? BirthDate(string text, TimeProvider clock) =>
        TypedText.Day(text) is { } day
        && day.Year >= 1850
        && day <= DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddDays(1))
            ? DayText.Compact(day)
            : null;

    // PS3.5 6.2: LO and a component group of PN have at most 64 characters; the backslash separates values, '=' groups.
    private static bool FitsDicom(string text) => text.Length <= 64 && text.AsSpan().IndexOfAny("\\=\r\n\t") < 0;

    /// <summary>
    /// Records that may be the same person: the same identifier or health card number; the same birth date with one of the names; the
    /// same full name.
    /// </summary>
    public static async Task<List<PatientRecord>> SimilarAsync(ClinicDb db, TypedForm typed, CancellationToken ct)
    {
        var (id, card, birthDate) = (typed["patientId"], typed["healthCard"], Digits(typed["birthDate"]));
        var written = $"{typed["family"]}^";
        var (family, given) = (Plain(typed["family"]), Plain(typed["given"]));
        if (family.Length == 0)
        {
            return [];
        }
        var candidates = await db.Set<PatientRecord>()
            .AsNoTracking()
            .Where(p =>
                p.PatientId == id
                || (card != "" && p.HealthCardNumber == card)
                || p.BirthDate == birthDate
                || p.Name.StartsWith(written)
            )
            .OrderBy(p => p.PatientId)
            .Take(500)
            .ToListAsync(ct);
        return candidates.FindAll(p =>
        {
            var names = Plain(Wording.Name(p.Name)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var (sameFamily, sameGiven) = (names.Contains(family), given.Length > 0 && names.Contains(given));
            return p.PatientId == id
                || (card.Length > 0 && p.HealthCardNumber == card)
                || (p.BirthDate == birthDate && (sameFamily || sameGiven))
                || (sameFamily && sameGiven);
        });
    }

    private static string Digits(string date) => date.Replace("-", "", StringComparison.Ordinal);

    private static string Plain(string name) => name.Trim().ToUpperInvariant();
}
