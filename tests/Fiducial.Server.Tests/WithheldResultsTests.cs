using System.Collections.Concurrent;
using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;
using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Server.Tests;

/// <summary>What interprets images, retrieved from a clinic by C-GET and C-MOVE before and after those who ask may see results.</summary>
public sealed class WithheldResultsTests
{
    private const string Get = DicomUids.StudyRootQueryRetrieveInformationModelGet;
    private const string Move = DicomUids.StudyRootQueryRetrieveInformationModelMove;
    private const string Image = DicomUids.DigitalXRayImageStorageForPresentation;

    private static readonly string[] Documents =
    [
        DicomUids.KeyObjectSelectionDocumentStorage,
        DicomUids.ComprehensiveSRStorage,
        DicomUids.GrayscaleSoftcopyPresentationStateStorage,
        DicomUids.EncapsulatedPDFStorage,
    ];

    [Fact]
    public async Task Images_come_alone_and_no_count_tells_of_what_interprets_them_until_the_report_is_signed()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var taken = new Taken();
        await using var screen = Peer("WS", taken);
        var devices = clinic.Services.GetRequiredService<RegisteredDevices>();
        devices.Add(new Device("WS", "127.0.0.1", screen.Port, DeviceRole.Workstation), "test").Should().BeTrue();
        devices.Add(new Device("PROVINCE", "127.0.0.1", 0, DeviceRole.PeerArchive), "test").Should().BeTrue();

        var exam = await clinic.ExamAsync(Chapter.Imaged);
        var order = await clinic.ExamAsync(exam);
        var documents = Documents.Select((c, i) => Document(Modality.Image(order, "PA", "L", 10 + i), c)).ToList();
        await clinic.Modality.SendsAsync(documents);
        var study = Keys("STUDY").Set(DicomTags.StudyInstanceUID, order.StudyInstanceUid);
        var nothing = new SubOperations(0, 0, 0, 0);

        // Not signed: a radiologist's workstation sees images and no results (pathway 6.3).
        await using (var client = await ConnectAsync(clinic, "WS"))
        {
            var (here, told) = (new Taken(), new Told());
            foreach (
                var result in new[]
                {
                    await client.GetAsync(Get, study, here, told),
                    await client.MoveAsync(Move, "WS", study, told),
                }
            )
            {
                result.Status.ToString().Should().Be("0000");
                result.Counts.Should().Be(new SubOperations(0, 2, 0, 0));
                result.FailedInstances.Should().BeEmpty();
            }
            told.Seen.Should().NotBeEmpty().And.OnlyContain(s => s.Remaining + s.Completed == 2 && s.Failed == 0);
            here.Classes.Should().Equal(Image, Image);
            taken.Classes.Should().Equal(Image, Image);

            // By name, what is withheld is answered as what does not exist.
            var nowhere = new DicomDataSet()
                .Set(DicomTags.SeriesInstanceUID, "1.2.3")
                .Set(DicomTags.SOPInstanceUID, "1.2.3.4");
            foreach (var document in documents.Append(nowhere))
            {
                var uid = document.GetString(DicomTags.SOPInstanceUID)!;
                var one = Keys("IMAGE")
                    .Set(DicomTags.StudyInstanceUID, order.StudyInstanceUid)
                    .Set(DicomTags.SeriesInstanceUID, document.GetString(DicomTags.SeriesInstanceUID)!)
                    .Set(DicomTags.SOPInstanceUID, uid);
                foreach (
                    var result in new[]
                    {
                        await client.GetAsync(Get, one, here),
                        await client.MoveAsync(Move, "WS", one),
                    }
                )
                {
                    result.Status.ToString().Should().Be("0000", uid);
                    result.Counts.Should().Be(nothing, uid);
                    result.FailedInstances.Should().BeEmpty(uid);
                }
            }
            here.Classes.Should().HaveCount(2);
            taken.Classes.Should().HaveCount(2);
            await client.ReleaseAsync();
        }

        await clinic.ContinueAsync(exam, Chapter.Completed, Chapter.Signed);
        await using (var client = await ConnectAsync(clinic, "WS"))
        {
            var all = new SubOperations(0, 2 + Documents.Length, 0, 0);
            var here = new Taken();
            (await client.GetAsync(Get, study, here)).Counts.Should().Be(all);
            here.Classes.Should().BeEquivalentTo([Image, Image, .. Documents]);
            (await client.MoveAsync(Move, "WS", study)).Counts.Should().Be(all);
            await client.ReleaseAsync();
        }

        // The matrix opens nothing to a provincial repository, of a signed exam either.
        await using (var client = await ConnectAsync(clinic, "PROVINCE"))
        {
            var here = new Taken();
            var result = await client.GetAsync(Get, study, here);
            result.Status.ToString().Should().Be("0000");
            result.Counts.Should().Be(nothing);
            here.Classes.Should().BeEmpty();
            await client.ReleaseAsync();
        }
    }

    [Fact]
    public async Task Results_are_moved_to_another_archive_only_when_the_holder_of_the_duty_has_them_and_images_before()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var (atScreen, abroad) = (new Taken(), new Taken());
        await using var screen = Peer("WS2", atScreen);
        await using var province = Peer("PROVINCE", abroad);
        var devices = clinic.Services.GetRequiredService<RegisteredDevices>();
        devices.Add(new Device("WS", "127.0.0.1", 0, DeviceRole.Workstation), "test");
        devices.Add(new Device("WS2", "127.0.0.1", screen.Port, DeviceRole.Workstation), "test");
        devices.Add(new Device("PROVINCE", "127.0.0.1", province.Port, DeviceRole.PeerArchive), "test");
        devices.Add(new Device("CT", "127.0.0.1", province.Port, DeviceRole.Modality), "test");

        var exam = await clinic.ExamAsync(Chapter.Imaged);
        var order = await clinic.ExamAsync(exam);
        var documents = Documents.Select((c, i) => Document(Modality.Image(order, "PA", "L", 10 + i), c)).ToList();
        await clinic.Modality.SendsAsync(documents);
        var study = Keys("STUDY").Set(DicomTags.StudyInstanceUID, order.StudyInstanceUid);
        await clinic.ContinueAsync(exam, Chapter.Completed, Chapter.Written);
        await VerifyAddressAsync(clinic, at: null);
        await clinic.Radiologist.Signs(exam);
        await using var client = await ConnectAsync(clinic, "WS");

        // Signed, and not yet delivered: a radiologist sees it, the province does not.
        (await client.MoveAsync(Move, "WS2", study))
            .Counts.Should()
            .Be(new SubOperations(0, 2 + Documents.Length, 0, 0));
        var early = await client.MoveAsync(Move, "PROVINCE", study);
        early.Status.Code.Should().Be(0xB000);
        early.Counts.Should().Be(new SubOperations(0, 2, Documents.Length, 0));
        early.FailedInstances.Should().BeEquivalentTo(documents.Select(d => d.GetString(DicomTags.SOPInstanceUID)));
        abroad.Classes.Should().Equal(Image, Image);
        var document = Keys("SERIES")
            .Set(DicomTags.StudyInstanceUID, order.StudyInstanceUid)
            .Set(DicomTags.SeriesInstanceUID, documents[0].GetString(DicomTags.SeriesInstanceUID)!);
        (await client.MoveAsync(Move, "PROVINCE", document)).Status.Code.Should().Be(0xA702);
        (await client.MoveAsync(Move, "CT", study)).Status.Code.Should().Be(0xA801);
        abroad.Classes.Should().Equal(Image, Image);

        var delivered = await clinic.ExamAsync(Chapter.Imaged);
        order = await clinic.ExamAsync(delivered);
        await clinic.Modality.SendsAsync([
            .. Documents.Select((c, i) => Document(Modality.Image(order, "PA", "L", 10 + i), c)),
        ]);
        await VerifyAddressAsync(clinic, clinic.Clock.GetUtcNow());
        await clinic.ContinueAsync(delivered, Chapter.Completed, Chapter.Signed);
        study.Set(DicomTags.StudyInstanceUID, order.StudyInstanceUid);
        var all = await client.MoveAsync(Move, "PROVINCE", study);
        all.Counts.Should().Be(new SubOperations(0, 2 + Documents.Length, 0, 0));
        abroad.Classes.Skip(2).Should().BeEquivalentTo([Image, Image, .. Documents]);
        await client.ReleaseAsync();
    }

    private static DicomServer Peer(string title, IStoreService store)
    {
        var server = new DicomServer(
            new DicomServerOptions { Port = 0, AETitle = title },
            new DevicePolicy(new DeviceRegistry([], DeviceRole.PeerArchive)),
            store,
            NullLoggerFactory.Instance
        );
        server.Start();
        return server;
    }

    // Without an address that was tried nothing is delivered to the doctor.
    private static async Task VerifyAddressAsync(ClinicInABox clinic, DateTimeOffset? at)
    {
        await using var scope = clinic.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var doctor = await db.Set<People.Person>().SingleAsync(p => p.UserName == clinic.Referrer.Name);
        doctor.EndpointVerifiedAt = at;
        await db.SaveChangesAsync();
    }

    private static DicomDataSet Keys(string level) => new DicomDataSet().Set(DicomTags.QueryRetrieveLevel, level);

    // With the identity of the order, in a series of its own.
    private static DicomDataSet Document(DicomDataSet image, string sopClassUid)
    {
        image.Remove(DicomTags.PixelData);
        return image
            .Set(DicomTags.SOPClassUID, sopClassUid)
            .Set(DicomTags.SOPInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.SeriesInstanceUID, DicomUidFactory.New());
    }

    private static Task<DicomClient> ConnectAsync(ClinicInABox clinic, string title) =>
        DicomClient.ConnectAsync(
            new DicomClientOptions
            {
                Host = "127.0.0.1",
                Port = clinic.DicomPort,
                CallingAE = title,
                CalledAE = "FIDUCIAL",
                Contexts = DicomClientOptions.ContextsOf(
                    Documents.Concat([Image, Get, Move]).Select(c => (c, DicomUids.ExplicitVRLittleEndian))
                ),
                Roles = [.. Documents.Append(Image).Select(c => new RoleSelection(c, Scu: false, Scp: true))],
            }
        );

    private sealed class Told : IProgress<SubOperations>
    {
        public List<SubOperations> Seen { get; } = [];

        public void Report(SubOperations value) => Seen.Add(value);
    }

    /// <summary>Takes everything and keeps of what class it was.</summary>
    private sealed class Taken : IStoreService
    {
        private readonly ConcurrentQueue<string> _classes = new();

        public IReadOnlyCollection<string> Classes => _classes;

        public ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct) =>
            ValueTask.FromResult<IStoreReceipt>(new Receipt(_classes, request.SopClassUid));

        private sealed class Receipt(ConcurrentQueue<string> classes, string sopClassUid) : IStoreReceipt
        {
            public ValueTask WriteAsync(ReadOnlyMemory<byte> dataSetBytes, CancellationToken ct) => default;

            public ValueTask<DimseStatus> CompleteAsync(CancellationToken ct)
            {
                classes.Enqueue(sopClassUid);
                return ValueTask.FromResult(DimseStatus.Success);
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
