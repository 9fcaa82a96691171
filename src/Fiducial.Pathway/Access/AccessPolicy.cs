using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Protocols;
using Fiducial.Pathway.Proxies;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Access;

/// <summary>
/// Who may see what of an exam: the permission matrix with the relation between actor and exam. Every door asks here;
/// what is denied looks like what does not exist.
/// </summary>
public sealed class AccessPolicy(
    ClinicDb db,
    PermissionMatrix matrix,
    AgeBand ages,
    BusinessCalendar calendar,
    TimeProvider clock
)
{
    /// <summary>Pathway 6.3: the exam window lasts from arrival to 30 minutes after departure.</summary>
    private static readonly TimeSpan AfterDeparture = TimeSpan.FromMinutes(30);

    private (string Of, Standing Standing)? _standing;
    private (string Of, IReadOnlyList<string> Doctors)? _delegating;

    /// <summary>The exam when the actor may do this with this class of its data, else null: denied and missing are one answer.</summary>
    public async Task<ExamRecord?> ExamAsync(
        Guid examId,
        Actor actor,
        DataClass data,
        Verb verb,
        CancellationToken ct = default
    )
    {
        var exam = await db.Set<ExamRecord>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == examId, ct);
        return exam is not null && await MayAsync(exam, actor, data, verb, ct) ? exam : null;
    }

    public async Task<bool> MayAsync(
        ExamRecord exam,
        Actor actor,
        DataClass data,
        Verb verb,
        CancellationToken ct = default
    ) => await RefusalAsync(exam, actor, data, verb, ct) is null;

    /// <summary>Null when the actor may, else why not: for the ledger, never for the actor.</summary>
    public async Task<string?> RefusalAsync(
        ExamRecord exam,
        Actor actor,
        DataClass data,
        Verb verb,
        CancellationToken ct = default
    )
    {
        // In an exam room a person with two jobs has what both jobs have, and never what either has; and nobody more than a technologist (6.3, note 1).
        foreach (var job in BoundBy(actor))
        {
            var other = actor with { Role = job, OtherJobs = [], IsInExamRoom = false };
            if (await RefusalAsync(exam, other, data, verb, ct) is { } refusal)
            {
                return refusal;
            }
        }
        var cell = matrix.Of(exam.Phase, actor.Role, data);
        return !cell.Grants(verb) || (cell.BreakGlass && !BrokeGlass(exam, actor))
                ? $"The role {actor.Role} may not {verb.ToString().ToLowerInvariant()} {data} of an exam that is {Words(exam.Phase)}."
            : cell.InExamWindow && !InExamWindow(exam) ? "The time of the exam, in which this is open, is not now."
            : BrokeGlass(exam, actor) ? null
            : NeedsRelation(cell, actor) && await NotOwnAsync(exam, actor, data, verb, ct) is { } stranger ? stranger
            : await IsMaskedAsync(exam, actor, ct) ? $"The patient has asked that {actor.Name} sees nothing of them."
            : null;
    }

    private static IEnumerable<Role> BoundBy(Actor actor) =>
        actor.IsInExamRoom ? actor.OtherJobs.Append(Role.TECH).Where(j => j != actor.Role).Distinct()
        : actor.Role is Role.TECH ? actor.OtherJobs
        : [];

    // Whatever a cell says to a patient's side it says of that patient alone, also where its letters name no relation (AUD before the release).
    private static bool NeedsRelation(Cell cell, Actor actor) =>
        cell.OwnOnly || actor.Role is Role.PAT or Role.PRX or Role.APP;

    private Task<bool> IsMaskedAsync(ExamRecord exam, Actor actor, CancellationToken ct) =>
        db.Set<Mask>().AnyAsync(m => m.PatientId == exam.PatientId && m.PersonId == actor.Id, ct);

    private static bool BrokeGlass(ExamRecord exam, Actor actor) =>
        exam.Access is "broken" && exam.GlassBrokenById == actor.Id;

    /// <summary>The same for an exam that is named; "There is no such exam." when there is none.</summary>
    public async Task<string?> RefusalAsync(
        Guid examId,
        Actor actor,
        DataClass data,
        Verb verb,
        CancellationToken ct = default
    ) =>
        await db.Set<ExamRecord>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == examId, ct) is { } exam
            ? await RefusalAsync(exam, actor, data, verb, ct)
            : "There is no such exam.";

    private static string Words(Phase phase) =>
        phase switch
        {
            Phase.U => "not signed",
            Phase.S => "signed and not released",
            Phase.L => "released",
            _ => "withdrawn or frozen",
        };

    private bool InExamWindow(ExamRecord exam) =>
        exam.ArrivedAt is not null
        && (exam.DepartedAt is not { } departed || clock.GetUtcNow() <= departed + AfterDeparture);

    // Null when a relation allows it, else why not.
    private async Task<string?> NotOwnAsync(
        ExamRecord exam,
        Actor actor,
        DataClass data,
        Verb verb,
        CancellationToken ct
    )
    {
        if (actor.Role is not (Role.PAT or Role.PRX or Role.APP))
        {
            return await IsOwnAsync(exam, actor, verb, ct)
                ? null
                : $"This exam is not one of {actor.Name}'s own: no relation allows the step.";
        }
        var patient = await db.Set<PatientRecord>()
            .AsNoTracking()
            .FirstOrDefaultAsync(p => p.PatientId == exam.PatientId, ct);
        if (patient is null)
        {
            return ActsFor.NoRelation(actor);
        }
        var today = calendar.LocalDate(clock.GetUtcNow());
        return (await ActsFor.OfAsync(db, ages, patient, actor, exam.Id, data, today, ct)).Refusal;
    }

    private async Task<bool> IsOwnAsync(ExamRecord exam, Actor actor, Verb verb, CancellationToken ct) =>
        actor.Role switch
        {
            // The exams of the modalities that the registration covers, once they are booked, or begun without an order in an emergency.
            Role.TECH => (exam.Order is "protocolled" or "scheduled" || exam is { Order: "none", Exam: not "none" })
                && ProtocolBook.Find(exam.ProtocolCode) is { } protocol
                && (await StandingAsync(actor, ct)).MayPerform(protocol),
            Role.REF or Role.COV or Role.CCD => await IsRelatedAsync(exam, actor.Id, verb, ct),
            Role.DEL => await OnBehalfOfAsync(exam, actor, ct) is not null,
            Role.RES or Role.RAD or Role.MDR => true,
            // Outside systems get their relations with the steps that make them.
            _ => false,
        };

    // A list asks for each of its rows: once is enough for one request. Steps are checked by their own guards.
    private async Task<Standing> StandingAsync(Actor actor, CancellationToken ct) =>
        _standing?.Of == actor.Id
            ? _standing.Value.Standing
            : (_standing = (actor.Id, await Standing.OfAsync(db, actor, calendar.LocalDate(clock.GetUtcNow()), ct)))
                .Value
                .Standing;

    // INV1: who handed the duty on keeps the reading, and nothing else.
    private Task<bool> IsRelatedAsync(ExamRecord exam, string doctorId, Verb verb, CancellationToken ct) =>
        db.Set<Relationship>()
            .AnyAsync(
                r =>
                    r.ExamId == exam.Id
                    && r.DoctorId == doctorId
                    && r.Until == null
                    && (verb == Verb.Read || !r.ReadsOnly),
                ct
            );

    /// <summary>
    /// The doctor in whose name a delegate sees this exam today: one who has a relation to it, whose licence holds and from whom the patient
    /// does not hide. Null when there is none.
    /// </summary>
    public async Task<string?> OnBehalfOfAsync(ExamRecord exam, Actor actor, CancellationToken ct = default)
    {
        if (actor.Role is not Role.DEL)
        {
            return null;
        }
        foreach (var doctor in await DelegatingAsync(actor, ct))
        {
            if (
                await IsRelatedAsync(exam, doctor, Verb.Write, ct)
                && !await db.Set<Mask>().AnyAsync(m => m.PatientId == exam.PatientId && m.PersonId == doctor, ct)
            )
            {
                return doctor;
            }
        }
        return null;
    }

    /// <summary>The doctors in whose name a delegate works today, of those whose licence holds; asked once for one request.</summary>
    public async Task<IReadOnlyList<string>> DelegatingAsync(Actor actor, CancellationToken ct = default)
    {
        if (_delegating?.Of != actor.Id)
        {
            var today = calendar.LocalDate(clock.GetUtcNow());
            var doctors = await db.Set<Delegation>()
                .AsNoTracking()
                .Where(d => d.DelegateId == actor.Id && d.EndedAt == null && d.Until >= today)
                .OrderBy(d => d.Id)
                .Select(d => d.DoctorId)
                .ToListAsync(ct);
            var licensed = await Standing.LicensedAsync(db, doctors, today, ct);
            _delegating = (actor.Id, [.. doctors.Distinct(StringComparer.Ordinal).Where(licensed.Contains)]);
        }
        return _delegating.Value.Doctors;
    }
}
