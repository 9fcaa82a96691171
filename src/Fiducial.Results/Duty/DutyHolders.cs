using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Results.Delivery;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Duty;

/// <summary>Who owes the review: one function for the step that assigns it and for the guard that checks it.</summary>
public sealed class DutyHolders(ClinicDb db, IRecipientDirectory doctors)
{
    /// <summary>
    /// The responsible doctor; in an absence the doctor who accepted to cover it; the medical director when there is none of these
    /// with an active licence. Null when the clinic has no director either.
    /// </summary>
    public async Task<(Recipient Doctor, string Basis)?> ForAsync(ExamRecord exam, DateOnly today, CancellationToken ct)
    {
        var responsible = await doctors.FindAsync(exam.ResponsibleDoctorId, ct);
        var rota = await db.Set<Cover>()
            .AsNoTracking()
            .Where(c => c.DoctorId == exam.ResponsibleDoctorId && c.ExamId == null && c.AcceptedAt != null)
            .Where(c => c.From <= today && today <= c.Until)
            .OrderBy(c => c.Id)
            .ToListAsync(ct);
        foreach (var cover in rota)
        {
            if (await doctors.FindAsync(cover.CoverId, ct) is { LicenceActive: true } covering)
            {
                return (covering, "accepted cover of an absence");
            }
        }
        if (responsible is { LicenceActive: true })
        {
            return (responsible, "responsible doctor");
        }
        if (await CustodianAsync(exam.ResponsibleDoctorId, ct) is { } custodian)
        {
            return (custodian, "successor custodian");
        }
        return await doctors.MedicalDirectorAsync(ct) is { } director
            ? (director, "medical director of last resort")
            : null;
    }

    /// <summary>Who has agreed to follow a doctor who is gone: the first of the line whose licence is active; null when there is none.</summary>
    public async Task<Recipient?> CustodianAsync(string doctorId, CancellationToken ct)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var gone = doctorId; seen.Add(gone); )
        {
            if (
                await db.Set<Successor>().AsNoTracking().FirstOrDefaultAsync(s => s.DoctorId == gone, ct)
                is not { } next
            )
            {
                return null;
            }
            if (await doctors.FindAsync(next.CustodianId, ct) is { LicenceActive: true } custodian)
            {
                return custodian;
            }
            gone = next.CustodianId;
        }
        return null;
    }

    /// <summary>True when this doctor has accepted to take over from the present holder, for this exam or for an absence.</summary>
    public async Task<bool> HasAcceptedAsync(ExamRecord exam, string doctorId, DateOnly today, CancellationToken ct) =>
        await db.Set<Cover>()
            .AnyAsync(
                c =>
                    c.CoverId == doctorId
                    && (c.DoctorId == exam.HolderId || (" " + exam.FormerHolderIds).Contains(" " + c.DoctorId + " "))
                    && c.AcceptedAt != null
                    && (c.ExamId == null || c.ExamId == exam.Id)
                    && c.From <= today
                    && today <= c.Until,
                ct
            );

    public Task<Recipient?> FindAsync(string doctorId, CancellationToken ct) => doctors.FindAsync(doctorId, ct);

    public Task<Recipient?> DirectorAsync(CancellationToken ct) => doctors.MedicalDirectorAsync(ct);
}
