using Fiducial.Archive;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Doors;

/// <summary>
/// DICOMweb within a clinic: a study is open to those to whom the matrix opens the full images of its exam (C2f); what interprets
/// images is open to those to whom it opens results (C3f).
/// </summary>
internal sealed class ClinicGate(IServiceScopeFactory scopes) : IDicomWebGate
{
    public ValueTask<StudyAccess> MayReadAsync(HttpContext context, string studyInstanceUid, CancellationToken ct) =>
        AccessAsync(context.User.Actor(), studyInstanceUid, StudyAccess.None, ct);

    public ValueTask<bool> MaySearchAsync(HttpContext context, CancellationToken ct) =>
        ValueTask.FromResult(IsReader(context.User.Actor()));

    // Images come from modalities, which store by DICOM; nobody who can sign in here makes any.
    public ValueTask<bool> MayStoreAsync(HttpContext context, CancellationToken ct) => ValueTask.FromResult(false);

    // Images without an order are read by radiologists on the medical director's authority (pathway G3).
    public ValueTask<StudyAccess> MayReadQuarantineAsync(
        HttpContext context,
        string studyInstanceUid,
        CancellationToken ct
    ) =>
        context.User.Actor() is var actor && IsReader(actor)
            ? AccessAsync(actor, studyInstanceUid, StudyAccess.ImagesAndResults, ct)
            : ValueTask.FromResult(StudyAccess.None);

    private static bool IsReader(Actor? actor) => actor is { Role: Role.RAD or Role.MDR };

    private async ValueTask<StudyAccess> AccessAsync(
        Actor? actor,
        string studyInstanceUid,
        StudyAccess withoutExam,
        CancellationToken ct
    )
    {
        if (actor is null)
        {
            return StudyAccess.None;
        }
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var policy = scope.ServiceProvider.GetRequiredService<AccessPolicy>();
        var exams = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => e.StudyInstanceUid == studyInstanceUid)
            .ToListAsync(ct);
        if (exams.Count == 0)
        {
            return withoutExam;
        }
        var access = StudyAccess.ImagesAndResults;
        foreach (var exam in exams)
        {
            if (!await policy.MayAsync(exam, actor, DataClass.C2f, Verb.Read, ct))
            {
                return StudyAccess.None;
            }
            if (!await policy.MayAsync(exam, actor, DataClass.C3f, Verb.Read, ct))
            {
                access = StudyAccess.Images;
            }
        }
        return access;
    }
}
