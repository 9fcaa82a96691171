using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Archive.Tests;

/// <summary>Storage commitment of a plain archive (PS3.4 J), asked and answered over real associations.</summary>
public sealed class CommitmentTests
{
    private const string Push = DicomUids.StorageCommitmentPushModel;
    private const string Dx = DicomUids.DigitalXRayImageStorageForPresentation;

    private static readonly string Elsewhere = DicomUidFactory.New();

    [Fact]
    public async Task What_is_stored_and_sound_is_committed_and_the_rest_is_named_with_its_reason()
    {
        await using var archive = new RetrieveArchive();
        await using var device = new Device104();
        archive.Devices.Add(device.Registered);
        await archive.AnswerCommitmentsAsync();
        var (sound, damaged) = (TestImages.Grey(8, 8), TestImages.Grey(8, 8));
        await archive.SendAsync(sound);
        await archive.SendAsync(damaged);
        Damage(archive, Uid(damaged));

        var transaction = await AskAsync(archive, (Dx, Uid(sound)));
        var all = await device.NextAsync();
        all.Type.Should().Be(1);
        all.Set.GetString(DicomTags.TransactionUID).Should().Be(transaction);
        all.Set.GetItems(DicomTags.ReferencedSOPSequence).Should().ContainSingle();
        all.Role.Should().Be(new RoleSelection(Push, Scu: false, Scp: true));

        await AskAsync(
            archive,
            (Dx, Uid(sound)),
            (Dx, Uid(damaged)),
            (Dx, Elsewhere),
            (DicomUids.CTImageStorage, Uid(sound))
        );
        var some = await device.NextAsync();
        some.Type.Should().Be(2);
        some.Set.GetItems(DicomTags.ReferencedSOPSequence)
            .Select(i => i.GetString(DicomTags.ReferencedSOPInstanceUID))
            .Should()
            .Equal(Uid(sound));
        some.Set.GetItems(DicomTags.FailedSOPSequence)
            .Select(i => (i.GetString(DicomTags.ReferencedSOPInstanceUID), i.GetInt(DicomTags.FailureReason)))
            .Should()
            .Equal((Uid(damaged), 0x0110), (Elsewhere, 0x0112), (Uid(sound), 0x0119));
    }

    [Fact]
    public async Task An_answer_outlives_the_server_and_is_told_again_until_the_device_takes_it()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-commitment-").FullName;
        await using var device = new Device104(isListening: false);
        var image = TestImages.Grey(8, 8);
        string transaction;
        await using (var before = new RetrieveArchive(folder: folder, keepsFolder: true))
        {
            before.Devices.Add(device.Registered);
            await before.SendAsync(image);
            transaction = await AskAsync(before, (Dx, Uid(image)));
        }
        await using var archive = new RetrieveArchive(folder: folder);
        archive.Devices.Add(device.Registered);
        await archive.AnswerCommitmentsAsync();
        await Task.Delay(500);
        var study = image.GetString(DicomTags.StudyInstanceUID)!;
        archive.Get<IStorageCommitments>().About(study).Answered.Should().Be(0, "nobody listens");
        device.Answers(0x0110, times: 1);
        device.Listen();
        for (var told = 0; told < 2; told++)
        {
            (await device.NextAsync()).Set.GetString(DicomTags.TransactionUID).Should().Be(transaction);
        }
        for (var tries = 0; tries < 100 && archive.Get<IStorageCommitments>().About(study).Answered == 0; tries++)
        {
            await Task.Delay(50);
        }
        archive
            .Get<IStorageCommitments>()
            .About(study)
            .Should()
            .BeEquivalentTo(new CommitmentsOfStudy(["CT1"], 1, 1, 1));
    }

    [Fact]
    public async Task Who_cannot_be_answered_is_told_so_at_once()
    {
        await using var archive = new RetrieveArchive();
        await using var client = await archive.ConnectAsync("CT1", [new(Push)]);
        (await RequestAsync(client, DicomUidFactory.New(), (Dx, Elsewhere))).ToString().Should().StartWith("0110");
        await client.ReleaseAsync();
    }

    private static async Task<string> AskAsync(RetrieveArchive archive, params (string Class, string Uid)[] objects)
    {
        var transaction = DicomUidFactory.New();
        await using var client = await archive.ConnectAsync("CT1", [new(Push)]);
        (await RequestAsync(client, transaction, objects)).ToString().Should().Be("0000");
        await client.ReleaseAsync();
        return transaction;
    }

    private static async Task<DimseStatus> RequestAsync(
        DicomClient client,
        string transaction,
        params (string Class, string Uid)[] objects
    ) =>
        (
            await client.ActionAsync(
                Push,
                DicomUids.StorageCommitmentPushModelInstance,
                1,
                new DicomDataSet()
                    .Set(DicomTags.TransactionUID, transaction)
                    .SetItems(
                        DicomTags.ReferencedSOPSequence,
                        [
                            .. objects.Select(o =>
                                new DicomDataSet()
                                    .Set(DicomTags.ReferencedSOPClassUID, o.Class)
                                    .Set(DicomTags.ReferencedSOPInstanceUID, o.Uid)
                            ),
                        ]
                    )
            )
        ).Status;

    private static string Uid(DicomDataSet image) => image.GetString(DicomTags.SOPInstanceUID)!;

    private static void Damage(RetrieveArchive archive, string uid)
    {
        using var file = new FileStream(
            Path.Combine(archive.Folder, archive.Images.Find(uid)!.File),
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.ReadWrite
        );
        file.Position = file.Length - 1;
        file.WriteByte(0xEE);
    }

    /// <summary>The device's side: takes events, or refuses them.</summary>
    private sealed class Device104 : IDimseService, IAssociationPolicy, IAsyncDisposable
    {
        private readonly BlockingCollection<(ushort Type, DicomDataSet Set, RoleSelection? Role)> _told = [];
        private readonly DicomServer _server;
        private readonly int _port = FreePort();
        private RoleSelection? _role;
        private (ushort Code, int Times) _refusal;

        public Device104(bool isListening = true)
        {
            _server = new DicomServer(
                new DicomServerOptions { Port = _port, AETitle = "CT1" },
                this,
                store: null,
                NullLoggerFactory.Instance,
                [this]
            );
            if (isListening)
            {
                Listen();
            }
        }

        public Device Registered => new("CT1", "127.0.0.1", _port, DeviceRole.Modality);
        public IReadOnlyCollection<string> SopClasses { get; } = [Push];
        public bool AllowsRequestorAsScp => true;

        public void Listen() => _server.Start();

        public void Answers(ushort code, int times) => _refusal = (code, times);

        public Task<(ushort Type, DicomDataSet Set, RoleSelection? Role)> NextAsync() =>
            Task.Run(() =>
                _told.TryTake(out var told, TimeSpan.FromSeconds(30))
                    ? told
                    : throw new TimeoutException("Nothing was told to the device.")
            );

        public AssociationRejection? Judge(AssociateRequest request, AssociationPeer peer)
        {
            _role = request.Roles.SingleOrDefault();
            return null;
        }

        public async Task ServeAsync(DimseRequest request, CancellationToken ct)
        {
            var isRefused = _refusal.Times-- > 0;
            await request.RespondAsync(isRefused ? new DimseStatus(_refusal.Code, "") : DimseStatus.Success, ct: ct);
            _told.Add((request.Command.EventTypeId, request.DataSet!, _role), ct);
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            _told.Dispose();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
