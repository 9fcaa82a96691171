using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>Counts the sub-operations of one C-MOVE or C-GET and tells the requestor (PS3.4 C.4.2.1.5 – C.4.2.1.8).</summary>
internal sealed class Progress(DimseRequest request, int total)
{
    private readonly List<string> _failed = [];
    private int _completed;
    private int _warnings;

    private SubOperations Counts =>
        new(total - _completed - _failed.Count - _warnings, _completed, _failed.Count, _warnings);

    public void Count(StoredInstance instance, DimseStatus? status)
    {
        switch (status)
        {
            case { IsSuccess: true }:
                _completed++;
                break;
            case { IsStored: true }:
                _warnings++;
                break;
            default:
                _failed.Add(instance.SopInstanceUid);
                break;
        }
    }

    /// <summary>Tells how far it is.</summary>
    /// <param name="goesOnAtOnce">True when something is sent on this association next, with which it can be told.</param>
    /// <returns>False when the requestor has cancelled.</returns>
    public async Task<bool> GoOnAsync(bool goesOnAtOnce, CancellationToken ct)
    {
        if (await request.IsCancelledAsync(ct))
        {
            return false;
        }
        if (Counts.Remaining > 0)
        {
            await (
                goesOnAtOnce
                    ? request.RespondWithNextAsync(DimseStatus.Pending, counts: Counts, ct: ct)
                    : request.RespondAsync(DimseStatus.Pending, counts: Counts, ct: ct)
            );
        }
        return true;
    }

    public ValueTask EndAsync(bool isCancelled, CancellationToken ct)
    {
        var status =
            isCancelled ? DimseStatus.Cancelled
            : _failed.Count > 0 && _failed.Count == total
                ? new DimseStatus(0xA702, "No sub-operation succeeded; see Failed SOP Instance UID List")
            : _failed.Count > 0 || _warnings > 0 ? new DimseStatus(0xB000, "Some sub-operations failed or warned")
            : DimseStatus.Success;
        var failed =
            _failed.Count > 0 ? new DicomDataSet().Set(DicomTags.FailedSOPInstanceUIDList, [.. _failed]) : null;
        return request.RespondAsync(status, failed, Counts, ct);
    }
}
