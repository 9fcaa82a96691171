using System.Net;
using System.Text;
using Fiducial.Archive.Previews;
using Fiducial.Archive.Retention;
using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

public sealed class RetentionTests
{
    private static readonly TimeSpan SeventeenYears = TimeSpan.FromDays(17 * 366);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_what_is_due_is_listed_and_a_later_exam_of_the_patient_keeps_the_earlier_ones()
    {
        var clock = new TurnedClock();
        await using var archive = new TemporaryArchive(clock: clock);
        var old = await StudyAsync(archive, "P1");
        var alsoOfP2 = await StudyAsync(archive, "P2");
        await DueAsync(archive).ContinueWith(d => d.Result.Should().BeEmpty());
        clock.Turn(SeventeenYears);
        await StudyAsync(archive, "P2", date: "20430101");
        var due = (await DueAsync(archive)).Should().ContainSingle().Subject;
        due.StudyInstanceUid.Should().Be(old);
        due.Objects.Should().Be(2);
        due.Rule.Should().Contain("16 years after the last exam");
        alsoOfP2.Should().NotBe(old);
        // A study without a date, or with one that was not yet, is of the day on which it came.
        await StudyAsync(archive, "P3", date: "");
        await StudyAsync(archive, "P4", date: "29990101");
        await StudyAsync(archive, "P5", date: "1.1.1990");
        (await DueAsync(archive)).Should().ContainSingle();
        clock.Turn(SeventeenYears);
        (await DueAsync(archive)).Should().HaveCount(6);
    }

    [Fact]
    public async Task What_is_approved_is_gone_for_everyone_and_from_every_place_and_its_tombstone_says_why()
    {
        var clock = new TurnedClock();
        await using var archive = new TemporaryArchive(clock: clock);
        using var web = await archive.OpenWebAsync();
        var study = await StudyAsync(archive, "P1", name: "Vanishing^Vera");
        var kept = await StudyAsync(archive, "P2");
        foreach (var one in (string[])[study, kept])
        {
            (await archive.Get<IImageVerification>().VerifyStudyAsync(one, Ct)).Ok.Should().BeTrue();
            (await web.GetAsync($"/dicomweb/studies/{one}/metadata", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
            foreach (var instance in archive.Images.FindStudy(one))
            {
                (await archive.Get<IPreviewDoor>().OpenAsync(instance.SopInstanceUid, Ct)).Should().NotBeNull();
            }
        }
        var objects = archive.Images.FindStudy(study);
        // Other bytes under one of its UIDs wait in the quarantine: they are of the same patient.
        var other = TestImages.Grey(9, 9, studyUid: study).Set(DicomTags.SOPInstanceUID, objects[0].SopInstanceUid);
        (await archive.StoreAsync(other)).IsSuccess.Should().BeTrue();
        clock.Turn(SeventeenYears);
        await StudyAsync(archive, "P2", date: "20430101");

        (await DeleteAsync(archive, study)).Should().BeEmpty();

        archive.Images.FindStudy(study).Should().BeEmpty();
        archive.Get<IQuarantine>().List(0, 10).Should().BeEmpty();
        (await web.GetAsync($"/dicomweb/studies/{study}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await web.GetStringAsync("/dicomweb/studies", Ct)).Should().NotContain(study).And.NotContain("Vanishing");
        var files = Directory.GetFiles(archive.Folder, "*", SearchOption.AllDirectories);
        files
            .Count(f => f.EndsWith(".dcm", StringComparison.Ordinal))
            .Should()
            .Be(6, "two studies and one's second copy");
        files.Count(f => f.EndsWith(".jpg", StringComparison.Ordinal)).Should().Be(2);
        foreach (var file in files.Where(f => f.Contains("metadata.db", StringComparison.Ordinal)))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await open.CopyToAsync(bytes, Ct);
            Encoding.Latin1.GetString(bytes.ToArray()).Should().NotContain("Vanishing", file);
        }
        var tombstones = archive.Get<Deletions>().Tombstones(study);
        tombstones.Should().HaveCount(3).And.OnlyContain(t => t.RemovedAt != null && t.By.DecidedBy == "second");
        tombstones.Select(t => t.Sha256).Should().Contain(objects.Select(o => o.Sha256));
        tombstones.Select(t => t.Length).Should().Contain(objects.Select(o => o.Length));
        var deletion = archive.Get<Deletions>().List().Should().ContainSingle().Subject;
        (deletion.RequestedBy, deletion.DecidedBy, deletion.BytesLeft).Should().Be(("first", "second", 0));
        deletion.Rule.Should().Contain("16 years after the last exam");
        // What is left verifies, and can be added to.
        (await archive.Get<IImageVerification>().VerifyStudyAsync(kept, Ct))
            .Ok.Should()
            .BeTrue();
        await StudyAsync(archive, "P1", date: "20430101");
    }

    [Fact]
    public async Task A_hold_stops_a_deletion_even_one_that_is_approved_and_changes_no_access()
    {
        var clock = new TurnedClock();
        await using var archive = new TemporaryArchive(clock: clock);
        var study = await StudyAsync(archive, "P1");
        clock.Turn(SeventeenYears);
        var holds = archive.Get<LegalHolds>();
        var due = (await DueAsync(archive)).Single();
        holds.Put(study, "court order 12", "counsel");
        (await DueAsync(archive)).Should().BeEmpty();
        holds.Lift(study, "settled", "counsel").Should().Be(1);
        (await DueAsync(archive)).Should().ContainSingle();

        var deletions = archive.Get<Deletions>();
        var id = deletions.Request(due, "first")!.Value;
        deletions.Request(due, "first").Should().BeNull("it is asked for already");
        deletions.Decide(id, approves: true, "second").Should().BeTrue();
        deletions.Decide(id, approves: false, "third").Should().BeFalse("it is decided");
        holds.Put(study, "court order 13", "counsel");
        var refused = await archive.Get<ICarryOutDeletions>().RunAsync(Ct);
        refused.Should().ContainSingle().Which.Refusal.Should().Contain("legal hold");
        archive.Images.FindStudy(study).Should().HaveCount(2);
        (await archive.Get<IImageVerification>().VerifyStudyAsync(study, Ct)).Ok.Should().BeTrue();
        // Lifted, it needs a request and a decision of its own.
        holds.Lift(study, "settled", "counsel");
        await archive.Get<ICarryOutDeletions>().RunAsync(Ct);
        archive.Images.FindStudy(study).Should().HaveCount(2);
        (await DeleteAsync(archive, study)).Should().BeEmpty();
        archive.Images.FindStudy(study).Should().BeEmpty();
        holds.List().Should().HaveCount(2).And.OnlyContain(h => h.LiftedWhy == "settled");
    }

    [Fact]
    public async Task What_is_no_longer_due_or_has_grown_or_was_declined_is_kept()
    {
        var clock = new TurnedClock();
        await using var archive = new TemporaryArchive(clock: clock);
        var (returns, grows, declined) = (
            await StudyAsync(archive, "P1"),
            await StudyAsync(archive, "P2"),
            await StudyAsync(archive, "P3")
        );
        clock.Turn(SeventeenYears);
        var deletions = archive.Get<Deletions>();
        foreach (var due in await DueAsync(archive))
        {
            deletions.Decide(deletions.Request(due, "first")!.Value, due.StudyInstanceUid != declined, "second");
        }
        await StudyAsync(archive, "P1", date: "20430101");
        await archive.StoreAsync(
            TestImages.Grey(8, 8, studyUid: grows).Set(DicomTags.StudyDate, "20261124").Set(DicomTags.PatientID, "P2")
        );
        var refused = await archive.Get<ICarryOutDeletions>().RunAsync(Ct);
        refused.Should().HaveCount(2);
        refused.Single(r => r.StudyInstanceUid == returns).Refusal.Should().Contain("It is kept until");
        refused.Single(r => r.StudyInstanceUid == grows).Refusal.Should().NotBeEmpty();
        archive.Images.FindStudy(returns).Should().HaveCount(2);
        archive.Images.FindStudy(grows).Should().HaveCount(3);
        archive.Images.FindStudy(declined).Should().HaveCount(2);
    }

    [Fact]
    public async Task An_object_that_was_deleted_and_comes_again_goes_into_the_quarantine()
    {
        var clock = new TurnedClock();
        await using var archive = new TemporaryArchive(clock: clock);
        var set = TestImages.Grey(8, 8);
        (await archive.StoreAsync(set)).IsSuccess.Should().BeTrue();
        var study = set.GetString(DicomTags.StudyInstanceUID)!;
        clock.Turn(SeventeenYears);
        (await DeleteAsync(archive, study)).Should().BeEmpty();
        foreach (
            var again in (DicomDataSet[])
                [
                    set,
                    set,
                    TestImages.Grey(9, 9).Set(DicomTags.SOPInstanceUID, set.GetString(DicomTags.SOPInstanceUID)!),
                ]
        )
        {
            (await archive.StoreAsync(again)).IsSuccess.Should().BeTrue("its bytes are safe with us");
            archive.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!).Should().BeNull();
        }
        var waiting = archive.Get<IQuarantine>().List(0, 10);
        waiting
            .Should()
            .HaveCount(2, "the same bytes are kept once")
            .And.OnlyContain(q => q.Reason.Contains("retention schedule"));
        // Another object of the same study is new.
        (await archive.StoreAsync(TestImages.Grey(8, 8, studyUid: study)))
            .IsSuccess.Should()
            .BeTrue();
        archive.Images.FindStudy(study).Should().ContainSingle();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deletion_that_a_crash_cut_off_is_finished_at_the_next_start(bool inObjectStorage)
    {
        var clock = new TurnedClock();
        var store = inObjectStorage ? await RadosGateway.NewBucketAsync() : null;
        string folder,
            study;
        List<string> files;
        await using (var before = new TemporaryArchive(keepsFolder: true, clock: clock, store: store))
        {
            folder = before.Folder;
            study = await StudyAsync(before, "P1");
            (await before.Get<IImageVerification>().VerifyStudyAsync(study, Ct)).Ok.Should().BeTrue();
            files = [.. before.Images.FindStudy(study).Select(i => i.File)];
            clock.Turn(SeventeenYears);
            var deletions = before.Get<Deletions>();
            var id = deletions.Request((await DueAsync(before)).Single(), "first")!.Value;
            deletions.Decide(id, approves: true, "second");
            // The tombstones are on the disk; of the bytes only one first copy is gone when the power fails.
            before.Get<Entombment>().Run(id, new KnownOfStudy()).Should().BeNull();
            await before.Get<Files.IObjectStore>().RemoveAsync(files[0]);
            before.Images.FindStudy(study).Should().BeEmpty();
            deletions.List().Single().BytesLeft.Should().Be(2);
        }
        await using var after = new TemporaryArchive(folder, runsWorkers: true, clock: clock, store: store);
        after.Images.FindStudy(study).Should().BeEmpty();
        await after.Get<ICarryOutDeletions>().RunAsync(Ct);
        after.Get<IQuarantine>().List(0, 10).Should().BeEmpty("what was deleted is no orphan");
        after.Get<Deletions>().List().Single().BytesLeft.Should().Be(0);
        foreach (var file in files)
        {
            var first = () => after.Get<Files.IObjectStore>().OpenRead(file);
            first.Should().Throw<FileNotFoundException>();
            var second = () => after.Get<Files.IObjectStore>().OpenSecondCopy(file);
            second.Should().Throw<FileNotFoundException>();
        }
    }

    [Fact]
    public async Task Another_server_of_the_archive_forgets_what_it_made_and_goes_on()
    {
        var database = await TemporaryPostgres.NewDatabaseAsync();
        var store = await RadosGateway.NewBucketAsync();
        var clock = new TurnedClock();
        await using var one = new TemporaryArchive(clock: clock, database: database, store: store);
        await using var other = new TemporaryArchive(clock: clock, database: database, store: store);
        var study = await StudyAsync(other, "P1");
        var uid = other.Images.FindStudy(study)[0].SopInstanceUid;
        (await other.Get<IPreviewDoor>().OpenAsync(uid, Ct)).Should().NotBeNull();
        clock.Turn(SeventeenYears);
        (await DeleteAsync(one, study)).Should().BeEmpty();
        await other.Get<ICarryOutDeletions>().RunAsync(Ct);
        Directory.GetFiles(other.Folder, "*.jpg", SearchOption.AllDirectories).Should().BeEmpty();
        (await other.Get<IPreviewDoor>().OpenAsync(uid, Ct)).Should().BeNull();
        // The other remembered rows of the study that are gone; at the latest the second attempt is taken.
        var next = TestImages.Grey(8, 8, studyUid: study);
        var first = await other.StoreAsync(next);
        (first.IsSuccess ? first : await other.StoreAsync(next)).IsSuccess.Should().BeTrue();
        one.Images.FindStudy(study).Should().ContainSingle();
    }

    internal static async Task<string> StudyAsync(
        TemporaryArchive archive,
        string patientId,
        string date = "20261124",
        string name = "Doe^Jane"
    )
    {
        var study = DicomUidFactory.New();
        for (var i = 0; i < 2; i++)
        {
            var set = TestImages
                .Grey(40, 40, studyUid: study)
                .Set(DicomTags.PatientID, patientId)
                .Set(DicomTags.PatientName, name)
                .Set(DicomTags.StudyDate, date);
            (await archive.StoreAsync(set)).IsSuccess.Should().BeTrue();
        }
        return study;
    }

    private static Task<IReadOnlyList<DueStudy>> DueAsync(TemporaryArchive archive) =>
        archive.Get<RetentionSchedule>().DueAsync(100, Ct);

    private static async Task<IReadOnlyList<Deletion>> DeleteAsync(TemporaryArchive archive, string study)
    {
        var deletions = archive.Get<Deletions>();
        var due = (await archive.Get<RetentionSchedule>().OfAsync(study, Ct))!;
        deletions.Decide(deletions.Request(due, "first")!.Value, approves: true, "second");
        return await archive.Get<ICarryOutDeletions>().RunAsync(Ct);
    }
}
