using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Dicom.Network;
using Fiducial.Pathway;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Law;

namespace Fiducial.Server.Doors;

/// <summary>
/// Query/Retrieve within a clinic: a workstation sees what radiologists see (pathway 6.3, note 7), another archive what the matrix opens to a
/// provincial repository, a modality nothing. What belongs to no exam is nobody's. A C-MOVE is judged at both its ends.
/// </summary>
internal sealed class DeviceGate(DeviceRegistry registry, StudyDoor door, AuditTrail audit) : IRetrieveGate
{
    private const string Service = "query/retrieve";

    public async ValueTask SearchesAsync(AssociationPeer peer, CancellationToken ct) =>
        await audit.WriteAsync(
            new AuditEvent(
                ActorOf(peer),
                "list",
                nameof(DataClass.C2f),
                RoleOf(peer) is not Role.EXTM,
                Service,
                peer.AETitle
            )
        );

    public ValueTask<StudyAccess> MayFindAsync(AssociationPeer peer, string studyInstanceUid, CancellationToken ct) =>
        RoleOf(peer) is Role.EXTM
            ? ValueTask.FromResult(StudyAccess.None)
            : door.OfAsync(ActorOf(peer), studyInstanceUid, StudyAccess.None, ct);

    public ValueTask<StudyAccess> MayReadAsync(AssociationPeer peer, string studyInstanceUid, CancellationToken ct) =>
        RoleOf(peer) is Role.EXTM
            ? ValueTask.FromResult(StudyAccess.None)
            : door.LookAsync(ActorOf(peer), studyInstanceUid, StudyAccess.None, Service, peer.AETitle, ct);

    public ValueTask<StudyAccess> MayLieAtAsync(Device destination, string studyInstanceUid, CancellationToken ct) =>
        destination.Role switch
        {
            DeviceRole.Workstation => door.OfAsync(
                ActorOf(destination.AETitle, Role.RAD),
                studyInstanceUid,
                StudyAccess.None,
                ct
            ),
            DeviceRole.PeerArchive => door.OfOtherArchivesAsync(studyInstanceUid, ct),
            _ => ValueTask.FromResult(StudyAccess.None),
        };

    private Actor ActorOf(AssociationPeer peer) => ActorOf(peer.AETitle, RoleOf(peer));

    private static Actor ActorOf(string title, Role role) =>
        new()
        {
            Id = title,
            Name = title,
            Role = role,
        };

    private Role RoleOf(AssociationPeer peer) =>
        registry.Find(peer)?.Role switch
        {
            DeviceRole.Workstation => Role.RAD,
            DeviceRole.PeerArchive => Role.EXTP,
            _ => Role.EXTM,
        };
}
