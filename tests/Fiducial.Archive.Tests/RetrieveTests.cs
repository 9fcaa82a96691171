using System.Net;
using System.Net.Sockets;
using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Archive.Tests;

public sealed class RetrieveTests
{
    private const string Move = DicomUids.StudyRootQueryRetrieveInformationModelMove;
    private const string Get = DicomUids.StudyRootQueryRetrieveInformationModelGet;
    private static readonly string Study = DicomUidFactory.New();

    [Fact]
    public async Task Every_transfer_syntax_of_the_samples_comes_back_byte_for_byte_by_get_and_by_move()
    {
        await using var archive = new RetrieveArchive();
        await EverySyntaxComesBackAsync(archive, "a folder");
    }

    [Fact]
    public async Task Every_transfer_syntax_comes_back_byte_for_byte_out_of_an_object_storage_too()
    {
        await using var archive = new RetrieveArchive(store: await RadosGateway.NewBucketAsync());
        await EverySyntaxComesBackAsync(archive, "object storage");
    }

    private static async Task EverySyntaxComesBackAsync(RetrieveArchive archive, string place)
    {
        var collected = new Collected();
        await using var destination = Destination(archive, collected);
        var sent = await SamplesOfEachSyntaxAsync(archive);
        foreach (var (path, file) in sent)
        {
            var (sopClass, instance) = IdentityOf(file);
            var keys = KeysOf(archive, instance);
            await using var client = await archive.ConnectAsync(
                new ProposedPair(Get),
                new ProposedPair(Move),
                new ProposedPair(sopClass, file.TransferSyntax.Uid, IsTaken: true),
                new ProposedPair(sopClass, DicomUids.ImplicitVRLittleEndian, IsTaken: true)
            );
            var here = new Collected();
            (await client.GetAsync(Get, keys, here)).Status.ToString().Should().Be("0000", path);
            (await client.MoveAsync(Move, "DESTINATION", keys)).Status.ToString().Should().Be("0000", path);
            await client.ReleaseAsync();
            foreach (var (request, bytes) in new[] { here.Objects[instance], collected.Objects[instance] })
            {
                request.TransferSyntax.Uid.Should().Be(file.TransferSyntax.Uid, path);
                bytes.AsSpan().SequenceEqual(DataSetOf(path, file)).Should().BeTrue(path);
            }
        }
        Proof.Say($"gate 4: {sent.Count} transfer syntaxes byte for byte by C-GET and C-MOVE out of {place}");
    }

    [Fact]
    public async Task What_the_peer_cannot_take_as_it_is_stored_is_sent_uncompressed_or_fails_and_is_named()
    {
        await using var archive = new RetrieveArchive();
        var file = WholeFiles.Value.First(f =>
            f.File.TransferSyntax.Uid is "1.2.840.10008.1.2.4.70" or "1.2.840.10008.1.2.4.90"
        );
        await archive.SendAsync(file.Path);
        var (sopClass, instance) = IdentityOf(file.File);
        var keys = KeysOf(archive, instance);
        foreach (var syntax in new[] { DicomUids.ExplicitVRLittleEndian, DicomUids.ImplicitVRLittleEndian })
        {
            await using var client = await archive.ConnectAsync(
                new ProposedPair(Get),
                new ProposedPair(sopClass, syntax, IsTaken: true)
            );
            var here = new Collected();
            (await client.GetAsync(Get, keys, here)).Status.IsSuccess.Should().BeTrue();
            var (request, bytes) = here.Objects[instance];
            var set = DicomFile.ReadDataSet(
                bytes,
                request.TransferSyntax,
                new DicomReadOptions { LargestValueLoaded = long.MaxValue },
                out _
            );
            using var image = archive.Images.OpenImage(archive.Images.Find(instance)!);
            set.Find(DicomTags.PixelData)!
                .Value.ToArray()
                .Should()
                .StartWith(image.DecodeFrame(0).Samples.ToArray().Take(1000));
            await client.ReleaseAsync();
        }
        await using var other = await archive.ConnectAsync(
            new ProposedPair(Get),
            new ProposedPair(sopClass, "1.2.840.10008.1.2.5", IsTaken: true)
        );
        var result = await other.GetAsync(Get, keys, new Collected());
        result.Status.Code.Should().Be(0xA702);
        result.Counts.Failed.Should().Be(1);
        result.FailedInstances.Should().Equal(instance);
    }

    [Fact]
    public async Task Without_role_selection_nothing_can_be_sent_and_that_is_said()
    {
        await using var archive = await OfThreeAsync();
        await using var client = await archive.ConnectAsync(
            new ProposedPair(Get),
            new ProposedPair(DicomUids.DigitalXRayImageStorageForPresentation)
        );
        var result = await client.GetAsync(Get, StudyKeys, new Collected());
        result.Status.Code.Should().Be(0xA702);
        result.FailedInstances.Should().HaveCount(3);
        await client.ReleaseAsync();
    }

    [Fact]
    public async Task A_move_tells_how_far_it_is_and_who_asked_for_it()
    {
        await using var archive = await OfThreeAsync();
        var collected = new Collected();
        await using var destination = Destination(archive, collected);
        await using var client = await archive.ConnectAsync("WORKSTATION", [new ProposedPair(Move)]);
        var pending = new Steps();
        var result = await client.MoveAsync(Move, "DESTINATION", StudyKeys, pending);
        result.Status.IsSuccess.Should().BeTrue();
        result.Counts.Should().Be(new SubOperations(0, 3, 0, 0));
        pending.Seen.Should().Equal(new SubOperations(2, 1, 0, 0), new SubOperations(1, 2, 0, 0));
        collected.Objects.Should().HaveCount(3);
    }

    [Theory]
    [InlineData("NOBODY")]
    [InlineData("MOD")]
    public async Task Nothing_is_sent_to_strangers_and_to_modalities(string destination)
    {
        await using var archive = await OfThreeAsync();
        archive.Devices.Add(new Device("MOD", "127.0.0.1", archive.Port, DeviceRole.Modality));
        await using var client = await archive.ConnectAsync("WORKSTATION", [new ProposedPair(Move)]);
        (await client.MoveAsync(Move, destination, StudyKeys)).Status.Code.Should().Be(0xA801);
        // The association goes on.
        (await client.MoveAsync(Move, destination, StudyKeys))
            .Status.Code.Should()
            .Be(0xA801);
    }

    [Fact]
    public async Task A_destination_that_is_not_there_fails_every_object_by_name_and_does_not_hang()
    {
        await using var archive = await OfThreeAsync();
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        archive.Devices.Add(new Device("GONE", "127.0.0.1", port, DeviceRole.PeerArchive));
        await using var client = await archive.ConnectAsync("WORKSTATION", [new ProposedPair(Move)]);
        var result = await client.MoveAsync(Move, "GONE", StudyKeys).WaitAsync(TimeSpan.FromMinutes(1));
        result.Status.Code.Should().Be(0xA702);
        result.FailedInstances.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_destination_that_breaks_off_costs_what_it_did_not_take()
    {
        await using var archive = await OfThreeAsync();
        var once = new BreaksOnce();
        await using var destination = Destination(archive, once);
        await using var client = await archive.ConnectAsync("WORKSTATION", [new ProposedPair(Move)]);
        var result = await client.MoveAsync(Move, "DESTINATION", StudyKeys).WaitAsync(TimeSpan.FromMinutes(1));
        result.Status.Code.Should().Be(0xB000);
        result.Counts.Should().Be(new SubOperations(0, 2, 1, 0));
        result.FailedInstances.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_retrieval_without_its_unique_key_is_refused()
    {
        await using var archive = await OfThreeAsync();
        await using var client = await archive.ConnectAsync(new ProposedPair(Move), new ProposedPair(Get));
        var keys = new DicomDataSet().Set(DicomTags.QueryRetrieveLevel, "STUDY");
        (await client.MoveAsync(Move, "DESTINATION", keys)).Status.Code.Should().Be(0xA900);
        (await client.GetAsync(Get, keys, new Collected())).Status.Code.Should().Be(0xA900);
    }

    private static DicomDataSet StudyKeys =>
        new DicomDataSet().Set(DicomTags.QueryRetrieveLevel, "STUDY").Set(DicomTags.StudyInstanceUID, Study);

    private static async Task<RetrieveArchive> OfThreeAsync()
    {
        var archive = new RetrieveArchive();
        for (var i = 0; i < 3; i++)
        {
            await archive.SendAsync(TestImages.Grey(16, 16, studyUid: Study));
        }
        return archive;
    }

    private static DicomServer Destination(RetrieveArchive archive, IStoreService store)
    {
        var server = new DicomServer(
            new DicomServerOptions { Port = 0, AETitle = "DESTINATION" },
            new Anyone(),
            store,
            NullLoggerFactory.Instance
        );
        server.Start();
        archive.Devices.Add(new Device("DESTINATION", "127.0.0.1", server.Port, DeviceRole.Workstation));
        return server;
    }

    /// <summary>The samples that are as the standard wants them, the smallest first. Some are the same object in several syntaxes.</summary>
    internal static Lazy<List<(string Path, DicomFile File)>> WholeFiles { get; } =
        new(() =>
            Samples
                .Files("dicom")
                .Where(p => !IsBroken(p))
                .OrderBy(p => new FileInfo(p).Length)
                .Select(p => (Path: p, File: TryRead(p)!))
                .Where(f =>
                    f.File is { Mended.Count: 0 }
                    && IdentityOf(f.File).SopClass.Length > 0
                    && DicomUids.IsStorageSopClass(IdentityOf(f.File).SopClass)
                    && f.File.DataSet.GetString(DicomTags.SeriesInstanceUID) is not null
                    && f.File.DataSet.GetString(DicomTags.StudyInstanceUID) is not null
                )
                .ToList()
        );

    /// <summary>One file of each transfer syntax, the smallest, sent as it is.</summary>
    internal static async Task<List<(string Path, DicomFile File)>> SamplesOfEachSyntaxAsync(RetrieveArchive archive)
    {
        var files = WholeFiles
            .Value.DistinctBy(f => IdentityOf(f.File).Instance)
            .GroupBy(f => f.File.TransferSyntax.Uid)
            .Select(g => g.First())
            .ToList();
        foreach (var (path, _) in files)
        {
            await archive.SendAsync(path);
        }
        files.Count.Should().BeGreaterThan(10);
        return files;
    }

    internal static bool IsBroken(string path) =>
        path.Contains("malformed", StringComparison.Ordinal) || path.Contains("fuzz", StringComparison.Ordinal);

    internal static DicomFile? TryRead(string path)
    {
        try
        {
            return DicomFile.Read(path);
        }
        catch (DicomFormatException)
        {
            return null;
        }
    }

    internal static (string SopClass, string Instance) IdentityOf(DicomFile file) =>
        (file.DataSet.GetString(DicomTags.SOPClassUID) ?? "", file.DataSet.GetString(DicomTags.SOPInstanceUID) ?? "");

    internal static DicomDataSet KeysOf(RetrieveArchive archive, string instance)
    {
        var stored = archive.Images.Find(instance)!;
        return new DicomDataSet()
            .Set(DicomTags.QueryRetrieveLevel, "IMAGE")
            .Set(DicomTags.StudyInstanceUID, stored.StudyInstanceUid)
            .Set(DicomTags.SeriesInstanceUID, stored.SeriesInstanceUid)
            .Set(DicomTags.SOPInstanceUID, instance);
    }

    /// <summary>The bytes after group 0002, padded to an even length as they are on the network.</summary>
    internal static byte[] DataSetOf(string path, DicomFile file)
    {
        var bytes = File.ReadAllBytes(path)[(int)file.DataSetOffset..];
        return bytes.Length % 2 == 0 ? bytes : [.. bytes, 0];
    }

    private sealed class Anyone : IAssociationPolicy
    {
        public AssociationRejection? Judge(AssociateRequest request, AssociationPeer peer) => null;
    }

    /// <summary>Aborts at the second object, once.</summary>
    private sealed class BreaksOnce : IStoreService
    {
        private readonly Collected _kept = new();
        private int _count;

        public ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct) =>
            ++_count == 2 ? throw new OperationCanceledException() : _kept.BeginAsync(request, ct);
    }
}
