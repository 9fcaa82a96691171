using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Dicom.Network;
using Fiducial.Pathway;
using Fiducial.Pathway.Law;

namespace Fiducial.Server.Doors;

/// <summary>
/// Query/Retrieve within a clinic: a workstation sees what radiologists see (pathway 6.3, note 7), another archive what the matrix opens to a
/// provincial repository, a modality nothing. What belongs to no exam is nobody's.
/// </summary>
internal sealed class DeviceGate(DeviceRegistry registry, StudyDoor door) : IRetrieveGate
{
    public ValueTask<StudyAccess> MayReadAsync(AssociationPeer peer, string studyInstanceUid, CancellationToken ct)
    {
        var role = registry.Find(peer)?.Role switch
        {
            DeviceRole.Workstation => Role.RAD,
            DeviceRole.PeerArchive => Role.EXTP,
            _ => Role.EXTM,
        };
        if (role is Role.EXTM)
        {
            return ValueTask.FromResult(StudyAccess.None);
        }
        var actor = new Actor
        {
            Id = peer.AETitle,
            Name = peer.AETitle,
            Role = role,
        };
        return door.LookAsync(actor, studyInstanceUid, StudyAccess.None, "query/retrieve", peer.AETitle, ct);
    }
}
