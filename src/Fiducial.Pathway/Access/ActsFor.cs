using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Access;

/// <summary>Whether someone may act for a patient today: the patient, or a proxy or an application whose authority lasts.</summary>
internal static class ActsFor
{
    public static async Task<bool> MayActAsync(
        ClinicDb db,
        PatientRecord patient,
        Actor actor,
        DateOnly today,
        CancellationToken ct
    )
    {
        if (actor.Role is Role.PAT)
        {
            return patient.PersonId.Length > 0 && patient.PersonId == actor.Id;
        }
        var proxies = await db.Set<Proxy>()
            .AsNoTracking()
            .Where(p => p.PatientId == patient.PatientId && p.PersonId == actor.Id)
            .ToListAsync(ct);
        return proxies.Exists(p => Proxies.IsValid(p, patient, today));
    }
}
