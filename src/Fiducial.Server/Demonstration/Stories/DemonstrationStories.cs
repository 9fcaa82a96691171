using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Coordination;
using Fiducial.DoctorsOffice;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Release;
using Fiducial.Results.Reports;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Demonstration.Stories;

/// <summary>
/// Six stories off the main line, through the real steps: a critical finding, an addendum after release, a doctor on leave, a doctor who
/// never answers, a wrong patient, a formal request for access. The ledger of each exam is printed, entry by entry.
/// </summary>
internal sealed class DemonstrationStories(
    WalkedExam walk,
    Narrator narrator,
    CorrectReport correct,
    SaveDraft save,
    CoverAbsence cover,
    MatchImages match,
    ReleasedResults results,
    BusinessCalendar calendar,
    TimeProvider clock,
    int dicomPort
)
{
    // The bone scan: small, and soon drawn.
    private static readonly DemonstrationExam Drawing = DemonstrationExams.All[^1];

    private static readonly ReportSections Report = new()
    {
        ClinicalInformation = Drawing.Indication,
        Technique = "Whole body views from front and back.",
        Findings = "A focus of raised uptake at the eighth thoracic vertebra.",
        Impression = "Compression fracture of the eighth thoracic vertebra.",
        Recommendations = "MRI of the thoracic spine",
    };

    /// <param name="turn">Turns the clock that the whole clinic takes.</param>
    public static async Task<bool> RunAsync(
        IServiceProvider services,
        int dicomPort,
        Action<TimeSpan> turn,
        TextWriter output
    )
    {
        var whole = true;
        foreach (
            var story in (Func<DemonstrationStories, Task<bool>>[])
                [
                    s => s.CriticalAsync(),
                    s => s.AddendumAsync(),
                    s => s.OnLeaveAsync(),
                    s => s.NeverAnswersAsync(),
                    s => s.WrongPatientAsync(),
                    s => s.AccessRequestAsync(),
                ]
        )
        {
            await using var scope = services.CreateAsyncScope();
            whole &= await story(Of(scope.ServiceProvider, dicomPort, turn, output));
        }
        await using var last = services.CreateAsyncScope();
        var faults = await last
            .ServiceProvider.GetRequiredService<LedgerVerifier>()
            .FaultsAsync(CancellationToken.None);
        var exams = await last.ServiceProvider.GetRequiredService<ClinicDb>().Set<ExamRecord>().CountAsync();
        await output.WriteLineAsync(
            faults.Count == 0
                ? $"\nAll {exams.ToString(CultureInfo.InvariantCulture)} ledgers verify."
                : string.Join('\n', faults)
        );
        return whole && faults.Count == 0;
    }

    private static DemonstrationStories Of(
        IServiceProvider s,
        int dicomPort,
        Action<TimeSpan> turn,
        TextWriter output
    ) =>
        new(
            ActivatorUtilities.CreateInstance<WalkedExam>(s),
            ActivatorUtilities.CreateInstance<Narrator>(s, turn, output),
            s.GetRequiredService<CorrectReport>(),
            s.GetRequiredService<SaveDraft>(),
            s.GetRequiredService<CoverAbsence>(),
            s.GetRequiredService<MatchImages>(),
            s.GetRequiredService<ReleasedResults>(),
            s.GetRequiredService<BusinessCalendar>(),
            s.GetRequiredService<TimeProvider>(),
            dicomPort
        );

    private async Task<bool> CriticalAsync()
    {
        await narrator.HeadAsync("A critical finding is read back");
        var exam = (await walk.ToReadingAsync(Drawing, "FID-0001", dicomPort)).Id;
        await walk.ToInboxAsync(exam, Report, alertCategory: "1");
        await CallAsync(exam, missedFirst: true);
        var now = await walk.WaitAsync(exam, e => e.Alert is "satisfied");
        await walk.ReviewAsync(now, "rita", "Fits the pain; the patient is called in today.", "MRI today.");
        return await narrator.LedgerAsync(exam);
    }

    private async Task CallAsync(Guid exam, bool missedFirst)
    {
        var now = await walk.WaitAsync(exam, e => e.Alert is "raised");
        await walk.TakeAsync(
            exam,
            "A2",
            "rado",
            new JsonObject
            {
                ["target"] = now.CriticalContact,
                ["outcome"] = missedFirst ? "no answer" : "speaking with a doctor",
            }
        );
        if (missedFirst)
        {
            await narrator.TurnAsync(TimeSpan.FromMinutes(10));
            await walk.TakeAsync(
                exam,
                "A2",
                "rado",
                new JsonObject { ["target"] = "Dr Rita Referrer, mobile", ["outcome"] = "speaking with a doctor" }
            );
        }
        const string message = "Compression fracture of the eighth thoracic vertebra: see the patient today.";
        await walk.SayAsync(
            exam,
            "A3",
            "rado",
            new JsonObject
            {
                ["person"] = "Dr Rita Referrer",
                ["personRole"] = "REF",
                ["contact"] = "555-0101",
                ["saidAt"] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
            },
            new JsonObject { ["message"] = message, ["readBack"] = message }
        );
    }

    private async Task<bool> AddendumAsync()
    {
        await narrator.HeadAsync("An addendum after release");
        var exam = (await walk.ToReadingAsync(Drawing, "FID-0001", dicomPort)).Id;
        var delivered = await walk.ToInboxAsync(exam, Report);
        await walk.ReviewAsync(delivered, "rita", "Fits the pain.", "Pain relief, MRI, physiotherapy.");
        await walk.TalkAndReleaseAsync(exam, "rita", "One bone of your back is pressed together a little.");
        var paul = await walk.ActorAsync("paul");
        await results.OpenAsync(exam, paul);

        var rado = await walk.ActorAsync("rado");
        ReferAndBook.Must(await correct.StartAsync(exam, rado, "missed finding"));
        var second = Report with { Findings = Report.Findings + " A second focus at the second lumbar vertebra." };
        second = second with
        {
            Impression = "Compression fractures of the eighth thoracic and the second lumbar vertebra.",
        };
        await save.RunAsync(exam, rado, second, 1);
        await walk.SignAsync(exam, new JsonObject { ["alertCategory"] = "2", ["materiality"] = "material" });
        await narrator.SayAsync("The release is shut and the duty is open again; the patient reads nothing meanwhile.");
        await CallAsync(exam, missedFirst: false);
        var again = await walk.WaitAsync(exam, e => e.DeliveredVersion == 2 && e.Delivery is "received");
        await walk.ReviewAsync(again, "rita", "Two vertebrae.", "Bone density; spine clinic.");
        await walk.TalkAndReleaseAsync(
            exam,
            "rita",
            "A second bone of your back is pressed together. We look at your bones together."
        );
        await results.OpenAsync(exam, paul);
        await walk.TakeAsync(exam, "U11", "rita", []);
        return await narrator.LedgerAsync(exam);
    }

    private async Task<bool> OnLeaveAsync()
    {
        await narrator.HeadAsync("A doctor on leave");
        var (rita, otto) = (await walk.ActorAsync("rita"), await walk.ActorAsync("otto"));
        var open = (await walk.ToReadingAsync(Drawing, "FID-0001", dicomPort)).Id;
        await walk.ToInboxAsync(open, Report);
        var today = calendar.LocalDate(clock.GetUtcNow());
        Must(await cover.AskAsync(rita, otto.Id, today, today.AddDays(14), exam: null));
        var asked = (await cover.OpenAsync(otto.Id))[0];
        Must(await cover.AcceptAsync(otto, asked));
        await narrator.SayAsync(
            "Rita is away for two weeks, Otto has accepted. The result that was open moves to Otto:"
        );
        var moved = await walk.WaitAsync(
            open,
            e => e.HolderId == "otto" && e is { DeliveredVersion: 1, Delivery: "received" }
        );
        await walk.ReviewAsync(moved, "otto", "Fits the pain.", "Pain relief, MRI, physiotherapy.");
        var isWhole = await narrator.LedgerAsync(open);

        await narrator.SayAsync("The next result comes to Otto at once:");
        var next = (await walk.ToReadingAsync(Drawing, "FID-0001", dicomPort)).Id;
        var delivered = await walk.ToInboxAsync(next, Report);
        await walk.ReviewAsync(delivered, "otto", "Fits the pain.", "Pain relief, MRI, physiotherapy.");
        isWhole &= await narrator.LedgerAsync(next);
        await cover.EndAsync(rita, asked);
        return isWhole;
    }

    private async Task<bool> NeverAnswersAsync()
    {
        await narrator.HeadAsync("A doctor who never answers");
        var exam = (await walk.ToReadingAsync(Drawing, "FID-0002", dicomPort)).Id;
        await walk.ToInboxAsync(exam, Report);
        foreach (var timer in (string[])["reminder 1", "reminder 2", "no response", "telephone", "director"])
        {
            await narrator.TurnToAsync(exam, timer);
        }
        await walk.TakeAsync(
            exam,
            "U8",
            "mona",
            new JsonObject { ["holderId"] = "mona", ["letter"] = "letter to Dr Referrer" }
        );
        var taken = await walk.WaitAsync(exam, e => e is { DeliveredVersion: 1, Delivery: "received" });
        await walk.ReviewAsync(taken, "mona", "Fits the pain; the doctor cannot be reached.", "Spine clinic.");
        await walk.TalkAndReleaseAsync(
            exam,
            "mona",
            "One bone of your back is pressed together a little. Please come to the spine clinic."
        );
        return await narrator.LedgerAsync(exam);
    }

    private async Task<bool> WrongPatientAsync()
    {
        await narrator.HeadAsync("A wrong patient");
        var exam = (await walk.ToReadingAsync(Drawing, "FID-0002", dicomPort)).Id;
        await walk.ToInboxAsync(exam, Report);
        await walk.TakeAsync(
            exam,
            "I9",
            "rita",
            new JsonObject { ["suspicion"] = "These are not her bones: she has a hip of metal." }
        );
        await narrator.SayAsync(
            "The case is frozen for everyone but the radiologist, the director and the privacy officer."
        );
        ReferAndBook.Must(
            await correct.WithdrawAsync(
                exam,
                await walk.ActorAsync("rado"),
                "wrong patient",
                "The images are another patient's. Disregard this report."
            )
        );
        ReferAndBook.Must(
            await match.RunAsync(exam, await walk.ActorAsync("cora"), "FID-0003", "", secondPersonId: "mona")
        );
        await walk.WaitAsync(exam, e => e.Images is "verified");
        await walk.TakeAsync(
            exam,
            "B7",
            "mona",
            new JsonObject { ["resolution"] = "Sam Sample was called in under Petra's name; both doctors are told." }
        );
        await narrator.TurnAsync(TimeSpan.FromSeconds(1));
        await walk.WaitAsync(exam, e => e.Report is "unread");
        await walk.ToInboxAsync(exam, Report);
        return await narrator.LedgerAsync(exam);
    }

    private async Task<bool> AccessRequestAsync()
    {
        await narrator.HeadAsync("A formal request for access");
        var exam = (await walk.ToReadingAsync(Drawing, "FID-0001", dicomPort)).Id;
        var delivered = await walk.ToInboxAsync(exam, Report);
        await walk.ReviewAsync(delivered, "rita", "Fits the pain.", "Pain relief, MRI, physiotherapy.");
        var paul = await walk.ActorAsync("paul");
        await walk.TakeAsync(exam, "L7", "paul", new JsonObject { ["identityProofed"] = true });
        var asked = clock.GetUtcNow();
        await narrator.SayAsync("The privacy officer asks the doctor, who has two business days and cannot block.");
        await narrator.TurnToAsync(exam, "request triage");
        await walk.SayAsync(
            exam,
            "L8",
            "prisca",
            new JsonObject { ["holderAskedAt"] = asked.ToString("O", CultureInfo.InvariantCulture) },
            new JsonObject { ["letter"] = "You may read your report and see your images from today." }
        );
        await results.OpenAsync(exam, paul);
        return await narrator.LedgerAsync(exam);
    }

    private static void Must(string? problem)
    {
        if (problem is not null)
        {
            throw new InvalidOperationException(CoverAbsence.Problems[problem]);
        }
    }
}
