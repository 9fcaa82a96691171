using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Guards;

/// <summary>A patient acts on their own exam, a proxy or an application on that of the patient who lets them: for every step that such may take.</summary>
internal static class Relation
{
    public const string Sentence = "This exam is not yours.";

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
        return patient is not null && await ActsFor.MayActAsync(c.Db, patient, c.Actor, c.Calendar.LocalDate(c.At), ct)
            ? null
            : Sentence;
    }
}
