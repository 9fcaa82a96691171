using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.ReadingRoom.Storage;
using Fiducial.Results.Reports;
using Fiducial.Server.Demonstration;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Person = Fiducial.Server.People.Person;

namespace Fiducial.EndToEnd;

/// <summary>
/// Brings an exam to where a test begins, by the same steps as in <see cref="Walk"/> but without a browser: for tests of one page.
/// </summary>
internal static class Shortcut
{
    /// <summary>In the exam room, started, no image yet.</summary>
    public static async Task<ExamRecord> StartedAsync(OpenClinic clinic, DemonstrationExam exam)
    {
        await using var scope = clinic.Services.CreateAsyncScope();
        var desk = scope.ServiceProvider.GetRequiredService<ReferAndBook>();
        var order = await desk.ReferAsync(exam, "FID-0003");
        await desk.BookAsync(order);
        await desk.ReceiveAsync(order);
        var timeOut = new JsonObject
        {
            ["patientConfirmed"] = true,
            ["examConfirmed"] = true,
            ["sideConfirmed"] = true,
        };
        await TakeAsync(scope.ServiceProvider, order.Id, "E3", "tessa", timeOut);
        return await desk.WaitAsync(order.Id, e => e.Exam is "in_progress");
    }

    /// <summary>On the reading list: a bone scan, sent and complete.</summary>
    public static async Task<ExamRecord> UnreadAsync(OpenClinic clinic)
    {
        var scan = DemonstrationExams.All.Single(e => e.ProtocolCode is "NM-BONE");
        var order = await StartedAsync(clinic, scan);
        await using var scope = clinic.Services.CreateAsyncScope();
        var s = scope.ServiceProvider;
        var sent = await SendDrawing.RunAsync(scan, order, clinic.DicomPort, s.GetRequiredService<TimeProvider>());
        var desk = s.GetRequiredService<ReferAndBook>();
        await desk.WaitAsync(order.Id, e => e.ImageCount == sent);
        var complete = new JsonObject { ["qualityAccepted"] = true, ["manifestCount"] = sent };
        await TakeAsync(s, order.Id, "E5", "tessa", complete);
        return await desk.WaitAsync(order.Id, e => e.Report is "unread");
    }

    /// <summary>Read, signed, and acknowledged by the referring doctor, who has to assess it now.</summary>
    public static async Task<ExamRecord> AcknowledgedAsync(OpenClinic clinic)
    {
        var exam = await UnreadAsync(clinic);
        await using var scope = clinic.Services.CreateAsyncScope();
        var s = scope.ServiceProvider;
        var rado = await s.GetRequiredService<UserManager<Person>>().ActorAsync("rado");
        await TakeAsync(s, exam.Id, "R2", "rado", []);
        var db = s.GetRequiredService<ClinicDb>();
        var images = await db.Set<ImageRecord>().Where(i => i.ExamId == exam.Id).ToListAsync();
        db.AddRange(
            images.Select(i => new CoverageRecord
            {
                ExamId = exam.Id,
                ReaderId = rado.Id,
                SopInstanceUid = i.SopInstanceUid,
                FramesSeen = i.NumberOfFrames,
                Share = 1,
                At = i.ReceivedAt,
            })
        );
        await db.SaveChangesAsync();
        var report = new ReportSections { Findings = Walk.Findings, Impression = Walk.Impression };
        await s.GetRequiredService<SaveDraft>().RunAsync(exam.Id, rado, report, 0);
        var factor = s.GetRequiredService<ISecondFactor>();
        var attestation = new JsonObject
        {
            ["displaySetId"] = "station-1",
            ["alertCategory"] = "none",
            ["secondFactor"] = await factor.VerifyAsync(rado.Id, await factor.DemonstrationCodeAsync(rado.Id) ?? ""),
        };
        ReferAndBook.Must(await s.GetRequiredService<SignReport>().RunAsync(exam.Id, rado, attestation));
        var delivered = await s.GetRequiredService<ReferAndBook>().WaitAsync(exam.Id, e => e.Delivery is "received");
        await TakeAsync(s, exam.Id, "U2", "rita", new JsonObject { ["viewedHash"] = delivered.ReportHash });
        return delivered;
    }

    private static async Task TakeAsync(IServiceProvider s, Guid exam, string step, string person, JsonObject evidence)
    {
        var actor = await s.GetRequiredService<UserManager<Person>>().ActorAsync(person);
        ReferAndBook.Must(
            await s.GetRequiredService<PathwayEngine>().TakeAsync(new StepRequest(exam, step, actor, evidence))
        );
    }
}
