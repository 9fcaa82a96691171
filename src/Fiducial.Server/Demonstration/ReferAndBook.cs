using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.DoctorsOffice;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Protocols;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Demonstration;

/// <summary>Brings a demonstration exam from the referral to the time-out, each step by the person whose step it is.</summary>
internal sealed class ReferAndBook(
    ReferPatient refer,
    PathwayEngine pathway,
    ClinicDb db,
    UserManager<Person> people,
    TimeProvider clock
)
{
    public static readonly string[] Safety = ["implant", "pregnancy", "renal", "allergy"];

    public async Task<ExamRecord> ReferAsync(DemonstrationExam exam, string patientId)
    {
        var order = new JsonObject
        {
            ["patientId"] = patientId,
            ["protocolCode"] = exam.ProtocolCode,
            ["laterality"] = exam.Laterality,
            ["indication"] = exam.Indication,
            ["history"] = "No earlier exam of this part.",
            ["relationshipBasis"] = "family doctor",
            ["criticalContact"] = "practice line 555-0100",
            ["releaseElection"] = "after my doctor has read it",
        };
        foreach (var question in Safety)
        {
            order[question] = "no";
        }
        var (id, outcome) = await refer.RunAsync(await people.ActorAsync("rita"), order);
        Must(outcome);
        if (ProtocolBook.Find(exam.ProtocolCode) is { AutoProtocol: false })
        {
            var protocol = new JsonObject { ["appropriateness"] = "indicated", ["guidance"] = "standard protocol" };
            foreach (var question in Safety)
            {
                protocol[question] = "no";
            }
            Must(await pathway.TakeAsync(new StepRequest(id, "O5", await people.ActorAsync("rado"), protocol)));
        }
        return await WaitAsync(id, e => e.Order is "protocolled");
    }

    public async Task BookAsync(ExamRecord exam)
    {
        var slot = new JsonObject
        {
            ["slot"] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
            ["room"] = $"{exam.Modality} 1",
            ["leaflet"] = $"{exam.ProtocolCode} preparation",
            ["accessNeeds"] = "none",
        };
        Must(await pathway.TakeAsync(new StepRequest(exam.Id, "O7", await people.ActorAsync("clara"), slot)));
    }

    public async Task ReceiveAsync(ExamRecord exam)
    {
        var identity = new JsonObject
        {
            ["identifiers"] = new JsonArray("full name", "birth date"),
            ["photoOrCard"] = "health card",
        };
        Must(await pathway.TakeAsync(new StepRequest(exam.Id, "E1", await people.ActorAsync("clara"), identity)));
    }

    /// <summary>The exam as it is when the condition holds; steps that follow by themselves take a moment.</summary>
    public async Task<ExamRecord> WaitAsync(Guid id, Func<ExamRecord, bool> condition)
    {
        for (var i = 0; i < 1200; i++)
        {
            var exam = await db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == id);
            if (condition(exam))
            {
                return exam;
            }
            await Task.Delay(25);
        }
        throw new TimeoutException("A step that should follow by itself has not followed within 30 seconds.");
    }

    public static void Must(StepOutcome outcome)
    {
        if (outcome.Refusal is { } refusal)
        {
            throw new InvalidOperationException(refusal);
        }
    }
}
