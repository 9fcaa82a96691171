using System.Globalization;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Bridges.Modalities;

/// <summary>
/// Judges a request for commitment, once, by reading every image again; then tells the modality, on a new association in which we are SCP
/// (PS3.4 J.3.3), again and again until it takes the answer.
/// </summary>
[Access(DataClass.C0, Verb.Write, Role.EXTM)]
internal sealed class AnswerCommitment(
    ClinicDb db,
    IImageVerification archive,
    DeviceRegistry registry,
    TlsSetting tls,
    TimeProvider clock
) : IOutboxHandler
{
    public const string Name = "storage-commitment";

    // PS3.3 C.14.1.1: processing failure, no such object instance, class and instance conflict.
    private const int Damaged = 0x0110;
    private const int Unknown = 0x0112;
    private const int OtherClass = 0x0119;

    public string Topic => Name;

    public async Task HandleAsync(string body, CancellationToken ct)
    {
        var id = long.Parse(body, CultureInfo.InvariantCulture);
        var commitment = await db.Set<Commitment>().FirstAsync(c => c.Id == id, ct);
        var images = await db.Set<CommittedImage>().Where(i => i.CommitmentId == id).OrderBy(i => i.Id).ToListAsync(ct);
        if (commitment.DecidedAt is null)
        {
            foreach (var image in images)
            {
                image.FailureReason = await JudgeAsync(image, ct);
            }
            commitment.DecidedAt = clock.GetUtcNow();
            await db.SaveChangesAsync(ct);
        }
        if (commitment.AnsweredAt is null)
        {
            await ReportAsync(commitment, images, ct);
            commitment.AnsweredAt = clock.GetUtcNow();
            await db.SaveChangesAsync(ct);
        }
    }

    private async Task<int> JudgeAsync(CommittedImage image, CancellationToken ct) =>
        await archive.JudgeAsync(image.SopInstanceUid, ct) switch
        {
            null => Unknown,
            var (sopClass, _) when sopClass != image.SopClassUid => OtherClass,
            var (_, isSound) => isSound ? 0 : Damaged,
        };

    private async Task ReportAsync(Commitment commitment, List<CommittedImage> images, CancellationToken ct)
    {
        var device =
            registry.Destination(commitment.AETitle)
            ?? throw new InvalidOperationException($"{commitment.AETitle} is not registered any more.");
        await using var client = await DicomClient.ConnectAsync(
            new DicomClientOptions
            {
                Host = device.Host,
                Port = device.Port,
                CallingAE = "FIDUCIAL",
                CalledAE = device.AETitle,
                Contexts = DicomClientOptions.ContextOf(DicomUids.StorageCommitmentPushModel),
                Roles = [new RoleSelection(DicomUids.StorageCommitmentPushModel, Scu: false, Scp: true)],
                Tls = device.CertificateThumbprint is null ? null : tls.Identity,
            },
            ct
        );
        var kept = images.Where(i => i.FailureReason == 0).Select(i => Reference(i));
        var failed = images.Where(i => i.FailureReason != 0).ToList();
        var report = new DicomDataSet().Set(DicomTags.TransactionUID, commitment.TransactionUid);
        if (failed.Count < images.Count)
        {
            report.SetItems(DicomTags.ReferencedSOPSequence, [.. kept]);
        }
        if (failed.Count > 0)
        {
            report.SetItems(
                DicomTags.FailedSOPSequence,
                [.. failed.Select(i => Reference(i).Set(DicomTags.FailureReason, i.FailureReason ?? Damaged))]
            );
        }
        // Event 1: all are kept; 2: some are not (PS3.4 J.3.3.1).
        var answer = await client.ReportEventAsync(
            DicomUids.StorageCommitmentPushModel,
            DicomUids.StorageCommitmentPushModelInstance,
            failed.Count == 0 ? (ushort)1 : (ushort)2,
            report,
            ct
        );
        await client.ReleaseAsync(ct);
        if (!answer.Status.IsSuccess)
        {
            throw new DimseException(answer.Status);
        }
    }

    private static DicomDataSet Reference(CommittedImage image) =>
        new DicomDataSet()
            .Set(DicomTags.ReferencedSOPClassUID, image.SopClassUid)
            .Set(DicomTags.ReferencedSOPInstanceUID, image.SopInstanceUid);
}
