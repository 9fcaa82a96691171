using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Tests;

/// <summary>The way of an object from its file to the socket: many PDUs in one buffer, the next file open ahead.</summary>
public sealed class RetrievePathTests
{
    private const string Get = DicomUids.StudyRootQueryRetrieveInformationModelGet;
    private const string Class = DicomUids.DigitalXRayImageStorageForPresentation;

    private readonly string _study = DicomUidFactory.New();

    private DicomDataSet Keys =>
        new DicomDataSet().Set(DicomTags.QueryRetrieveLevel, "STUDY").Set(DicomTags.StudyInstanceUID, _study);

    [Fact]
    public async Task Objects_come_back_byte_for_byte_in_PDUs_of_every_length()
    {
        await using var archive = new RetrieveArchive();
        await StoreAsync(archive, 3, side: 700);
        var stored = archive.Images.FindStudy(_study);
        var length = (uint)stored[0].Length;
        // The last fragment full, two full ones, one value header more than a full one; then what peers ask for; 0 is no limit.
        uint[] limits = [length + 6, length / 2 + 6, length + 4, 1024, 4096, 16384, 65536, 131072, 262144, 4 << 20, 0];
        foreach (var limit in limits)
        {
            await using var client = await archive.ConnectAsync("TEST", Pairs, limit);
            var here = new Collected();
            (await client.GetAsync(Get, Keys, here)).Status.IsSuccess.Should().BeTrue($"PDUs of {limit}");
            await client.ReleaseAsync();
            here.Objects.Should().HaveCount(3);
            foreach (var instance in stored)
            {
                Same(archive, instance, here.Objects[instance.SopInstanceUid].Bytes, $"PDUs of {limit}");
            }
        }
    }

    [Fact]
    public async Task A_get_tells_after_each_object_how_far_it_is()
    {
        await using var archive = new RetrieveArchive();
        await StoreAsync(archive, 3);
        await using var client = await archive.ConnectAsync("TEST", Pairs);
        var steps = new Steps();
        (await client.GetAsync(Get, Keys, new Collected(), steps)).Counts.Should().Be(new SubOperations(0, 3, 0, 0));
        steps.Seen.Should().Equal(new SubOperations(2, 1, 0, 0), new SubOperations(1, 2, 0, 0));
        await client.ReleaseAsync();
    }

    [Fact]
    public async Task A_file_that_was_taken_away_or_cut_fails_by_name_and_the_others_come()
    {
        await using var archive = new RetrieveArchive();
        await StoreAsync(archive, 5);
        var stored = archive.Images.FindStudy(_study);
        File.Delete(PathOf(archive, stored[1]));
        using (var cut = new FileStream(PathOf(archive, stored[4]), FileMode.Open, FileAccess.Write))
        {
            cut.SetLength(stored[4].DataSetOffset + 10);
        }
        await using var client = await archive.ConnectAsync("TEST", Pairs);
        var here = new Collected();
        var result = await client.GetAsync(Get, Keys, here);
        result.Status.Code.Should().Be(0xB000);
        result.FailedInstances.Should().Equal(stored[1].SopInstanceUid, stored[4].SopInstanceUid);
        foreach (var i in new[] { 0, 2, 3 })
        {
            Same(archive, stored[i], here.Objects[stored[i].SopInstanceUid].Bytes, $"object {i}");
        }
        await client.ReleaseAsync();
    }

    [Fact]
    public async Task A_requestor_that_breaks_off_in_the_middle_leaves_no_file_open_and_the_next_is_served()
    {
        await using var archive = new RetrieveArchive();
        await StoreAsync(archive, 4, side: 700);
        for (var i = 0; i < 3; i++)
        {
            await using var client = await archive.ConnectAsync("TEST", Pairs, 16384);
            var breaks = async () => await client.GetAsync(Get, Keys, new BreaksOff());
            await breaks.Should().ThrowAsync<Exception>();
        }
        await using (var client = await archive.ConnectAsync("TEST", Pairs))
        {
            var here = new Collected();
            (await client.GetAsync(Get, Keys, here)).Status.IsSuccess.Should().BeTrue();
            here.Objects.Should().HaveCount(4);
            await client.ReleaseAsync();
        }
        if (OperatingSystem.IsLinux())
        {
            await archive.Server.StopAsync();
            OpenFilesOf(archive).Should().BeEmpty();
        }
    }

    private static ProposedPair[] Pairs => [new(Get), new(Class, IsTaken: true)];

    private async Task StoreAsync(RetrieveArchive archive, int count, int side = 16)
    {
        for (var i = 0; i < count; i++)
        {
            await archive.SendAsync(TestImages.Grey(side, side, (x, y) => (x * 31 + y * 17) & 4095, studyUid: _study));
        }
    }

    private static void Same(RetrieveArchive archive, StoredInstance instance, byte[] bytes, string because)
    {
        var file = File.ReadAllBytes(PathOf(archive, instance));
        bytes.AsSpan().SequenceEqual(file.AsSpan((int)instance.DataSetOffset)).Should().BeTrue(because);
    }

    private static string PathOf(RetrieveArchive archive, StoredInstance instance)
    {
        using var file = (FileStream)archive.Images.OpenPart10(instance);
        return file.Name;
    }

    private static List<string> OpenFilesOf(RetrieveArchive archive) =>
        [
            .. Directory
                .EnumerateFiles("/proc/self/fd")
                .Select(f => new FileInfo(f).LinkTarget ?? "")
                .Where(t =>
                    t.StartsWith(archive.Folder, StringComparison.Ordinal)
                    && t.EndsWith(".dcm", StringComparison.Ordinal)
                ),
        ];

    /// <summary>Gives up while the first object is on its way.</summary>
    private sealed class BreaksOff : IStoreService
    {
        public ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct) =>
            throw new OperationCanceledException("The user closed the window.");
    }
}
