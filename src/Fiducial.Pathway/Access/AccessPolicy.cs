using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.Protocols;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Access;

/// <summary>
/// Who may see what of an exam: the permission matrix with the relation between actor and exam. Every door asks here;
/// what is denied looks like what does not exist.
/// </summary>
public sealed class AccessPolicy(ClinicDb db, BusinessCalendar calendar, TimeProvider clock)
{
    /// <summary>Pathway 6.3: the exam window lasts from arrival to 30 minutes after departure.</summary>
    private static readonly TimeSpan AfterDeparture = TimeSpan.FromMinutes(30);

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
    )
    {
        var cell = PermissionMatrix.Of(exam.Phase, actor.Role, data);
        return cell.Grants(verb)
            && (!cell.BreakGlass || BrokeGlass(exam, actor))
            && (!cell.InExamWindow || InExamWindow(exam))
            && (!cell.OwnOnly || BrokeGlass(exam, actor) || await IsOwnAsync(exam, actor, verb, ct))
            && (BrokeGlass(exam, actor) || !await IsMaskedAsync(exam, actor, ct));
    }

    private Task<bool> IsMaskedAsync(ExamRecord exam, Actor actor, CancellationToken ct) =>
        db.Set<Mask>().AnyAsync(m => m.PatientId == exam.PatientId && m.PersonId == actor.Id, ct);

    private static bool BrokeGlass(ExamRecord exam, Actor actor) =>
        exam.Access is "broken" && exam.GlassBrokenById == actor.Id;

    private bool InExamWindow(ExamRecord exam) =>
        exam.ArrivedAt is not null
        && (exam.DepartedAt is not { } departed || clock.GetUtcNow() <= departed + AfterDeparture);

    private async Task<bool> IsOwnAsync(ExamRecord exam, Actor actor, Verb verb, CancellationToken ct) =>
        actor.Role switch
        {
            // The exams of the modalities that the registration covers, once they are booked.
            Role.TECH => exam.Order is "protocolled" or "scheduled"
                && ProtocolBook.Find(exam.ProtocolCode) is { } protocol
                && actor.Modalities.Any(protocol.Covers),
            Role.REF => exam.ResponsibleDoctorId == actor.Id || exam.HolderId == actor.Id || Held(exam, actor, verb),
            Role.COV => exam.HolderId == actor.Id || Held(exam, actor, verb),
            Role.CCD => exam.CopyToIds.Split(' ').Contains(actor.Id, StringComparer.Ordinal),
            Role.RES or Role.RAD or Role.MDR => true,
            Role.PAT or Role.PRX or Role.APP => await db.Set<PatientRecord>()
                .AsNoTracking()
                .FirstOrDefaultAsync(p => p.PatientId == exam.PatientId, ct)
                is { } patient
                && await Proxies.MayActAsync(db, patient, actor, calendar.LocalDate(clock.GetUtcNow()), ct),
            // Delegates and outside systems get their relations with the steps that make them.
            _ => false,
        };

    // INV1: who handed the duty on keeps the reading, and nothing else.
    private static bool Held(ExamRecord exam, Actor actor, Verb verb) =>
        verb is Verb.Read && exam.FormerHolderIds.Split(' ').Contains(actor.Id, StringComparer.Ordinal);
}
