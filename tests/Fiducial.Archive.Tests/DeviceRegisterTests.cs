using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Tests;

/// <summary>Devices are registered beside an archive that is open, as the command line does it.</summary>
public sealed class DeviceRegisterTests
{
    private const string Find = DicomUids.StudyRootQueryRetrieveInformationModelFind;

    private static readonly Device Console = new("CT1", "127.0.0.1", 104, DeviceRole.Modality);

    [Fact]
    public async Task A_device_may_call_from_the_moment_it_is_registered_until_it_is_removed()
    {
        await using var archive = new RetrieveArchive(fromThisMachine: null);
        using var register = Register(archive.Folder);
        await Refused(archive);
        register.Devices.Add(Console, "ada").Should().BeTrue();
        await using (var client = await archive.ConnectAsync("CT1", [new(DicomUids.Verification)]))
        {
            (await client.EchoAsync()).ToString().Should().Be("0000");
            await client.ReleaseAsync();
        }
        register.Devices.Remove("CT1", "ada").Should().BeTrue();
        await Refused(archive);
    }

    [Fact]
    public async Task A_role_that_is_changed_counts_for_the_next_association()
    {
        await using var archive = new RetrieveArchive(fromThisMachine: null);
        using var register = Register(archive.Folder);
        register.Devices.Add(Console, "ada");
        await using (var modality = await archive.ConnectAsync("CT1", [new(Find), new(DicomUids.Verification)]))
        {
            modality.Accepted.Select(a => a.Item1).Should().Equal(DicomUids.Verification);
            await modality.ReleaseAsync();
        }
        register.Devices.Change(Console with { Role = DeviceRole.Workstation }, "ada").Should().BeTrue();
        await using var workstation = await archive.ConnectAsync("CT1", [new(Find)]);
        workstation.Accepted.Select(a => a.Item1).Should().Equal(Find);
        await workstation.ReleaseAsync();
    }

    [Fact]
    public async Task A_device_has_as_many_associations_at_once_as_it_is_given_and_others_are_not_touched()
    {
        await using var archive = new RetrieveArchive(fromThisMachine: null);
        using var register = Register(archive.Folder);
        register.Devices.Add(Console with { MostAssociations = 1 }, "ada");
        register.Devices.Add(Console with { AETitle = "CT2" }, "ada");
        await using (var first = await archive.ConnectAsync("CT1", [new(DicomUids.Verification)]))
        {
            (await Refused(archive)).Should().Contain("result 2", "it may come again later");
            await using var other = await archive.ConnectAsync("CT2", [new(DicomUids.Verification)]);
            await other.ReleaseAsync();
            await first.ReleaseAsync();
        }
        await Eventually(async () =>
        {
            await using var next = await archive.ConnectAsync("CT1", [new(DicomUids.Verification)]);
            await next.ReleaseAsync();
        });
    }

    [Fact]
    public async Task A_registered_device_takes_the_place_of_one_that_was_named_at_the_start()
    {
        await using var archive = new RetrieveArchive(fromThisMachine: null);
        archive.Devices.Add(Console with { Role = DeviceRole.Workstation });
        using var register = Register(archive.Folder);
        register.Devices.Add(Console, "ada");
        await using var client = await archive.ConnectAsync("CT1", [new(Find), new(DicomUids.Verification)]);
        client.Accepted.Select(a => a.Item1).Should().Equal(DicomUids.Verification);
        await client.ReleaseAsync();
    }

    [Fact]
    public async Task Who_changed_what_is_kept_and_what_changed_nothing_is_not()
    {
        await using var archive = new TemporaryArchive();
        using var register = new ArchiveRegister(
            new ArchiveOptions { Folder = archive.Folder, Database = archive.Database },
            TimeProvider.System
        );
        register.Devices.Add(Console, "ada").Should().BeTrue();
        register.Devices.Add(Console, "bob").Should().BeFalse();
        register.Devices.Change(Console with { AETitle = "CT9" }, "bob").Should().BeFalse();
        register.Devices.Change(Console with { Port = 4242 }, "bob").Should().BeTrue();
        register.Devices.List().Should().Equal(Console with { Port = 4242 });
        archive.Get<RegisteredDevices>().List().Should().Equal(register.Devices.List());
        register.Changes.Select(c => c.Author).Should().Equal("ada", "bob");
        register.Changes[1].What.Should().Contain("changed").And.Contain("CT1").And.Contain("4242");
    }

    [Fact]
    public async Task Devices_are_registered_while_objects_are_stored()
    {
        await using var archive = new TemporaryArchive();
        var devices = archive.Get<RegisteredDevices>();
        var storing = Task.WhenAll(
            Enumerable.Range(0, 60).Select(_ => Task.Run(() => archive.StoreAsync(TestImages.Grey(8, 8))))
        );
        var registering = Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => Task.Run(() => devices.Add(Console with { AETitle = $"CT{i}" }, "ada")))
        );
        (await storing).Should().OnlyContain(s => s.IsSuccess);
        (await registering).Should().OnlyContain(added => added);
        devices.List().Should().HaveCount(60);
    }

    private static ArchiveRegister Register(string folder) =>
        new(new ArchiveOptions { Folder = folder }, TimeProvider.System);

    private static async Task<string> Refused(RetrieveArchive archive)
    {
        var call = async () => await archive.ConnectAsync("CT1", [new(DicomUids.Verification)]);
        return (await call.Should().ThrowAsync<AssociationException>()).Which.Message;
    }

    // The end of an association is counted when the peer has closed it.
    private static async Task Eventually(Func<Task> test)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await test();
                return;
            }
            catch (AssociationException) when (tries < 100)
            {
                await Task.Delay(50);
            }
        }
    }
}
