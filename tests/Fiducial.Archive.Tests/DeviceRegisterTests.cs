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

    [Fact]
    public async Task A_device_that_has_sent_all_it_may_in_a_day_hears_A700_also_after_a_restart_and_others_are_not_touched()
    {
        var clock = new TurnedClock();
        string folder;
        await using (var archive = new RetrieveArchive(fromThisMachine: null, keepsFolder: true, clock: clock))
        {
            folder = archive.Folder;
            using var register = Register(folder);
            register.Devices.Add(Console with { MostBytesADay = 20_000 }, "ada");
            register.Devices.Add(Console with { AETitle = "CT2" }, "ada");
            // Each has a little more than 8,000 bytes.
            (await SendAsync(archive, "CT1", TestImages.Grey(64, 64), TestImages.Grey(64, 64)))
                .Should()
                .Equal("0000", "0000");
            (await SendAsync(archive, "CT1", TestImages.Grey(64, 64), TestImages.Grey(8, 8)))
                .Should()
                .Equal("A700", "0000");
            (await SendAsync(archive, "CT2", TestImages.Grey(64, 64))).Should().Equal("0000");
            Directory.GetFiles(folder, "*.dcm", SearchOption.AllDirectories).Should().HaveCount(4);
        }
        await using var again = new RetrieveArchive(fromThisMachine: null, folder: folder, clock: clock);
        (await SendAsync(again, "CT1", TestImages.Grey(64, 64))).Should().Equal("A700");
        clock.Turn(TimeSpan.FromHours(25));
        (await SendAsync(again, "CT1", TestImages.Grey(64, 64))).Should().Equal("0000");
        using var beside = Register(folder);
        beside.Devices.Change(Console with { MostBytesADay = 9_000_000 }, "ada").Should().BeTrue();
        (await SendAsync(again, "CT1", TestImages.Grey(64, 64), TestImages.Grey(64, 64)))
            .Should()
            .Equal("0000", "0000");
    }

    [Fact]
    public async Task An_object_larger_than_its_device_may_send_is_refused_with_A700_and_the_association_goes_on()
    {
        await using var archive = new RetrieveArchive(fromThisMachine: null);
        using var register = Register(archive.Folder);
        register.Devices.Add(Console with { LargestObject = 100_000 }, "ada");
        (await SendAsync(archive, "CT1", TestImages.Grey(512, 512), TestImages.Grey(64, 64)))
            .Should()
            .Equal("A700", "0000");
        Directory.GetFiles(archive.Folder, "*.dcm", SearchOption.AllDirectories).Should().ContainSingle();
    }

    private static async Task<List<string>> SendAsync(
        RetrieveArchive archive,
        string title,
        params IReadOnlyList<DicomDataSet> sets
    )
    {
        var answers = new List<string>();
        await using var client = await archive.ConnectAsync(
            title,
            [new(DicomUids.DigitalXRayImageStorageForPresentation)]
        );
        foreach (var set in sets)
        {
            using var part10 = new MemoryStream();
            DicomFile.Write(part10, set, TransferSyntax.ExplicitVRLittleEndian);
            part10.Position = 0;
            var file = DicomFile.Read(part10);
            answers.Add((await client.StoreAsync(file, part10)).ToString()[..4]);
        }
        await client.ReleaseAsync();
        return answers;
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
