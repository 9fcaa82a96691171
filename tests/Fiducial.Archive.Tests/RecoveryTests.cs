using Fiducial.Archive.Files;
using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

public sealed class RecoveryTests
{
    [Fact]
    public async Task A_file_that_was_never_acknowledged_is_listed_in_the_quarantine_at_the_next_start()
    {
        var set = TestImages.Grey(32, 32);
        string folder;
        await using (var before = new TemporaryArchive(keepsFolder: true))
        {
            folder = before.Folder;
            await before.StoreAsync(set);
            // As a crash leaves it: half an object at its final place, and no row in the index.
            var stored = ReceivingTests.InstanceFiles(folder).Single();
            var bytes = await File.ReadAllBytesAsync(stored);
            await File.WriteAllBytesAsync(
                Path.Combine(Path.GetDirectoryName(stored)!, "00000000000000000000000000000000-000000000000.dcm"),
                bytes[..(bytes.Length / 2)]
            );
        }
        await using var after = new TemporaryArchive(folder);
        after.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!).Should().NotBeNull();
        // Nothing is thrown away: it stands where it stood, and can be had from the quarantine.
        ReceivingTests.InstanceFiles(folder).Should().HaveCount(2);
        var orphan = after.Get<IQuarantine>().List(0, 10).Should().ContainSingle().Subject;
        orphan.Reason.Should().Contain("never acknowledged");
        orphan.SopInstanceUid.Should().Be(set.GetString(DicomTags.SOPInstanceUID));
        (await after.StoreAsync(TestImages.Grey(8, 8))).IsSuccess.Should().BeTrue();
    }

    [Fact]
    public async Task A_folder_that_was_never_looked_through_is_looked_through_whole_whoever_else_uses_the_index()
    {
        string folder;
        await using (var before = new TemporaryArchive(keepsFolder: true))
        {
            folder = before.Folder;
            (await before.StoreAsync(TestImages.Grey(32, 32))).IsSuccess.Should().BeTrue();
        }
        // The index is that of another folder, which was looked through today; in this one lies what a crash left last week.
        var moved = folder + "-moved";
        Directory.Move(folder, moved);
        var stored = ReceivingTests.InstanceFiles(moved).Single();
        var hour = Path.Combine(moved, Path.GetRelativePath(moved, stored).Split('/')[0], "20200102", "03");
        Directory.CreateDirectory(hour);
        File.Copy(stored, Path.Combine(hour, "00000000000000000000000000000000-000000000000.dcm"));
        await using var after = new TemporaryArchive(moved, database: TemporaryArchive.DatabaseOf(folder));
        after.Get<IQuarantine>().List(0, 10).Should().ContainSingle();
    }

    [Fact]
    public async Task A_sender_that_goes_away_leaves_nothing()
    {
        await using var archive = new TemporaryArchive();
        var request = new Dicom.Network.StoreRequest(
            "MODALITY",
            "FIDUCIAL",
            new System.Net.IPEndPoint(0, 0),
            DicomUids.CTImageStorage,
            "1.2.3",
            TransferSyntax.ExplicitVRLittleEndian
        );
        var receipt = await archive.Get<Dicom.Network.IStoreService>().BeginAsync(request, CancellationToken.None);
        await receipt.WriteAsync(new byte[300_000], CancellationToken.None);
        ReceivingTests.InstanceFiles(archive.Folder).Should().ContainSingle();
        await receipt.DisposeAsync();
        ReceivingTests.InstanceFiles(archive.Folder).Should().BeEmpty();
    }

    [Fact]
    public async Task Two_processes_never_share_an_archive()
    {
        await using var first = new TemporaryArchive();
        var second = () => new ArchiveFolder(new ArchiveOptions { Folder = first.Folder }, TimeProvider.System);
        second.Should().Throw<IOException>().WithMessage("*open in another process*");
    }
}
