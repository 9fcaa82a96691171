using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.DoctorsOffice;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.ReadingRoom.Storage;
using Fiducial.Results.Release;
using Fiducial.Results.Reports;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Demonstration;

/// <summary><c>fiducial demo --walk</c>: one exam from referral to release; every ledger entry is printed.</summary>
internal static class DemonstrationWalk
{
    public static async Task<bool> RunAsync(IServiceProvider services, int dicomPort, TextWriter output)
    {
        await using var scope = services.CreateAsyncScope();
        var s = scope.ServiceProvider;
        var (desk, pathway, db) = (
            s.GetRequiredService<ReferAndBook>(),
            s.GetRequiredService<PathwayEngine>(),
            s.GetRequiredService<ClinicDb>()
        );
        var people = s.GetRequiredService<UserManager<Person>>();
        var clock = s.GetRequiredService<TimeProvider>();
        var (tessa, rado, rita, paul) = (
            await people.ActorAsync("tessa"),
            await people.ActorAsync("rado"),
            await people.ActorAsync("rita"),
            await people.ActorAsync("paul")
        );

        var drawing = DemonstrationExams.All[0];
        var exam = await desk.ReferAsync(drawing, "FID-0001");
        await desk.BookAsync(exam);
        await desk.ReceiveAsync(exam);
        await TakeAsync(
            pathway,
            exam.Id,
            "E3",
            tessa,
            new JsonObject
            {
                ["patientConfirmed"] = true,
                ["examConfirmed"] = true,
                ["sideConfirmed"] = true,
            }
        );
        var sent = await SendDrawing.RunAsync(drawing, exam, dicomPort, clock);
        await desk.WaitAsync(exam.Id, e => e.ImageCount == sent);
        await TakeAsync(
            pathway,
            exam.Id,
            "E5",
            tessa,
            new JsonObject { ["qualityAccepted"] = true, ["manifestCount"] = sent }
        );
        await desk.WaitAsync(exam.Id, e => e.Report is "unread");
        await TakeAsync(pathway, exam.Id, "E10", tessa, new JsonObject { ["departureCard"] = "departure card 1" });

        await TakeAsync(pathway, exam.Id, "R2", rado, []);
        foreach (var image in await db.Set<ImageRecord>().AsNoTracking().Where(i => i.ExamId == exam.Id).ToListAsync())
        {
            db.Add(
                new CoverageRecord
                {
                    ExamId = exam.Id,
                    ReaderId = rado.Id,
                    SopInstanceUid = image.SopInstanceUid,
                    FramesSeen = image.NumberOfFrames,
                    Share = 1,
                    At = clock.GetUtcNow(),
                }
            );
        }
        await db.SaveChangesAsync();
        var report = new ReportSections
        {
            ClinicalInformation = drawing.Indication,
            Technique = "Two views of the left wrist.",
            Findings =
                "A fine lucent line crosses the distal left radius without displacement. Carpal alignment is normal.",
            Impression = "Undisplaced hairline fracture of the distal left radius.",
            Recommendations = "X-ray of the wrist in 10 to 14 days",
        };
        await s.GetRequiredService<SaveDraft>().RunAsync(exam.Id, rado, report, 0);
        var factor = s.GetRequiredService<ISecondFactor>();
        var attestation = new JsonObject
        {
            ["displaySetId"] = "station-1",
            ["alertCategory"] = "none",
            ["secondFactor"] = await factor.VerifyAsync(rado.Id, await factor.DemonstrationCodeAsync(rado.Id) ?? ""),
        };
        ReferAndBook.Must(await s.GetRequiredService<SignReport>().RunAsync(exam.Id, rado, attestation));
        var delivered = await desk.WaitAsync(exam.Id, e => e.Delivery is "received");

        var office = s.GetRequiredService<AnswerResult>();
        ReferAndBook.Must(await office.AcknowledgeAsync(exam.Id, rita, delivered.ReportHash));
        ReferAndBook.Must(
            await office.ReviewAsync(
                exam.Id,
                rita,
                "Undisplaced fracture of the distal radius, fits the fall.",
                "Splint for four weeks, X-ray in two weeks.",
                ["accepted"]
            )
        );
        ReferAndBook.Must(
            await office.DiscussAsync(exam.Id, rita, "telephone", "patient", "none", "Explained splint and follow-up.")
        );
        ReferAndBook.Must(
            await office.ReleaseAsync(
                exam.Id,
                rita,
                "You have a very fine crack in your wrist. It will heal in a splint. We will take another X-ray in two weeks."
            )
        );
        await s.GetRequiredService<ReleasedResults>().OpenAsync(exam.Id, paul);
        ReferAndBook.Must(await office.CloseAsync(exam.Id, rita));

        foreach (
            var e in await db.Set<LedgerEntry>()
                .AsNoTracking()
                .Where(e => e.ExamId == exam.Id)
                .OrderBy(e => e.Sequence)
                .ToListAsync()
        )
        {
            await output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{e.Sequence, 3}  {e.At:HH:mm:ss.fff}  {e.Step, -3} {e.Event, -18} {e.From} -> {e.To}   {e.ActorName} ({e.Role})   {e.Hash[..12]}"
                )
            );
        }
        var faults = await s.GetRequiredService<LedgerVerifier>().FaultsAsync(exam.Id, CancellationToken.None);
        await output.WriteLineAsync(faults.Count == 0 ? "The chain verifies." : string.Join('\n', faults));
        return faults.Count == 0;
    }

    private static async Task TakeAsync(
        PathwayEngine pathway,
        Guid exam,
        string step,
        Actor actor,
        JsonObject evidence
    ) => ReferAndBook.Must(await pathway.TakeAsync(new StepRequest(exam, step, actor, evidence)));
}
