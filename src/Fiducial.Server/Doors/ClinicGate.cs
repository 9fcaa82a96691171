using Fiducial.Archive;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Doors;

/// <summary>DICOMweb within a clinic: a study is open to those to whom the matrix opens the full images of its exam.</summary>
internal sealed class ClinicGate(IServiceScopeFactory scopes) : IDicomWebGate
{
    public async ValueTask<bool> MayReadAsync(HttpContext context, string studyInstanceUid, CancellationToken ct)
    {
        if (context.User.Actor() is not { } actor)
        {
            return false;
        }
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        var policy = scope.ServiceProvider.GetRequiredService<AccessPolicy>();
        var exams = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => e.StudyInstanceUid == studyInstanceUid)
            .ToListAsync(ct);
        foreach (var exam in exams)
        {
            if (!await policy.MayAsync(exam, actor, DataClass.C2f, Verb.Read, ct))
            {
                return false;
            }
        }
        return exams.Count > 0;
    }

    public ValueTask<bool> MaySearchAsync(HttpContext context, CancellationToken ct) =>
        ValueTask.FromResult(context.User.Actor() is { Role: Role.RAD or Role.MDR });
}
