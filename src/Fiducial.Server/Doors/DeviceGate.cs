using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Dicom.Network;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Doors;

/// <summary>
/// Query/Retrieve within a clinic: a workstation sees what radiologists see (pathway 6.3, note 7), another archive what the matrix opens to a
/// provincial repository, a modality nothing. What belongs to no exam is nobody's.
/// </summary>
internal sealed class DeviceGate(DeviceRegistry registry, IServiceScopeFactory scopes) : IRetrieveGate
{
    public async ValueTask<StudyAccess> MayReadAsync(
        AssociationPeer peer,
        string studyInstanceUid,
        CancellationToken ct
    )
    {
        var role = registry.Find(peer)?.Role switch
        {
            DeviceRole.Workstation => Role.RAD,
            DeviceRole.PeerArchive => Role.EXTP,
            _ => Role.EXTM,
        };
        if (role is Role.EXTM)
        {
            return StudyAccess.None;
        }
        var actor = new Actor
        {
            Id = peer.AETitle,
            Name = peer.AETitle,
            Role = role,
        };
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var policy = scope.ServiceProvider.GetRequiredService<AccessPolicy>();
        var exams = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => e.StudyInstanceUid == studyInstanceUid)
            .ToListAsync(ct);
        var access = exams.Count == 0 ? StudyAccess.None : StudyAccess.ImagesAndResults;
        foreach (var exam in exams)
        {
            if (!await policy.MayAsync(exam, actor, DataClass.C2f, Verb.Read, ct))
            {
                return StudyAccess.None;
            }
            if (!await policy.MayAsync(exam, actor, DataClass.C3f, Verb.Read, ct))
            {
                access = StudyAccess.Images;
            }
        }
        return access;
    }
}
