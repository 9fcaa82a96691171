using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Reports;

/// <summary>Reads reports. Whoever asks has been let in by the access policy: drafts are C3d, signed versions C3f, prior ones C3h.</summary>
public sealed class ReportDesk(ClinicDb db)
{
    public Task<ReportDraft?> DraftAsync(Guid examId, CancellationToken ct = default) =>
        db.Set<ReportDraft>().AsNoTracking().FirstOrDefaultAsync(d => d.ExamId == examId, ct);

    /// <summary>The current signed version, or null before the first signature.</summary>
    public Task<ReportVersion?> SignedAsync(Guid examId, CancellationToken ct = default) =>
        db.Set<ReportVersion>()
            .AsNoTracking()
            .Where(v => v.ExamId == examId)
            .OrderByDescending(v => v.Version)
            .FirstOrDefaultAsync(ct);

    /// <summary>Every signed version, the first first.</summary>
    public async Task<IReadOnlyList<ReportVersion>> VersionsAsync(Guid examId, CancellationToken ct = default) =>
        await db.Set<ReportVersion>()
            .AsNoTracking()
            .Where(v => v.ExamId == examId)
            .OrderBy(v => v.Version)
            .ToListAsync(ct);

    /// <summary>What the last change changed; empty before there was one.</summary>
    public async Task<IReadOnlyList<DiffLine>> LastChangeAsync(Guid examId, CancellationToken ct = default) =>
        await VersionsAsync(examId, ct) is [.., var before, var now]
            ? ReportDiff.Of(before.Sections, now.Sections)
            : [];

    /// <summary>Current signed versions of the patient's other exams, newest first.</summary>
    public async Task<IReadOnlyList<PriorReport>> PriorsAsync(
        string patientId,
        Guid except,
        CancellationToken ct = default
    )
    {
        var exams = await db.Set<Pathway.Exams.ExamRecord>()
            .AsNoTracking()
            .Where(e => e.PatientId == patientId && e.Id != except && e.SignedAt != null && e.Report != "withdrawn")
            .OrderByDescending(e => e.SignedAt)
            .ToListAsync(ct);
        var priors = new List<PriorReport>();
        foreach (var exam in exams)
        {
            if (await SignedAsync(exam.Id, ct) is { } report)
            {
                priors.Add(new PriorReport(exam, report));
            }
        }
        return priors;
    }
}

public sealed record PriorReport(Pathway.Exams.ExamRecord Exam, ReportVersion Report);
