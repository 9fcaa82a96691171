using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Storage;

/// <summary>Reads what the modalities have reported.</summary>
public static class PerformedStepRows
{
    /// <summary>Of this exam, in no order.</summary>
    public static Task<List<PerformedStep>> PerformedStepsAsync(this ClinicDb db, Guid exam, CancellationToken ct) =>
        db.Set<PerformedStep>()
            .AsNoTracking()
            .Where(s => db.Set<PerformedStepExam>().Any(e => e.StepUid == s.Uid && e.ExamId == exam))
            .ToListAsync(ct);
}
