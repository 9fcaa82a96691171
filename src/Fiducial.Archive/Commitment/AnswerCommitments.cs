using Fiducial.Archive.Devices;
using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Commitment;

/// <summary>
/// Judges each request for commitment, once, by reading every object again; then tells the device, on a new association in which we are SCP
/// (PS3.4 J.3.3), again and again for a week until it takes the answer.
/// </summary>
internal sealed partial class AnswerCommitments(
    Commitments commitments,
    IImageVerification archive,
    DeviceRegistry registry,
    QueryRetrieveOptions options,
    TimeProvider clock,
    ILogger<AnswerCommitments> log
) : BackgroundService
{
    // PS3.3 C.14.1.1: processing failure, no such object instance, class and instance conflict.
    private const int Damaged = 0x0110;
    private const int Unknown = 0x0112;
    private const int OtherClass = 0x0119;

    // Also what another server has kept, and what is due again, is seen.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (commitments.Take() is { } commitment)
                {
                    await AnswerAsync(commitment, stoppingToken);
                }
            }
            catch (IndexUnavailableException)
            {
                // Nothing can be taken up or written down; what was begun is due again when it can.
            }
            await commitments.WaitAsync(Look, stoppingToken);
        }
    }

    private async Task AnswerAsync(PendingCommitment commitment, CancellationToken ct)
    {
        try
        {
            var objects = commitments.Objects(commitment);
            if (!commitment.IsDecided)
            {
                objects = await JudgeAsync(objects, ct);
                commitments.Decided(commitment, objects);
            }
            await ReportAsync(commitment, objects, ct);
            commitments.Answered(commitment);
        }
        catch (Exception e) when (e is not (IndexUnavailableException or OperationCanceledException))
        {
            var isGivenUp = clock.GetUtcNow() - commitment.RequestedAt > Patience;
            commitments.NotAnswered(commitment, isGivenUp ? null : clock.GetUtcNow() + PauseAfter(commitment.Tries));
            if (isGivenUp)
            {
                LogGivenUp(commitment.TransactionUid, commitment.AETitle, e.Message);
            }
            else if (commitment.Tries == 0)
            {
                LogNotAnswered(commitment.TransactionUid, commitment.AETitle, e.Message);
            }
        }
    }

    private static TimeSpan PauseAfter(int tries) =>
        tries > 10 ? LongestPause : TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << tries, LongestPause.Ticks));

    private async Task<IReadOnlyList<CommittedObject>> JudgeAsync(
        IReadOnlyList<CommittedObject> objects,
        CancellationToken ct
    )
    {
        var judged = new List<CommittedObject>();
        foreach (var one in objects)
        {
            judged.Add(one with { Failure = await JudgeAsync(one, ct) });
        }
        return judged;
    }

    private async Task<int> JudgeAsync(CommittedObject image, CancellationToken ct) =>
        await archive.JudgeAsync(image.SopInstanceUid, ct) switch
        {
            null => Unknown,
            var (sopClass, _) when sopClass != image.SopClassUid => OtherClass,
            var (_, isSound) => isSound ? 0 : Damaged,
        };

    private async Task ReportAsync(
        PendingCommitment commitment,
        IReadOnlyList<CommittedObject> images,
        CancellationToken ct
    )
    {
        var device =
            registry.Destination(commitment.AETitle)
            ?? throw new InvalidOperationException("It is not registered any more.");
        await using var client = await DicomClient.ConnectAsync(
            new DicomClientOptions
            {
                Host = device.Host,
                Port = device.Port,
                CallingAE = options.AETitle,
                CalledAE = device.AETitle,
                Contexts = DicomClientOptions.ContextOf(DicomUids.StorageCommitmentPushModel),
                Roles = [new RoleSelection(DicomUids.StorageCommitmentPushModel, Scu: false, Scp: true)],
                Tls = device.CertificateThumbprint is null ? null : options.Tls,
            },
            ct
        );
        var kept = images.Where(i => i.Failure == 0).Select(i => Reference(i));
        var failed = images.Where(i => i.Failure != 0).ToList();
        var report = new DicomDataSet().Set(DicomTags.TransactionUID, commitment.TransactionUid);
        if (failed.Count < images.Count)
        {
            report.SetItems(DicomTags.ReferencedSOPSequence, [.. kept]);
        }
        if (failed.Count > 0)
        {
            report.SetItems(
                DicomTags.FailedSOPSequence,
                [.. failed.Select(i => Reference(i).Set(DicomTags.FailureReason, i.Failure ?? Damaged))]
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

    private static DicomDataSet Reference(CommittedObject image) =>
        new DicomDataSet()
            .Set(DicomTags.ReferencedSOPClassUID, image.SopClassUid)
            .Set(DicomTags.ReferencedSOPInstanceUID, image.SopInstanceUid);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The answer to storage commitment {transaction} could not be told to {device}, and is tried again: {reason}"
    )]
    private partial void LogNotAnswered(string transaction, string device, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The answer to storage commitment {transaction} could not be told to {device} for a week, and is given up: {reason}"
    )]
    private partial void LogGivenUp(string transaction, string device, string reason);
}
