using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.Proxies;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Access;

/// <summary>Whether someone may act for a patient today: the patient, or a proxy or an application whose authority lasts and reaches so far.</summary>
internal static class ActsFor
{
    private const string Stranger = "This exam is not yours.";

    /// <summary>Of somebody who has nothing to do with the patient.</summary>
    public static string NoRelation(Actor actor) =>
        $"{Stranger} It is not one of {actor.Name}'s own: no relation allows the step.";

    /// <returns>Why not, for the ledger; null when they may, with the proxy by whose authority (null for the patient).</returns>
    public static async Task<(string? Refusal, Proxy? By)> OfAsync(
        ClinicDb db,
        AgeBand ages,
        PatientRecord patient,
        Actor actor,
        Guid exam,
        DataClass data,
        DateOnly today,
        CancellationToken ct
    )
    {
        if (actor.Role is Role.PAT)
        {
            return (
                patient.PersonId.Length == 0 || patient.PersonId != actor.Id ? NoRelation(actor)
                : patient.DeceasedOn.Length > 0
                    ? $"{Stranger} The patient has died: the estate asks the privacy officer."
                : !ages.Decides(patient, today)
                    ? $"{Stranger} A child has no page of their own before {ages.Mature}: a parent opens it."
                : null,
                null
            );
        }
        var proxies = await db.Set<Proxy>()
            .AsNoTracking()
            .Where(p => p.PatientId == patient.PatientId && p.PersonId == actor.Id)
            .OrderBy(p => p.Id)
            .ToListAsync(ct);
        var refusal = NoRelation(actor);
        foreach (var proxy in proxies)
        {
            if (Refusal(proxy, patient, exam, data, today) is not { } why)
            {
                return (null, proxy);
            }
            refusal = $"{Stranger} {why}";
        }
        return (refusal, null);
    }

    private static string? Refusal(Proxy p, PatientRecord patient, Guid exam, DataClass data, DateOnly today) =>
        p.EndedAt is not null ? $"The authority ({p.Basis}) has ended: {p.EndReason}."
        : p.Disputed ? $"The authority ({p.Basis}) is disputed: the privacy officer decides first."
        : p.From > today ? $"The authority ({p.Basis}) begins on {DayText.Iso(p.From)}."
        : p.Until < today ? $"The authority ({p.Basis}) ended on {DayText.Iso(p.Until.Value)}."
        // Death is recorded and ends it; this holds also for one that was recorded by a row alone.
        : patient.DeceasedOn.Length > 0 && p.Basis is not ProxyBasis.Estate ? "The patient has died."
        : !p.CoversExam(exam) ? $"The authority ({p.Basis}) is for other exams."
        : p.Sight is ProxySight.Nothing || (p.Sight is ProxySight.Status && data is not DataClass.C0)
            ? $"The authority ({p.Basis}) does not reach so far."
        : null;
}
