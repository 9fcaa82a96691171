using System.Text.Json.Nodes;
using Fiducial.DoctorsOffice;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.ReadingRoom.Storage;
using Fiducial.Results.Reports;
using Fiducial.Results.Words;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Demonstration.Stories;

/// <summary>Takes exams along the pathway, each step by the person whose step it is, through the services that the pages use.</summary>
internal sealed class WalkedExam(
    ReferAndBook desk,
    PathwayEngine pathway,
    ClinicDb db,
    UserManager<Person> people,
    SaveDraft save,
    SignReport sign,
    AnswerResult office,
    SayStep say,
    ISecondFactor factor,
    TimeProvider clock
)
{
    public Task<Actor> ActorAsync(string person) => people.ActorAsync(person);

    /// <summary>From the referral to images that are verified and listed for reading.</summary>
    public async Task<ExamRecord> ToReadingAsync(DemonstrationExam drawing, string patientId, int dicomPort)
    {
        var exam = await desk.ReferAsync(drawing, patientId);
        await desk.BookAsync(exam);
        await desk.ReceiveAsync(exam);
        string[] timeOut = ["patientConfirmed", "examConfirmed", "sideConfirmed"];
        await TakeAsync(exam.Id, "E3", "tessa", [.. timeOut.Select(t => KeyValuePair.Create(t, (JsonNode?)true))]);
        var sent = await SendDrawing.RunAsync(drawing, exam, dicomPort, clock);
        await WaitAsync(exam.Id, e => e.ImageCount == sent);
        await TakeAsync(
            exam.Id,
            "E5",
            "tessa",
            new JsonObject { ["qualityAccepted"] = true, ["manifestCount"] = sent }
        );
        await WaitAsync(exam.Id, e => e.Report is "unread");
        await TakeAsync(exam.Id, "E10", "tessa", new JsonObject { ["departureCard"] = "departure card 1" });
        return exam;
    }

    /// <summary>Claimed, seen in full, written, signed, and in the holder's inbox.</summary>
    public async Task<ExamRecord> ToInboxAsync(Guid exam, ReportSections report, string alertCategory = "none")
    {
        await TakeAsync(exam, "R2", "rado", []);
        await SeeEverythingAsync(exam);
        await save.RunAsync(exam, await ActorAsync("rado"), report, 0);
        await SignAsync(exam, new JsonObject { ["alertCategory"] = alertCategory });
        return await WaitAsync(exam, e => e.Delivery is "received" && e.DeliveredVersion == e.ReportVersion);
    }

    /// <summary>Signs what is written: a report, or an addendum.</summary>
    public async Task SignAsync(Guid exam, JsonObject attestation)
    {
        var reader = await ActorAsync("rado");
        attestation["displaySetId"] = "station-1";
        attestation["secondFactor"] = await factor.VerifyAsync(
            reader.Id,
            await factor.DemonstrationCodeAsync(reader.Id) ?? ""
        );
        var outcome = await sign.RunAsync(exam, reader, attestation);
        await factor.SettleAsync(outcome.Taken);
        ReferAndBook.Must(outcome);
    }

    public async Task ReviewAsync(ExamRecord exam, string doctor, string assessment, string plan)
    {
        var actor = await ActorAsync(doctor);
        ReferAndBook.Must(await office.AcknowledgeAsync(exam.Id, actor, exam.ReportHash));
        ReferAndBook.Must(await office.ReviewAsync(exam.Id, actor, assessment, plan, ["accepted"]));
    }

    public async Task TalkAndReleaseAsync(Guid exam, string doctor, string note)
    {
        var actor = await ActorAsync(doctor);
        ReferAndBook.Must(await office.DiscussAsync(exam, actor, "telephone", "patient", "none", "Talked it over."));
        ReferAndBook.Must(await office.ReleaseAsync(exam, actor, note));
    }

    public async Task TakeAsync(Guid exam, string step, string person, JsonObject evidence) =>
        ReferAndBook.Must(await pathway.TakeAsync(new StepRequest(exam, step, await ActorAsync(person), evidence)));

    /// <summary>A step with words of which the ledger keeps the hash.</summary>
    public async Task SayAsync(Guid exam, string step, string person, JsonObject evidence, JsonObject words) =>
        ReferAndBook.Must(await say.RunAsync(exam, step, await ActorAsync(person), evidence, words));

    public Task<ExamRecord> WaitAsync(Guid exam, Func<ExamRecord, bool> condition) => desk.WaitAsync(exam, condition);

    // The viewer of the reading room reports this of every image that was on the screen at 1:1.
    private async Task SeeEverythingAsync(Guid exam)
    {
        var reader = await ActorAsync("rado");
        foreach (var image in await db.Set<ImageRecord>().AsNoTracking().Where(i => i.ExamId == exam).ToListAsync())
        {
            if (
                await db.Set<CoverageRecord>()
                    .AnyAsync(r =>
                        r.ExamId == exam && r.ReaderId == reader.Id && r.SopInstanceUid == image.SopInstanceUid
                    )
            )
            {
                continue;
            }
            db.Add(
                new CoverageRecord
                {
                    ExamId = exam,
                    ReaderId = reader.Id,
                    SopInstanceUid = image.SopInstanceUid,
                    FramesSeen = image.NumberOfFrames,
                    Share = 1,
                    At = clock.GetUtcNow(),
                }
            );
        }
        await db.SaveChangesAsync();
    }
}
