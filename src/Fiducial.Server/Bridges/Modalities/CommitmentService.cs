using System.Globalization;
using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;

namespace Fiducial.Server.Bridges.Modalities;

/// <summary>
/// Storage Commitment Push Model (PS3.4 J.3): takes the request, durably, and answers it later on an association of its own, because every device
/// understands that.
/// </summary>
internal sealed class CommitmentService(
    DeviceRegistry registry,
    IServiceScopeFactory scopes,
    OutboxSignal outbox,
    TimeProvider clock
) : IDimseService
{
    private const int MostReferences = 100_000;

    public IReadOnlyCollection<string> SopClasses { get; } = [DicomUids.StorageCommitmentPushModel];

    public async Task ServeAsync(DimseRequest request, CancellationToken ct)
    {
        if (request.Command.CommandField is not CommandField.NActionRequest)
        {
            throw new DimseException(DimseStatus.UnrecognizedOperation);
        }
        if (request.Command.ActionTypeId != 1)
        {
            throw Refused(0x0123, "There is no such action");
        }
        var set = request.DataSet ?? throw Refused(0x0115, "The request names no images");
        var transaction =
            set.GetString(DicomTags.TransactionUID) ?? throw Refused(0x0115, "Transaction UID is missing");
        var references = set.GetItems(DicomTags.ReferencedSOPSequence);
        if (references.Count is 0 or > MostReferences)
        {
            throw Refused(0x0115, "The request names no images, or too many");
        }
        if (registry.Find(request.Peer) is not { IsReachable: true } device)
        {
            throw Refused(0x0110, "Register this device's address and port to be answered");
        }
        await KeepAsync(transaction, device.AETitle, references, ct);
        outbox.Raise();
        await request.RespondAsync(DimseStatus.Success, ct: ct);
    }

    // The request and the message that answers it are kept together or not at all.
    private async Task KeepAsync(
        string transaction,
        string title,
        IReadOnlyList<DicomDataSet> references,
        CancellationToken ct
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        await using var work = await db.Database.BeginTransactionAsync(ct);
        var commitment = new Commitment
        {
            TransactionUid = transaction,
            AETitle = title,
            RequestedAt = clock.GetUtcNow(),
        };
        db.Add(commitment);
        await db.SaveChangesAsync(ct);
        foreach (var reference in references)
        {
            db.Add(
                new CommittedImage
                {
                    CommitmentId = commitment.Id,
                    SopClassUid = reference.GetString(DicomTags.ReferencedSOPClassUID) ?? "",
                    SopInstanceUid = reference.GetString(DicomTags.ReferencedSOPInstanceUID) ?? "",
                }
            );
        }
        db.Add(
            new OutboxMessage
            {
                Topic = AnswerCommitment.Name,
                Body = commitment.Id.ToString(CultureInfo.InvariantCulture),
                DueAt = clock.GetUtcNow(),
            }
        );
        await db.SaveChangesAsync(ct);
        await work.CommitAsync(ct);
    }

    private static DimseException Refused(ushort code, string sentence) => new(new DimseStatus(code, sentence));
}
