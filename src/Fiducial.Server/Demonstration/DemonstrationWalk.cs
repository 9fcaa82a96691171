using Fiducial.DoctorsOffice;
using Fiducial.Results.Release;
using Fiducial.Results.Reports;
using Fiducial.Server.Demonstration.Stories;

namespace Fiducial.Server.Demonstration;

/// <summary><c>fiducial demo --walk</c>: one exam from referral to release; every ledger entry is printed.</summary>
internal static class DemonstrationWalk
{
    public static async Task<bool> RunAsync(IServiceProvider services, int dicomPort, TextWriter output)
    {
        await using var scope = services.CreateAsyncScope();
        var s = scope.ServiceProvider;
        var walk = ActivatorUtilities.CreateInstance<WalkedExam>(s);
        Action<TimeSpan> still = _ => throw new InvalidOperationException("The main line turns no clock.");
        var narrator = ActivatorUtilities.CreateInstance<Narrator>(s, still, output);
        var drawing = DemonstrationExams.All[0];

        var exam = (await walk.ToReadingAsync(drawing, "FID-0001", dicomPort)).Id;
        var report = new ReportSections
        {
            ClinicalInformation = drawing.Indication,
            Technique = "Two views of the left wrist.",
            Findings =
                "A fine lucent line crosses the distal left radius without displacement. Carpal alignment is normal.",
            Impression = "Undisplaced hairline fracture of the distal left radius.",
            Recommendations = "X-ray of the wrist in 10 to 14 days",
        };
        var delivered = await walk.ToInboxAsync(exam, report);
        await walk.ReviewAsync(
            delivered,
            "rita",
            "Undisplaced fracture of the distal radius, fits the fall.",
            "Splint for four weeks, X-ray in two weeks."
        );
        await walk.TalkAndReleaseAsync(
            exam,
            "rita",
            "You have a very fine crack in your wrist. It will heal in a splint. We will take another X-ray in two weeks."
        );
        await s.GetRequiredService<ReleasedResults>().OpenAsync(exam, await walk.ActorAsync("paul"));
        ReferAndBook.Must(await s.GetRequiredService<AnswerResult>().CloseAsync(exam, await walk.ActorAsync("rita")));
        return await narrator.LedgerAsync(exam);
    }
}
