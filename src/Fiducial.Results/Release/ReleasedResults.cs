using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Reports;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Release;

/// <summary>What a patient reads: the doctor's note first, then the report.</summary>
/// <param name="Note">Null when the release was not the doctor's own: by policy (L3) or by a formal decision (L8, L10).</param>
/// <param name="Disclaimer">What the policy says above a report that it opened by itself (L3); empty when a person released it.</param>
/// <param name="Holds">When, by whom and why it was held back.</param>
public sealed record ReleasedResult(
    PatientNote? Note,
    ReportVersion Report,
    string Disclaimer,
    IReadOnlyList<PastHold> Holds
);

/// <summary>The one door through which a patient's page gets content: it opens on released exams alone.</summary>
public sealed class ReleasedResults(ClinicDb db, PathwayEngine pathway, ReleasePolicy policy)
{
    private static readonly string[] Openings = ["L2", "L3", "L8", "L10"];

    /// <summary>Null unless the exam is released now; the first reading is the step L11.</summary>
    public async Task<ReleasedResult?> OpenAsync(Guid examId, Actor patient, CancellationToken ct = default)
    {
        var exam = await db.Set<ExamRecord>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == examId, ct);
        if (exam is not { Phase: Phase.L })
        {
            return null;
        }
        if (exam.Release is "released")
        {
            var receipt = new JsonObject
            {
                ["receipt"] = Guid.CreateVersion7().ToString("D"),
                ["reportHash"] = exam.ReportHash,
            };
            if (!(await pathway.TakeAsync(new StepRequest(examId, "L11", patient, receipt), ct)).Taken)
            {
                return null;
            }
        }
        var note = await db.Set<PatientNote>()
            .AsNoTracking()
            // A note to an earlier version is not a note to what replaced it.
            .Where(n => n.ExamId == examId && n.At >= exam.ReleasedAt)
            .OrderByDescending(n => n.Id)
            .FirstOrDefaultAsync(ct);
        var report = await db.Set<ReportVersion>()
            .AsNoTracking()
            .FirstOrDefaultAsync(v => v.ExamId == examId && v.Version == exam.ReportVersion, ct);
        var opened = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == examId && e.Taken && Openings.Contains(e.Step))
            .OrderByDescending(e => e.Sequence)
            .FirstOrDefaultAsync(ct);
        return report is null
            ? null
            : new ReleasedResult(
                note,
                report,
                opened?.Step is "L3" ? policy.Pack.Disclaimer : "",
                await PastHolds.OfAsync(db, exam, ct)
            );
    }
}
