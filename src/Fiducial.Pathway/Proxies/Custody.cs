using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Proxies;

/// <summary>
/// Pathway G18: while it is disputed who acts for a patient, nothing is released to either side. A patient who reads their own page is not
/// kept from it by a quarrel about others: what is released then reaches the patient alone.
/// </summary>
public static class Custody
{
    public const string Sentence =
        "Who acts for this patient is disputed: nothing is released until the privacy officer has decided.";

    public static async Task<bool> KeepsShutAsync(
        ClinicDb db,
        AgeBand ages,
        ExamRecord exam,
        DateOnly today,
        CancellationToken ct
    ) =>
        await db.Set<Proxy>().AnyAsync(p => p.PatientId == exam.PatientId && p.Disputed, ct)
        && !(
            await db.Set<PatientRecord>().AsNoTracking().FirstOrDefaultAsync(p => p.PatientId == exam.PatientId, ct)
                is { PersonId.Length: > 0, DeceasedOn: "" } patient
            && ages.Decides(patient, today)
        );
}
