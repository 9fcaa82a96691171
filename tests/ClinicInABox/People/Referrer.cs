using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Tests;

/// <summary>A referring doctor in the office.</summary>
public sealed class Referrer(ClinicInABox clinic, string name) : Person(clinic, name)
{
    private static int _accession;

    /// <summary>An accession number that no other referral has.</summary>
    public static string NewAccession() => $"T{Interlocked.Increment(ref _accession):D7}";

    /// <summary>Refers a patient: a left wrist unless something else is asked for.</summary>
    /// <returns>The exam.</returns>
    public async Task<Guid> Refers(string patientId, params IEnumerable<(string Name, string Value)> fields)
    {
        var order = fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
        order["patientId"] = patientId;
        order.TryAdd("protocolCode", "XR-WRIST");
        order.TryAdd("laterality", "L");
        order.TryAdd("indication", "Fall on the hand.");
        order.TryAdd("accessionNumber", NewAccession());
        await Taken(FillsIn("/office/refer", "/office/refer", order.Select(f => (f.Key, f.Value))));
        var accession = order["accessionNumber"];
        return await Clinic.InDatabaseAsync(db =>
            db.Set<ExamRecord>().Where(e => e.AccessionNumber == accession).Select(e => e.Id).SingleAsync()
        );
    }

    /// <summary>Opens the report and says that it was read.</summary>
    public Task Reads(Guid exam) => Taken(FillsIn($"/office/exams/{exam}", $"/office/exams/{exam}/acknowledge"));

    public Task Reviews(Guid exam) =>
        Taken(
            FillsIn(
                $"/office/exams/{exam}",
                $"/office/exams/{exam}/review",
                ("assessment", "Fits the fall."),
                ("plan", "Splint for four weeks."),
                ("answer", "accepted")
            )
        );

    public Task Discusses(Guid exam) =>
        Taken(FillsIn($"/office/exams/{exam}", $"/office/exams/{exam}/discussion", ("notes", "Explained the splint.")));

    public Task Releases(Guid exam) =>
        Taken(
            FillsIn(
                $"/office/exams/{exam}",
                $"/office/exams/{exam}/release",
                ("note", "There is a fine crack in your wrist. It will heal.")
            )
        );

    public Task Closes(Guid exam) => Taken(FillsIn($"/office/exams/{exam}", $"/office/exams/{exam}/close"));
}
