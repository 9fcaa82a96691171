using Fiducial.Archive;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Results.Delivery;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Doors;

/// <summary>
/// What somebody may see of a study, by whatever service: it is open to those to whom the matrix opens the full images of each of its
/// exams (C2f); what interprets images to those to whom it opens results (C3f).
/// </summary>
internal sealed class StudyDoor(IServiceScopeFactory scopes, PermissionMatrix matrix, AuditTrail audit)
{
    /// <param name="actor">Who asks.</param>
    /// <param name="studyInstanceUid">Of the study.</param>
    /// <param name="withoutExam">What is open of a study that belongs to no exam.</param>
    /// <param name="ct">Ends the asking.</param>
    public async ValueTask<StudyAccess> OfAsync(
        Actor actor,
        string studyInstanceUid,
        StudyAccess withoutExam,
        CancellationToken ct
    ) => (await JudgeAsync(actor, studyInstanceUid, withoutExam, ct)).Access;

    /// <summary>The same, and the look or the refusal is recorded for each exam of the study.</summary>
    /// <param name="what">By which service.</param>
    /// <param name="from">Address or AE title of who asks.</param>
    public async ValueTask<StudyAccess> LookAsync(
        Actor actor,
        string studyInstanceUid,
        StudyAccess withoutExam,
        string what,
        string from,
        CancellationToken ct
    )
    {
        var (access, exams) = await JudgeAsync(actor, studyInstanceUid, withoutExam, ct);
        foreach (var (happened, thing) in Events(actor, "read", access, exams, studyInstanceUid, what, from))
        {
            await audit.WriteLookAsync(happened, thing);
        }
        return access;
    }

    /// <summary>
    /// What of a study may lie in another archive (EXTP): the images, and what interprets them when each exam's report is signed, the matrix
    /// opens it to be written there, and the holder of the duty has it: a copy is never there earlier (INV8).
    /// </summary>
    public async ValueTask<StudyAccess> OfOtherArchivesAsync(string studyInstanceUid, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        foreach (var exam in await ExamsAsync(db, studyInstanceUid, ct))
        {
            if (
                exam.Phase is not (Phase.S or Phase.L)
                || !matrix.Of(exam.Phase, Role.EXTP, DataClass.C3f).Grants(Verb.Write)
                || !await Deliveries.HolderHasItAsync(db, exam, ct)
            )
            {
                return StudyAccess.Images;
            }
        }
        return StudyAccess.ImagesAndResults;
    }

    private static Task<List<ExamRecord>> ExamsAsync(ClinicDb db, string studyInstanceUid, CancellationToken ct) =>
        db.Set<ExamRecord>().AsNoTracking().Where(e => e.StudyInstanceUid == studyInstanceUid).ToListAsync(ct);

    /// <summary>The same for what is taken away: each time is recorded, also twice within a minute.</summary>
    public async ValueTask<StudyAccess> ExportAsync(
        Actor actor,
        string studyInstanceUid,
        StudyAccess withoutExam,
        string what,
        string from,
        CancellationToken ct
    )
    {
        var (access, exams) = await JudgeAsync(actor, studyInstanceUid, withoutExam, ct);
        foreach (var (happened, _) in Events(actor, "export", access, exams, studyInstanceUid, what, from))
        {
            await audit.WriteAsync(happened);
        }
        return access;
    }

    private static IEnumerable<(AuditEvent Event, string Thing)> Events(
        Actor actor,
        string action,
        StudyAccess access,
        IReadOnlyList<ExamRecord> exams,
        string studyInstanceUid,
        string what,
        string from
    )
    {
        var happened = new AuditEvent(actor, action, nameof(DataClass.C2f), access is not StudyAccess.None, what, from);
        return exams.Count == 0
            ? [(happened, studyInstanceUid)]
            : exams.Select(exam =>
                (
                    happened with
                    {
                        ExamId = exam.Id,
                        PatientId = exam.PatientId,
                        InEmergency = exam.Access is "broken" && exam.GlassBrokenById == actor.Id,
                    },
                    $"{exam.Id}"
                )
            );
    }

    private async Task<(StudyAccess Access, IReadOnlyList<ExamRecord> Exams)> JudgeAsync(
        Actor actor,
        string studyInstanceUid,
        StudyAccess withoutExam,
        CancellationToken ct
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var policy = scope.ServiceProvider.GetRequiredService<AccessPolicy>();
        var exams = await ExamsAsync(db, studyInstanceUid, ct);
        var access = exams.Count == 0 ? withoutExam : StudyAccess.ImagesAndResults;
        foreach (var exam in exams)
        {
            if (!await policy.MayAsync(exam, actor, DataClass.C2f, Verb.Read, ct))
            {
                return (StudyAccess.None, exams);
            }
            if (!await policy.MayAsync(exam, actor, DataClass.C3f, Verb.Read, ct))
            {
                access = StudyAccess.Images;
            }
        }
        return (access, exams);
    }
}
