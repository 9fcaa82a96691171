using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Tests;

public sealed class ReceivingTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_well_formed_sample_comes_back_byte_for_byte()
    {
        var paths = new[] { "transfer-syntax", "modality", "series" }
            .SelectMany(f => Samples.Files(Path.Combine("dicom", f)))
            .Where(IsWellFormed)
            .ToList();
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var identical = 0;
        foreach (var group in paths.Chunk(40))
        {
            var answers = await archive.SendAsync(group);
            for (var i = 0; i < group.Length; i++)
            {
                answers[i].IsSuccess.Should().BeTrue($"{group[i]}: {answers[i]}");
                var file = DicomFile.Read(group[i]);
                var sent = Padded(File.ReadAllBytes(group[i]).AsSpan((int)file.DataSetOffset));
                (await web.ReadBackAsync(file.DataSet.GetString(DicomTags.SOPInstanceUID)!))
                    .Exists(r => DicomWebClient.DataSetOf(r).AsSpan().SequenceEqual(sent))
                    .Should()
                    .BeTrue(group[i]);
                identical++;
            }
        }
        var quarantined = archive.Get<IQuarantine>().List(0, 1000).Count;
        output.WriteLine(
            Proof.Say(
                $"gate 4: {paths.Count} samples sent by our own sender, {identical} read back byte for byte by WADO-RS, {quarantined} of them from the quarantine"
            )
        );
        identical.Should().Be(paths.Count);
    }

    [Fact]
    public async Task The_same_object_twice_is_success_and_kept_once()
    {
        await using var archive = new TemporaryArchive();
        var set = TestImages.Grey(64, 64);
        (await archive.StoreAsync(set)).Should().Be(DimseStatus.Success);
        (await archive.StoreAsync(set)).Should().Be(DimseStatus.Success);
        archive.Images.FindStudy(set.GetString(DicomTags.StudyInstanceUID)!).Should().ContainSingle();
        InstanceFiles(archive.Folder).Should().ContainSingle();
        archive.Get<IQuarantine>().List(0, 10).Should().BeEmpty();
    }

    [Fact]
    public async Task Other_bytes_under_a_known_UID_are_safe_in_the_quarantine_and_never_shown_among_the_others()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var first = TestImages.Grey(64, 64);
        var uid = first.GetString(DicomTags.SOPInstanceUID)!;
        var other = TestImages.Grey(64, 64, (x, y) => x * y % 4096).Set(DicomTags.SOPInstanceUID, uid);
        await archive.StoreAsync(first);
        var stored = archive.Images.Find(uid);
        (await archive.StoreAsync(other)).Should().Be(DimseStatus.Success);
        (await archive.StoreAsync(other)).Should().Be(DimseStatus.Success);
        archive.Images.Find(uid).Should().Be(stored);
        archive.Images.FindStudy(other.GetString(DicomTags.StudyInstanceUID)!).Should().BeEmpty();
        var quarantined = archive.Get<IQuarantine>().List(0, 10).Should().ContainSingle().Subject;
        quarantined.Reason.Should().Contain("Other bytes");
        InstanceFiles(archive.Folder).Should().HaveCount(2);
        var listed = (await web.QueryAsync("/quarantine")).Should().ContainSingle().Subject;
        listed.GetProperty("sopInstanceUid").GetString().Should().Be(uid);
        listed.GetProperty("studyInstanceUid").GetString().Should().Be(other.GetString(DicomTags.StudyInstanceUID));
        var part10 = await web.GetByteArrayAsync($"/quarantine/{quarantined.Id}");
        DicomWebClient.DataSetOf(part10).Should().Equal(BytesOf(other));
    }

    [Fact]
    public async Task The_quarantine_outlives_a_restart_and_is_not_taken_for_something_that_a_crash_left()
    {
        var first = TestImages.Grey(16, 16);
        var other = TestImages
            .Grey(16, 16, (_, _) => 7)
            .Set(DicomTags.SOPInstanceUID, first.GetString(DicomTags.SOPInstanceUID)!);
        string folder;
        await using (var before = new TemporaryArchive(keepsFolder: true))
        {
            folder = before.Folder;
            await before.StoreAsync(first);
            await before.StoreAsync(other);
        }
        await using var after = new TemporaryArchive(folder);
        var quarantined = after.Get<IQuarantine>().List(0, 10).Should().ContainSingle().Subject;
        quarantined.Reason.Should().Contain("Other bytes");
        using var stored = new MemoryStream();
        await using (var part10 = after.Get<IQuarantine>().OpenPart10(quarantined))
        {
            await part10.CopyToAsync(stored);
        }
        DicomWebClient.DataSetOf(stored.ToArray()).Should().Equal(BytesOf(other));
    }

    [Theory]
    [InlineData("StudyInstanceUID")]
    [InlineData("SeriesInstanceUID")]
    public async Task An_object_without_a_study_or_series_is_stored_untouched_and_found_at_an_address_of_its_own(
        string keyword
    )
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var set = TestImages.Grey(16, 16);
        set.Remove(DicomDictionary.Find(keyword)!.Tag);
        var uid = set.GetString(DicomTags.SOPInstanceUID)!;
        (await archive.StoreAsync(set)).Should().Be(DimseStatus.Success);
        var found = archive.Images.Find(uid)!;
        var address = keyword is "StudyInstanceUID" ? found.StudyInstanceUid : found.SeriesInstanceUid;
        address.Should().StartWith("2.25.").And.MatchRegex("^[0-9.]{1,64}$");
        address.Should().Be(keyword is "StudyInstanceUID" ? StandInUid.OfStudy(uid) : StandInUid.OfSeries(uid));
        DicomWebClient
            .DataSetOf((await web.ReadBackAsync(uid)).Should().ContainSingle().Subject)
            .Should()
            .Equal(BytesOf(set));
    }

    [Fact]
    public async Task An_object_that_says_no_UID_of_its_own_is_found_under_that_of_the_command()
    {
        await using var archive = new TemporaryArchive();
        var set = TestImages.Grey(16, 16);
        set.Remove(DicomTags.SOPInstanceUID);
        (await archive.StoreAsync(set, commandUid: "1.2.3.4")).Should().Be(DimseStatus.Success);
        archive.Images.Find("1.2.3.4").Should().NotBeNull();
    }

    [Fact]
    public async Task A_UID_that_is_not_that_of_the_command_is_a_mismatch()
    {
        await using var archive = new TemporaryArchive();
        (await archive.StoreAsync(TestImages.Grey(16, 16), commandUid: "1.2.3.4")).Code.Should().Be(0xA900);
        InstanceFiles(archive.Folder).Should().BeEmpty();
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("1.2\u00003")]
    public async Task A_UID_never_becomes_a_path(string uid)
    {
        await using var archive = new TemporaryArchive();
        // What is no UID says nothing in the command, and is refused in the object.
        var named = TestImages.Grey(16, 16);
        (await archive.StoreAsync(named, commandUid: uid)).Should().Be(DimseStatus.Success);
        archive.Images.Find(named.GetString(DicomTags.SOPInstanceUID)!).Should().NotBeNull();
        var unnamed = TestImages.Grey(16, 16);
        unnamed.Remove(DicomTags.SOPInstanceUID);
        (await archive.StoreAsync(unnamed, commandUid: uid)).Code.Should().Be(0xC000);
        var set = TestImages.Grey(16, 16).Set(DicomTags.StudyInstanceUID, uid);
        (await archive.StoreAsync(set)).Code.Should().Be(0xC000);
        InstanceFiles(archive.Folder)
            .Should()
            .ContainSingle()
            .Which.Should()
            .MatchRegex("/[0-9a-f]{32}-[0-9a-f]{12}.dcm$");
    }

    [Fact]
    public async Task A_full_disk_refuses_before_anything_is_written()
    {
        await using var archive = new TemporaryArchive(leastFree: long.MaxValue);
        var store = async () => await archive.StoreAsync(TestImages.Grey(16, 16));
        (await store.Should().ThrowAsync<DimseException>()).Which.Status.Code.Should().Be(0xA700);
        InstanceFiles(archive.Folder).Should().BeEmpty();
    }

    [Fact]
    public async Task Positions_grow_in_the_order_of_commit_and_the_feed_misses_nothing()
    {
        await using var archive = new TemporaryArchive();
        var feed = archive.Get<IStoredInstanceFeed>();
        var waiting = feed.WaitAsync(0, CancellationToken.None);
        var sets = Enumerable.Range(0, 120).Select(_ => TestImages.Grey(8, 8)).ToList();
        await Parallel.ForEachAsync(
            sets,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (set, _) => (await archive.StoreAsync(set)).Should().Be(DimseStatus.Success)
        );
        await waiting.WaitAsync(TimeSpan.FromSeconds(60));
        var read = new List<StoredInstance>();
        while (feed.ReadAfter(read.Count == 0 ? 0 : read[^1].Position, 50) is { Count: > 0 } more)
        {
            read.AddRange(more);
        }
        read.Select(i => i.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        read.Select(i => i.SopInstanceUid)
            .Should()
            .BeEquivalentTo(sets.Select(s => s.GetString(DicomTags.SOPInstanceUID)));
        read[0].PatientName.Should().Be("Doe^Jane");
        read[0].ViewPosition.Should().Be("PA");
    }

    internal static string[] InstanceFiles(string folder) =>
        Directory.Exists(Path.Combine(folder, "instances"))
            ? Directory.GetFiles(Path.Combine(folder, "instances"), "*", SearchOption.AllDirectories)
            : [];

    internal static byte[] BytesOf(DicomDataSet set)
    {
        using var bytes = new MemoryStream();
        DicomFile.WriteDataSet(bytes, set, TransferSyntax.ExplicitVRLittleEndian);
        return bytes.ToArray();
    }

    // Our own sender takes UIDs out of the data set.
    private static bool IsWellFormed(string path)
    {
        try
        {
            var set = DicomFile.Read(path).DataSet;
            return set.Contains(DicomTags.SOPInstanceUID)
                && DicomUids.IsStorageSopClass(set.GetString(DicomTags.SOPClassUID) ?? "");
        }
        catch (DicomFormatException)
        {
            return false;
        }
    }

    // An odd data set is padded on the wire (PS3.5 7.1.1).
    private static byte[] Padded(ReadOnlySpan<byte> bytes) => (bytes.Length & 1) == 0 ? bytes.ToArray() : [.. bytes, 0];
}
