using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.Proxies;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.PatientPortal;

/// <summary>A patient for whom somebody stands today.</summary>
public sealed record StandsFor(Proxy Proxy, PatientRecord Patient)
{
    /// <summary>Every patient for whom this proxy's authority lasts and shows something; each stands alone.</summary>
    public static async Task<IReadOnlyList<StandsFor>> OfAsync(
        ClinicDb db,
        Actor proxy,
        DateOnly today,
        CancellationToken ct
    )
    {
        var rows = await (
            from x in db.Set<Proxy>().AsNoTracking()
            join p in db.Set<PatientRecord>().AsNoTracking() on x.PatientId equals p.PatientId
            where x.PersonId == proxy.Id && x.EndedAt == null
            orderby p.Name, x.Id
            select new { x, p }
        ).ToListAsync(ct);
        return
        [
            .. rows.Where(r => r.x.HoldsOn(today) && r.x.Sight is not ProxySight.Nothing)
                .DistinctBy(r => r.p.PatientId, StringComparer.Ordinal)
                .Select(r => new StandsFor(r.x, r.p)),
        ];
    }

    /// <summary>The one of them that is asked for, by its number or by an exam; the only one when nothing is asked for; else null.</summary>
    public static async Task<StandsFor?> ChosenAsync(
        ClinicDb db,
        IReadOnlyList<StandsFor> all,
        long? proxy,
        Guid? exam,
        CancellationToken ct
    )
    {
        if (exam is { } id)
        {
            var of = await db.Set<ExamRecord>()
                .AsNoTracking()
                .Where(e => e.Id == id)
                .Select(e => e.PatientId)
                .FirstOrDefaultAsync(ct);
            return all.FirstOrDefault(s => s.Patient.PatientId == of);
        }
        return proxy is { } number ? all.FirstOrDefault(s => s.Proxy.Id == number)
            : all.Count == 1 ? all[0]
            : null;
    }
}
