using Fiducial.Archive;
using Fiducial.Archive.Retention;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Rooms;
using Fiducial.Pathway.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Bridges;

/// <summary>What a clinic knows of a study whose time has come: legal holds (B6), cases that are not closed, later visits of the patient.</summary>
internal sealed class ClinicRetentionGuard(IServiceScopeFactory scopes) : IRetentionGuard
{
    public async ValueTask<KnownOfStudy> KnownAsync(string studyInstanceUid, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        return await KnownAsync(db, await ExamsAsync(db, studyInstanceUid, ct), ct);
    }

    // While it is decided nobody takes a step of these exams: a hold is put before or after, never between.
    public async ValueTask<string?> WhileStillAsync(
        string studyInstanceUid,
        Func<KnownOfStudy, string?> decide,
        CancellationToken ct
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        await using var still = await db.Database.BeginTransactionAsync(ct);
        foreach (var exam in (await ExamsAsync(db, studyInstanceUid, ct)).OrderBy(e => e.Id))
        {
            await ExamLock.HoldAsync(db, exam.Id, ct);
        }
        return decide(await KnownAsync(db, await ExamsAsync(db, studyInstanceUid, ct), ct));
    }

    internal static Task<List<ExamRecord>> ExamsAsync(ClinicDb db, string study, CancellationToken ct) =>
        db.Set<ExamRecord>().AsNoTracking().Where(e => e.StudyInstanceUid == study).ToListAsync(ct);

    private static async Task<KnownOfStudy> KnownAsync(ClinicDb db, List<ExamRecord> exams, CancellationToken ct)
    {
        var patients = exams.Select(e => e.PatientId).Where(p => p.Length > 0).Distinct().ToList();
        var visits = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => patients.Contains(e.PatientId))
            .Select(e => new { e.RequestedAt, e.CompletedAt })
            .ToListAsync(ct);
        var last = visits.Max(v => v.CompletedAt ?? v.RequestedAt);
        // The youngest of them, should they disagree: it is kept longest.
        var births = exams.Select(e => DayText.Day(e.PatientBirthDate)).ToList();
        return new KnownOfStudy(
            exams.Exists(e => e.LegalHold) ? "A legal hold stands on the case."
                : exams.Exists(e => !IsFinished(e)) ? "Its case is not finished."
                : null,
            last is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null,
            births.Contains(null) ? null : births.Max()
        );
    }

    private static bool IsFinished(ExamRecord exam) =>
        exam.Access is "normal"
        && exam.Images is not "quarantined"
        && (exam.Duty is "closed" || exam.Order is "cancelled" || exam is { Exam: "aborted", Images: "none" });
}

/// <summary>Two people of the clinic and the archive's schedule.</summary>
internal sealed class ClinicRetention(
    RetentionSchedule schedule,
    Deletions deletions,
    AuditTrail audit,
    IServiceScopeFactory scopes
) : IRetentionOffice
{
    private const string Where = "/privacy/retention";

    public async Task<IReadOnlyList<StudyToDelete>> DueAsync(int limit, CancellationToken ct) =>
        [
            .. (await schedule.DueAsync(limit, ct)).Select(d => new StudyToDelete(
                d.StudyInstanceUid,
                d.PatientId,
                d.AccessionNumber,
                d.Modalities,
                d.ExamDate,
                d.KeptUntil,
                d.Rule
            )),
        ];

    public IReadOnlyList<DeletionOnRecord> OnRecord() =>
        [
            .. deletions
                .List()
                .Reverse()
                .Select(d => new DeletionOnRecord(
                    d.Id,
                    d.PatientId,
                    d.AccessionNumber,
                    d.Modalities,
                    d.Rule,
                    d.RequestedBy,
                    d.RequestedAt,
                    d.DecidedBy,
                    d.DecidedAt,
                    StateOf(d)
                )),
        ];

    public async Task<int> RequestAsync(
        IReadOnlyCollection<string> studies,
        Actor actor,
        string from,
        CancellationToken ct
    )
    {
        var asked = 0;
        foreach (var study in studies)
        {
            if (await schedule.OfAsync(study, ct) is { } due)
            {
                await RecordAsync(study, actor, "deletion asked for", from, ct);
                asked += deletions.Request(due, actor.Id) is null ? 0 : 1;
            }
        }
        return asked;
    }

    public async Task<int> DecideAsync(
        IReadOnlyCollection<long> requests,
        bool approves,
        Actor actor,
        string from,
        CancellationToken ct
    )
    {
        var decided = 0;
        foreach (var id in requests)
        {
            if (deletions.Find(id) is { IsApproved: null } one && (!approves || one.RequestedBy != actor.Id))
            {
                var what = approves ? "deletion approved" : "deletion declined";
                await RecordAsync(one.StudyInstanceUid, actor, what, from, ct);
                decided += deletions.Decide(id, approves, actor.Id) ? 1 : 0;
            }
        }
        return decided;
    }

    private static DeletionState StateOf(Deletion d) =>
        d switch
        {
            { IsApproved: null } => DeletionState.Requested,
            { IsApproved: false } => DeletionState.Declined,
            { Refusal.Length: > 0 } => DeletionState.Kept,
            { CarriedOutAt: null } => DeletionState.Approved,
            { BytesLeft: > 0 } => DeletionState.Leaving,
            _ => DeletionState.Deleted,
        };

    // Before it happens: what cannot be recorded is not done.
    private async Task RecordAsync(string study, Actor actor, string what, string from, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var exams = await ClinicRetentionGuard.ExamsAsync(
            scope.ServiceProvider.GetRequiredService<ClinicDb>(),
            study,
            ct
        );
        var happened = new AuditEvent(actor, "write", nameof(DataClass.C2f), true, $"{Where}: {what}", from);
        if (exams.Count == 0)
        {
            await audit.WriteAsync(happened);
        }
        foreach (var exam in exams)
        {
            await audit.WriteAsync(happened with { ExamId = exam.Id, PatientId = exam.PatientId });
        }
    }
}
