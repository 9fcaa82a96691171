using System.Collections.Frozen;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Archive.Devices;

/// <summary>
/// Who may open an association, and for which services. A modality is on the way in alone: whatever would give it something that was
/// stored is refused to it, from wherever and however it asks.
/// </summary>
public sealed class DevicePolicy(DeviceRegistry registry) : IAssociationPolicy
{
    private static readonly FrozenSet<string> ForModalities = FrozenSet.ToFrozenSet(
        [
            DicomUids.Verification,
            DicomUids.ModalityWorklistInformationModelFind,
            DicomUids.ModalityPerformedProcedureStep,
            DicomUids.StorageCommitmentPushModel,
        ],
        StringComparer.Ordinal
    );
    private static readonly FrozenSet<string> ForReaders = FrozenSet.ToFrozenSet(
        [
            DicomUids.Verification,
            DicomUids.StorageCommitmentPushModel,
            .. RetrieveClasses.Find,
            .. RetrieveClasses.Move,
            .. RetrieveClasses.Get,
        ],
        StringComparer.Ordinal
    );

    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    public AssociationRejection? Judge(AssociateRequest request, AssociationPeer peer)
    {
        registry.Refresh();
        if (registry.Find(peer) is not { } device)
        {
            return AssociationRejection.CallingAENotRecognized;
        }
        lock (_open)
        {
            var open = _open.GetValueOrDefault(peer.AETitle);
            if (device.MostAssociations > 0 && open >= device.MostAssociations)
            {
                return AssociationRejection.LocalLimitExceeded;
            }
            _open[peer.AETitle] = open + 1;
            return null;
        }
    }

    public void Ended(AssociationPeer peer)
    {
        lock (_open)
        {
            if (--_open[peer.AETitle] == 0)
            {
                _open.Remove(peer.AETitle);
            }
        }
    }

    public bool MayUse(AssociationPeer peer, string sopClassUid) =>
        registry.Find(peer) is { } device && MayUse(device.Role, sopClassUid);

    /// <summary>May a device of this role call upon the class at all?</summary>
    public static bool MayUse(DeviceRole role, string sopClassUid) =>
        DicomUids.IsStorageSopClass(sopClassUid)
        || (role is DeviceRole.Modality ? ForModalities : ForReaders).Contains(sopClassUid);
}
