using System.Net;
using Fiducial.Archive;
using Fiducial.Archive.Retention;
using Fiducial.Dicom;
using Fiducial.Pathway.Audit;
using Fiducial.Server.Commands;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Server.Tests;

public sealed class RetentionTests
{
    private const string Page = "/privacy/retention";

    [Fact]
    public async Task In_a_clinic_two_people_delete_what_is_due_and_finished_and_a_hold_stops_it_to_the_last_moment()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var deleted = await clinic.ExamAsync(Chapter.Closed);
        var held = await clinic.ExamAsync(Chapter.Closed);
        var open = await clinic.ExamAsync(Chapter.Signed, clinic.OtherPatient);
        var study = (await clinic.ExamAsync(deleted)).StudyInstanceUid;
        var heldStudy = (await clinic.ExamAsync(held)).StudyInstanceUid;
        (await clinic.PrivacyOfficer.Opens(Page)).Words.Should().Contain("Nothing is due.");
        // Their sessions end in between.
        clinic.Clock.Turn(TimeSpan.FromDays(17 * 366));
        var officer = new Person(clinic, clinic.PrivacyOfficer.Name);
        var director = new Person(clinic, clinic.MedicalDirector.Name);
        var radiologist = new Person(clinic, clinic.Radiologist.Name);
        using var _ = officer;
        using var __ = director;
        using var ___ = radiologist;

        var page = await officer.Opens(Page);
        page.Words.Should().Contain("16 years after the last exam of the patient");
        page.Text.Should().Contain(study).And.Contain(heldStudy);
        page.Text.Should().NotContain((await clinic.ExamAsync(open)).StudyInstanceUid, "its case is not closed");
        (await radiologist.Opens(Page)).Status.Should().Be(HttpStatusCode.NotFound);
        page = await officer.FillsIn(Page, $"{Page}/request", ("study", study), ("study", heldStudy));
        page.Refusal.Should().BeNull();
        var deletions = clinic.Services.GetRequiredService<Deletions>();
        var requests = deletions.Waiting().Select(d => ("request", $"{d.Id}")).ToList();
        requests.Should().HaveCount(2);

        // Nobody approves what they asked for themselves, and nobody without the office approves anything.
        (string, string) approve = ("decision", "approve");
        (await officer.FollowsAsync(await officer.Posts($"{Page}/decide", [.. requests, approve])))
            .Refusal.Should()
            .Contain("another person");
        (await radiologist.Posts($"{Page}/decide", [.. requests, approve])).Status.Should().Be(HttpStatusCode.NotFound);
        deletions.Waiting().Should().HaveCount(2);
        (await director.FollowsAsync(await director.Posts($"{Page}/decide", [.. requests, approve])))
            .Refusal.Should()
            .BeNull();
        await officer.FillsIn(
            $"/privacy/exams/{held}",
            $"/privacy/exams/{held}/legal-hold",
            ("orderReference", "court file 12")
        );
        (await clinic.ExamAsync(held)).LegalHold.Should().BeTrue();
        await clinic.Services.GetRequiredService<ICarryOutDeletions>().RunAsync(TestContext.Current.CancellationToken);

        var images = clinic.Services.GetRequiredService<IImageArchive>();
        images.FindStudy(study).Should().BeEmpty();
        images.FindStudy(heldStudy).Should().HaveCount(2);
        page = await officer.Opens(Page);
        page.Words.Should().Contain("must be kept after all").And.Contain("deleted");
        page.Text.Should().NotContain(heldStudy, "it is on hold");
        foreach (var (of, status) in new[] { (study, HttpStatusCode.NotFound), (heldStudy, HttpStatusCode.OK) })
        {
            using var answer = await radiologist.RequestsAsync(
                HttpMethod.Get,
                $"/dicomweb/studies/{of}/metadata",
                accept: "application/dicom+json"
            );
            answer.StatusCode.Should().Be(status);
        }
        // The case itself stays, and so does its ledger.
        (await radiologist.Opens($"/reading-room/exams/{deleted}"))
            .Status.Should()
            .Be(HttpStatusCode.OK);
        (await clinic.FaultsAsync()).Should().BeEmpty();
        var recorded = await clinic.InDatabaseAsync(db =>
            db.Set<AuditEntry>()
                .Where(a => a.ExamId == deleted && a.What.StartsWith(Page))
                .OrderBy(a => a.Sequence)
                .Select(a => a.ActorId + " " + a.What)
                .ToListAsync()
        );
        recorded.Should().Equal($"prisca {Page}: deletion asked for", $"mona {Page}: deletion approved");
    }

    [Fact]
    public async Task The_command_line_of_an_archive_holds_lifts_and_deletes_what_is_due_once_its_number_is_confirmed()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-retention-");
        try
        {
            string[] data = ["--data", folder.FullName];
            Task<int> SayAsync(params string[] words) => CommandLine.RunAsync(["retention", .. words, .. data]);
            (await SayAsync("list")).Should().Be(1, "there is no archive yet");
            DataFolder.Claim(folder.FullName, "archive");
            var clock = new TurnedClock();
            clock.Turn(TimeSpan.FromDays(-20 * 366));
            string study;
            await using (var archive = Open(folder.FullName, clock))
            {
                study = await StoreAsync(archive);
            }
            (await SayAsync("list")).Should().Be(0);
            (await SayAsync("apply", "--study", "1.2.3", "--confirm", "1")).Should().Be(1, "it is not due");
            (await SayAsync("apply")).Should().Be(1, "nobody has confirmed it");
            (await SayAsync("apply", "--confirm", "2")).Should().Be(1, "it is one study");
            (await SayAsync("hold", "--study", study, "--reason", "court file 12")).Should().Be(0);
            (await SayAsync("apply", "--confirm", "1")).Should().Be(1, "nothing is due");
            (await SayAsync("lift", "--study", "1.2.3", "--reason", "settled")).Should().Be(1);
            (await SayAsync("lift", "--study", study, "--reason", "settled")).Should().Be(0);
            await using (var open = Open(folder.FullName, TimeProvider.System))
            {
                open.GetRequiredService<IImageArchive>().FindStudy(study).Should().ContainSingle();
                // Beside an open archive it is approved; the archive itself deletes.
                (await SayAsync("apply", "--confirm", "1"))
                    .Should()
                    .Be(0);
                open.GetRequiredService<IImageArchive>().FindStudy(study).Should().ContainSingle();
                await open.GetRequiredService<ICarryOutDeletions>().RunAsync(TestContext.Current.CancellationToken);
                open.GetRequiredService<IImageArchive>().FindStudy(study).Should().BeEmpty();
            }
            (await SayAsync("log")).Should().Be(0);
            (await SayAsync("apply", "--confirm", "0")).Should().Be(0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ServiceProvider Open(string data, TimeProvider clock)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(clock);
        services.AddArchive(
            new ArchiveOptions
            {
                Folder = Path.Combine(data, "archive"),
                RunsWorkers = false,
                LeastFreeSpace = 0,
            }
        );
        return services.BuildServiceProvider();
    }

    private static async Task<string> StoreAsync(ServiceProvider archive)
    {
        var set = new DicomDataSet()
            .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
            .Set(DicomTags.SOPInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.StudyInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.SeriesInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.Modality, "CT")
            .Set(DicomTags.StudyDate, "20040101")
            .Set(DicomTags.PatientID, "P1")
            .Set(DicomTags.PatientBirthDate, "19700101");
        using var bytes = new MemoryStream();
        DicomFile.WriteDataSet(bytes, set, TransferSyntax.ExplicitVRLittleEndian);
        await using var receipt = await archive
            .GetRequiredService<Dicom.Network.IStoreService>()
            .BeginAsync(
                new Dicom.Network.StoreRequest(
                    "CT1",
                    "FIDUCIAL",
                    new IPEndPoint(IPAddress.Loopback, 1),
                    set.GetString(DicomTags.SOPClassUID)!,
                    set.GetString(DicomTags.SOPInstanceUID)!,
                    TransferSyntax.ExplicitVRLittleEndian
                ),
                CancellationToken.None
            );
        await receipt.WriteAsync(bytes.ToArray(), CancellationToken.None);
        (await receipt.CompleteAsync(CancellationToken.None)).IsSuccess.Should().BeTrue();
        return set.GetString(DicomTags.StudyInstanceUID)!;
    }
}
