using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Patients;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Coordination;

/// <summary>
/// Says whose images are in quarantine (I7). Images that came without an order go to the order that was found for them; the case under
/// which they waited is then closed by the director (I8).
/// </summary>
public sealed class MatchImages(ClinicDb db, PathwayEngine pathway)
{
    /// <param name="patientId">Whose images they are.</param>
    /// <param name="accessionNumber">The order to which they belong; empty for the case's own.</param>
    /// <param name="secondPersonId">Who confirms with their own second factor that they are another patient's; empty when nobody did.</param>
    public async Task<StepOutcome> RunAsync(
        Guid quarantined,
        Actor actor,
        string patientId,
        string accessionNumber,
        string secondPersonId,
        CancellationToken ct = default
    )
    {
        var exam = await db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == quarantined, ct);
        var conflict = await ConflictAsync(quarantined, ct);
        if (accessionNumber.Length > 0 && accessionNumber != exam.AccessionNumber)
        {
            var order = await db.Set<ExamRecord>()
                .AsNoTracking()
                .FirstOrDefaultAsync(e => e.AccessionNumber == accessionNumber, ct);
            if (order is null || exam.Order is not "none")
            {
                return await pathway.RefuseAsync(
                    quarantined,
                    "I7",
                    actor,
                    order is null
                        ? "No order has this accession number."
                        : "These images have an order of their own: say whose they are.",
                    ct
                );
            }
            var found = new JsonObject
            {
                ["conflict"] = $"The images came as {exam.AccessionNumber}, without an order.",
                ["studyInstanceUid"] = exam.StudyInstanceUid,
                ["header"] = Header(conflict, exam),
                ["case"] = exam.AccessionNumber,
            };
            var opened = await pathway.TakeAsync(new StepRequest(order.Id, "I2", Actor.System, found), ct);
            if (!opened.Taken)
            {
                return await pathway.RefuseAsync(quarantined, "I7", actor, opened.Refusal!, ct);
            }
            exam = order;
        }
        var patient = await db.Set<PatientRecord>()
            .AsNoTracking()
            .FirstOrDefaultAsync(p => p.PatientId == patientId, ct);
        var evidence = new JsonObject
        {
            ["before"] = Header(conflict, exam),
            ["after"] = new JsonObject
            {
                ["patientId"] = patientId,
                ["patientName"] = patient?.Name ?? "",
                ["patientBirthDate"] = patient?.BirthDate ?? "",
                ["patientSex"] = patient?.Sex ?? "",
            },
            // The archive never writes into what it has received: only the case says whose it is.
            ["originalsKept"] = true,
            ["secondPersonId"] = secondPersonId,
        };
        return await pathway.TakeAsync(new StepRequest(exam.Id, "I7", actor, evidence), ct);
    }

    /// <summary>The entry that put the images of this exam into quarantine last (I2, I9); null when none did.</summary>
    public Task<LedgerEntry?> ConflictAsync(Guid exam, CancellationToken ct = default) =>
        db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == exam && e.Taken && (e.Step == "I2" || e.Step == "I9"))
            .OrderByDescending(e => e.Sequence)
            .FirstOrDefaultAsync(ct);

    /// <summary>What the images say of the patient: as they came, or as the case has it when they did not say otherwise.</summary>
    public static JsonObject Header(LedgerEntry? conflict, ExamRecord exam) =>
        conflict is not null && JsonNode.Parse(conflict.Evidence)?["header"] is JsonObject header
            ? header.DeepClone().AsObject()
            : new JsonObject
            {
                ["patientId"] = exam.PatientId,
                ["patientName"] = exam.PatientName,
                ["patientBirthDate"] = exam.PatientBirthDate,
                ["patientSex"] = exam.PatientSex,
                ["accessionNumber"] = exam.AccessionNumber,
            };

    internal static async Task<IResult> FromFormAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        MatchImages match,
        ISecondFactor secondFactor,
        CancellationToken ct
    )
    {
        var typed = TypedForm.Of(form);
        var second = typed["second"];
        var confirmed =
            second.Length > 0 && second != http.Actor().Id && await secondFactor.VerifyAsync(second, typed["code"], ct);
        var outcome = await match.RunAsync(
            exam,
            http.Actor(),
            typed["patientId"],
            typed["accessionNumber"],
            confirmed ? second : "",
            ct
        );
        await secondFactor.SettleAsync(outcome.Taken, ct);
        var page = $"/coordination/quarantine/{outcome.Entry?.ExamId ?? exam}";
        return Refusals.Back(page, outcome, http, form, "code");
    }
}
