using System.Globalization;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Guards;

/// <summary>
/// A patient acts on their own exam, a proxy or an application on that of the patient who lets them, today and within its scope: for every
/// step that such may take. By which authority stands in the entry.
/// </summary>
internal static class Relation
{
    public static async ValueTask<string?> RefusalAsync(GuardContext c, CancellationToken ct)
    {
        if (c.Actor.Role is not (Role.PAT or Role.PRX or Role.APP))
        {
            return null;
        }
        // O2 names the patient in its evidence: the exam has none yet.
        var patientId = c.Exam.PatientId.Length > 0 ? c.Exam.PatientId : c.Text("patientId");
        var patient = await c
            .Db.Set<PatientRecord>()
            .AsNoTracking()
            .FirstOrDefaultAsync(p => p.PatientId == patientId, ct);
        if (patient is null)
        {
            return ActsFor.NoRelation(c.Actor);
        }
        // To open a result is to read it; whatever else they decide is a control of its release.
        var data = c.Transition.Id is "L11" ? DataClass.C3f : DataClass.REL;
        var today = c.Calendar.LocalDate(c.At);
        var (refusal, by) = await ActsFor.OfAsync(c.Db, c.Ages, patient, c.Actor, c.Exam.Id, data, today, ct);
        if (by is not null)
        {
            c.Evidence["authority"] = string.Create(CultureInfo.InvariantCulture, $"{by.Basis}, entry {by.Entry}");
        }
        return refusal;
    }
}
