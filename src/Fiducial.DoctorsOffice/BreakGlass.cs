using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.DoctorsOffice;

/// <summary>
/// A doctor who treats a patient now opens an exam to which no relation leads (B1): for four hours, and the patient, their doctor and the
/// privacy officer are told. The exam is named by its accession number, or by the patient's identifier and birth date together.
/// </summary>
internal static class BreakGlass
{
    public static async Task<IResult> RunAsync(
        IFormCollection form,
        HttpContext http,
        ClinicDb db,
        PathwayEngine pathway,
        IWordKeeper keeper,
        KeptForm kept,
        CancellationToken ct
    )
    {
        const string page = "/office/emergency";
        var typed = TypedForm.Of(form);
        var (accession, patient, born) = (
            typed["accessionNumber"],
            typed["patientId"],
            typed["birthDate"].Replace("-", "", StringComparison.Ordinal)
        );
        var exam = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e =>
                (accession != "" && e.AccessionNumber == accession)
                || (accession == "" && patient != "" && e.PatientId == patient && e.PatientBirthDate == born)
            )
            // Where nothing stands in the order of the two databases differs.
            .OrderByDescending(e => e.SignedAt != null)
            .ThenByDescending(e => e.SignedAt)
            .Select(e => (Guid?)e.Id)
            .FirstOrDefaultAsync(ct);
        if (exam is not { } id)
        {
            kept.Keep(http, typed, page);
            return TypedResults.LocalRedirect($"{page}?unknown=true");
        }
        var words = new JsonObject { ["reason"] = typed["reason"] };
        var outcome = await pathway.TakeAsync(
            new StepRequest(
                id,
                "B1",
                http.Actor(),
                new JsonObject { ["treatingNow"] = form.ContainsKey("treatingNow") }
            )
            {
                Words = words,
                Within = keeper.Keep(words),
            },
            ct
        );
        return outcome.Taken
            ? TypedResults.LocalRedirect($"/office/exams/{id}")
            : Refusals.Back(page, outcome, http, form);
    }
}
