using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.DoctorsOffice;

/// <summary>A doctor refers a patient (O1).</summary>
public sealed class ReferPatient(ClinicDb db, PathwayEngine pathway, TimeProvider clock)
{
    // What the form asks for; whatever else is sent does not become evidence.
    private static readonly string[] Fields =
    [
        "patientId",
        "protocolCode",
        "laterality",
        "indication",
        "history",
        "relationshipBasis",
        "criticalContact",
        "releaseElection",
        "releaseElectionUntil",
        "priority",
        "implant",
        "pregnancy",
        "renal",
        "allergy",
        "accessionNumber",
    ];

    internal static async Task<IResult> FromFormAsync(
        IFormCollection form,
        HttpContext http,
        ReferPatient refer,
        CancellationToken ct
    )
    {
        var order = new JsonObject();
        foreach (var field in Fields)
        {
            order[field] = form[field].ToString();
        }
        var (exam, outcome) = await refer.RunAsync(http.Actor(), order, ct);
        return outcome.Taken
            ? TypedResults.LocalRedirect("/office")
            : Refusals.Back($"/office/refer/{exam}", outcome, http, form);
    }

    /// <param name="order">patientId, protocolCode, laterality, indication, history, relationshipBasis, criticalContact, releaseElection, the safety questions; accessionNumber when another system gave one.</param>
    public async Task<(Guid Exam, StepOutcome Outcome)> RunAsync(
        Actor doctor,
        JsonObject order,
        CancellationToken ct = default
    )
    {
        // G3: images that came under this number without an order wait in a case, of which this is the order.
        var number = ((string?)order["accessionNumber"] ?? "").Trim();
        var waiting = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => number != "" && e.AccessionNumber == number && e.Order == "none" && e.Images == "quarantined")
            .Select(e => (Guid?)e.Id)
            .FirstOrDefaultAsync(ct);
        var id = waiting ?? Guid.CreateVersion7();
        var evidence = order.DeepClone().AsObject();
        var patientId = (string?)order["patientId"] ?? "";
        var patient = await db.Set<PatientRecord>()
            .AsNoTracking()
            .FirstOrDefaultAsync(p => p.PatientId == patientId, ct);
        evidence["patientName"] = patient?.Name ?? "";
        evidence["patientBirthDate"] = patient?.BirthDate ?? "";
        evidence["patientSex"] = patient?.Sex ?? "";
        if (ProtocolBook.Find((string?)order["protocolCode"] ?? "") is { } protocol)
        {
            evidence["modality"] = protocol.Modality;
            evidence["procedure"] = protocol.Procedure;
            evidence["bodyPart"] = protocol.BodyPart;
            evidence["laterality"] = protocol.Paired ? (string?)order["laterality"] ?? "" : "";
        }
        if (string.IsNullOrWhiteSpace((string?)order["accessionNumber"]))
        {
            evidence["accessionNumber"] =
                "F"
                + clock.GetUtcNow().ToString("yyMMdd", CultureInfo.InvariantCulture)
                + RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        }
        evidence["responsibleDoctorId"] = doctor.Id;
        evidence["responsibleDoctorName"] = doctor.Name;
        var step = new StepRequest(id, "O1", doctor, evidence)
        {
            Within = (taken, c) => KeepDraft.ForgetAsync(taken.Db, Guid.Empty, "refer", doctor.Id, c),
        };
        return (id, await pathway.TakeAsync(step, ct));
    }
}
