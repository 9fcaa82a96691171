using System.Security.Cryptography;
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
        var stored = 0;
        var archives = 0;
        // Samples that share a UID with others go into an archive of their own.
        for (var left = paths; left.Count > 0; archives++)
        {
            await using var archive = new TemporaryArchive();
            var taken = new List<string>();
            foreach (var group in left.Chunk(40))
            {
                var answers = await archive.SendAsync(group);
                for (var i = 0; i < group.Length; i++)
                {
                    if (answers[i].Code == 0xA900)
                    {
                        taken.Add(group[i]);
                        continue;
                    }
                    answers[i].IsSuccess.Should().BeTrue($"{group[i]}: {answers[i]}");
                    await IsStoredAsSentAsync(archive, group[i]);
                    stored++;
                }
            }
            taken.Count.Should().BeLessThan(left.Count);
            left = taken;
        }
        output.WriteLine($"{paths.Count} sent, {stored} stored and identical, in {archives} archives");
        stored.Should().Be(paths.Count);
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
        Quarantined(archive.Folder).Should().BeEmpty();
    }

    [Fact]
    public async Task Other_bytes_under_a_known_UID_are_quarantined_and_never_shown()
    {
        await using var archive = new TemporaryArchive();
        var first = TestImages.Grey(64, 64);
        var other = TestImages.Grey(64, 64, (x, y) => x * y % 4096);
        other.Set(DicomTags.SOPInstanceUID, first.GetString(DicomTags.SOPInstanceUID)!);
        await archive.StoreAsync(first);
        var stored = archive.Images.Find(first.GetString(DicomTags.SOPInstanceUID)!);
        (await archive.StoreAsync(other)).Code.Should().Be(0xA900);
        (await archive.StoreAsync(other)).Code.Should().Be(0xA900);
        archive.Images.Find(first.GetString(DicomTags.SOPInstanceUID)!).Should().Be(stored);
        archive.Images.FindStudy(other.GetString(DicomTags.StudyInstanceUID)!).Should().BeEmpty();
        Quarantined(archive.Folder).Should().ContainSingle();
    }

    [Theory]
    [InlineData("StudyInstanceUID")]
    [InlineData("SeriesInstanceUID")]
    [InlineData("SOPInstanceUID")]
    public async Task An_object_without_a_UID_is_refused_and_leaves_nothing(string keyword)
    {
        await using var archive = new TemporaryArchive();
        var set = TestImages.Grey(16, 16);
        set.Remove(DicomDictionary.Find(keyword)!.Tag);
        var answer = await archive.StoreAsync(set);
        answer.Code.Should().Be(0xC000);
        answer.Comment.Should().Contain("is missing");
        InstanceFiles(archive.Folder).Should().BeEmpty();
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
        var store = async () => await archive.StoreAsync(TestImages.Grey(16, 16), commandUid: uid);
        (await store.Should().ThrowAsync<DimseException>()).Which.Status.Code.Should().Be(0xA900);
        var set = TestImages.Grey(16, 16).Set(DicomTags.StudyInstanceUID, uid);
        (await archive.StoreAsync(set)).Code.Should().Be(0xC000);
        InstanceFiles(archive.Folder).Should().BeEmpty();
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
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
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

    private static async Task IsStoredAsSentAsync(TemporaryArchive archive, string path)
    {
        var sent = DicomFile.Read(path);
        var instance = archive.Images.Find(sent.DataSet.GetString(DicomTags.SOPInstanceUID)!)!;
        var expected = DataSetBytes(File.OpenRead(path), sent.DataSetOffset);
        await using var part10 = archive.Images.OpenPart10(instance);
        DataSetBytes(part10, instance.DataSetOffset).AsSpan().SequenceEqual(expected).Should().BeTrue(path);
        instance.Sha256.Should().Be(Convert.ToHexStringLower(SHA256.HashData(expected)));
        instance.TransferSyntaxUid.Should().Be(sent.TransferSyntax.Uid);
    }

    internal static string[] InstanceFiles(string folder) =>
        Directory.Exists(Path.Combine(folder, "instances"))
            ? Directory.GetFiles(Path.Combine(folder, "instances"), "*", SearchOption.AllDirectories)
            : [];

    internal static string[] Quarantined(string folder) =>
        Directory.Exists(Path.Combine(folder, "quarantine"))
            ? Directory.GetFiles(Path.Combine(folder, "quarantine"))
            : [];

    private static bool IsWellFormed(string path)
    {
        try
        {
            var set = DicomFile.Read(path).DataSet;
            return new[]
                {
                    DicomTags.SOPClassUID,
                    DicomTags.SOPInstanceUID,
                    DicomTags.StudyInstanceUID,
                    DicomTags.SeriesInstanceUID,
                }.All(set.Contains) && DicomUids.IsStorageSopClass(set.GetString(DicomTags.SOPClassUID) ?? "");
        }
        catch (DicomFormatException)
        {
            return false;
        }
    }

    // An odd data set is padded on the wire (PS3.5 7.1.1).
    private static byte[] DataSetBytes(Stream part10, long offset)
    {
        using (part10)
        {
            var bytes = new byte[part10.Length - offset + ((part10.Length - offset) & 1)];
            part10.Position = offset;
            part10.ReadExactly(bytes.AsSpan(0, (int)(part10.Length - offset)));
            return bytes;
        }
    }
}
