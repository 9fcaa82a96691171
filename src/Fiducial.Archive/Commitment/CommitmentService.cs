using Fiducial.Archive.Devices;
using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Commitment;

/// <summary>
/// Storage Commitment Push Model (PS3.4 J.3): takes the request, durably, and answers it later on an association of its own, because every device
/// understands that.
/// </summary>
internal sealed class CommitmentService(DeviceRegistry registry, Commitments commitments) : IDimseService
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
        try
        {
            commitments.Keep(
                transaction,
                device.AETitle,
                references.Select(r =>
                    (
                        r.GetString(DicomTags.ReferencedSOPClassUID) ?? "",
                        r.GetString(DicomTags.ReferencedSOPInstanceUID) ?? ""
                    )
                )
            );
        }
        catch (IndexUnavailableException)
        {
            throw Refused(0x0110, "The archive's index cannot be written");
        }
        await request.RespondAsync(DimseStatus.Success, ct: ct);
    }

    private static DimseException Refused(ushort code, string sentence) => new(new DimseStatus(code, sentence));
}
