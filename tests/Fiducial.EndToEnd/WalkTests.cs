using Fiducial.Pathway.Exams;
using Fiducial.Server.Demonstration;

namespace Fiducial.EndToEnd;

/// <summary>
/// One exam all the way, by six people in six browser sessions: images that dcmtk's storescu sends become a preview, a diagnostic
/// image, a signed report in the doctor's inbox and a released result on the patient's page.
/// </summary>
[Collection(nameof(House))]
public sealed class WalkTests(House house, ITestOutputHelper output)
{
    [Fact]
    public async Task A_real_CT_walks_from_referral_to_the_patients_page()
    {
        House.Needs("storescu", "dcmodify");
        var samples = Samples.Files(Path.Combine("dicom", "series", "ct-3-slices")).ToArray();
        await WalkAsync(
            new Plan(
                "sample-ct",
                "CT-GENERAL",
                "FID-0001",
                "paul",
                async (order, folder) =>
                {
                    var files = samples.Select(s => Path.Combine(folder, Path.GetFileName(s))).ToArray();
                    foreach (var (from, to) in samples.Zip(files))
                    {
                        await File.WriteAllBytesAsync(to, await File.ReadAllBytesAsync(from));
                        await Dcmtk.ModifyAsync(to, Identity(order));
                    }
                    return files;
                }
            )
        );
    }

    [Fact]
    public async Task A_drawn_bone_scan_walks_from_referral_to_the_patients_page()
    {
        House.Needs("storescu");
        await WalkAsync(
            new Plan(
                "drawn-nm",
                "NM-BONE",
                "FID-0002",
                "petra",
                (order, folder) =>
                {
                    var drawn = DemonstrationExams.All.Single(e => e.ProtocolCode is "NM-BONE");
                    return Task.FromResult<IReadOnlyList<string>>([.. Drawing.Files(drawn, order, folder)]);
                }
            )
        );
    }

    private async Task WalkAsync(Plan plan)
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-modality-").FullName;
        await using var walk = new Walk(house, plan);
        try
        {
            await walk.SignInAsync();
            await walk.ReferAsync();
            await walk.ProtocolAsync();
            await walk.BookAndReceiveAsync();
            await walk.StartAsync();
            await walk.SendAsync(folder);
            output.WriteLine($"{await TechnologistAtEveryDoor.PreviewsStaySmallAsync(walk)} pictures, all small");
            await walk.CompleteAndDepartAsync();
            await PatientWaitsAsync(walk, "departed");
            await walk.OpenInReadingRoomAsync();
            await ReadingTruth.ProveAsync(walk.Radiologist, walk.Sent);
            await walk.WriteReportAsync();
            await walk.SignAsync();
            var before = await PatientWaitsAsync(walk, "report-sent");
            await walk.ReadAndReviewAsync();
            (await walk.Patient.BytesAsync("/my"))
                .Should()
                .Be(before, "the patient does not see that the doctor has decided");
            await walk.TalkAsync();
            (await walk.Patient.BytesAsync("/my")).Should().Be(before, "the patient does not see the doctor's notes");
            await walk.ReleaseAsync();
            await walk.ReadResultAsPatientAsync();
            await walk.CloseAsync();
            await TechnologistAtEveryDoor.TryAsync(house.Clinic, walk, output);
            await PrivacyOfficerVerifiesAsync(walk);
            walk.Complaints.Should().BeEmpty("no page complains on its console");
            walk.Album.Count.Should().BeGreaterThan(25);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            walk.Figures.ForEach(output.WriteLine);
            output.WriteLine($"{walk.Album.Count} pictures of pages: {walk.Album.Folder}");
        }
    }

    // Status and dates, and not a word of the result; whoever asks for it before release gets the answer of what does not exist.
    private static async Task<string> PatientWaitsAsync(Walk walk, string name)
    {
        await walk.Patient.GoAsync("/my");
        await walk.Patient.LookAsync(name);
        var page = await walk.Patient.BytesAsync("/my");
        page.Should().Contain(walk.Accession).And.NotContainAny(Walk.Telling);
        var early = await walk.Patient.Http.GetAsync($"/my/exams/{walk.Exam}");
        var never = await walk.Patient.Http.GetAsync($"/my/exams/{Guid.NewGuid()}");
        early.Status.Should().Be(404);
        (await early.BodyAsync()).Should().Equal(await never.BodyAsync());
        return page;
    }

    private static async Task PrivacyOfficerVerifiesAsync(Walk walk)
    {
        var officer = await walk.SignInAsync("prisca");
        await officer.GoAsync("/privacy?verify=true");
        await officer.LookAsync("chains");
        (await officer.Page.InnerTextAsync("main [role=status]")).Should().Contain("Every chain is whole");
        await officer.GoAsync($"/privacy/exams/{walk.Exam}");
        await officer.LookAsync("ledger");
        var ledger = await officer.Page.InnerTextAsync("main");
        ledger.Should().NotContainAny(Walk.Telling);
        foreach (
            var step in (string[])
                [
                    "O1",
                    "O5",
                    "O7",
                    "E1",
                    "E3",
                    "I1",
                    "I3",
                    "E5",
                    "I6",
                    "E10",
                    "R1",
                    "R2",
                    "R4",
                    "R6",
                    "D1",
                    "D2",
                    "D3",
                    "U1",
                    "U2",
                    "U9",
                    "U10",
                    "L2",
                    "L11",
                    "U11",
                ]
        )
        {
            ledger.Should().MatchRegex($@"\b{step}\b");
        }
    }

    private static (string, string)[] Identity(ExamRecord order) =>
        [
            ("(0010,0010)", order.PatientName),
            ("(0010,0020)", order.PatientId),
            ("(0010,0030)", order.PatientBirthDate),
            ("(0010,0040)", order.PatientSex),
            ("(0008,0050)", order.AccessionNumber),
        ];
}
