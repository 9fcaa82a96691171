using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Reports;

/// <summary>
/// Signs the draft as it was saved: a report (R6), or an addendum to one (R9). The reading room adds its attestation of display and
/// coverage and the second factor; the signed version is written with the step, in one transaction.
/// </summary>
public sealed class SignReport(ClinicDb db, PathwayEngine pathway)
{
    /// <param name="attestation">
    /// Display, coverage, second factor, answers, alert category, and of an addendum its materiality, put together on the server.
    /// </param>
    /// <param name="seenRevision">The draft that the signer had before them; when it has changed since, the signature is refused.</param>
    public async Task<StepOutcome> RunAsync(
        Guid examId,
        Actor actor,
        JsonObject attestation,
        int? seenRevision = null,
        CancellationToken ct = default
    )
    {
        var draft = await db.Set<ReportDraft>().AsNoTracking().FirstOrDefaultAsync(d => d.ExamId == examId, ct);
        var exam = await db.Set<ExamRecord>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == examId, ct);
        var evidence = attestation.DeepClone().AsObject();
        evidence["version"] = (exam?.ReportVersion ?? 0) + 1;
        var isSeen = draft is not null && (seenRevision is null || seenRevision == draft.Revision);
        evidence["reportHash"] = isSeen ? draft!.Sections.Hash() : "";
        evidence["template"] = draft?.Template ?? "";
        var step = exam?.Report is "addendum_draft" ? "R9" : "R6";
        return await pathway.TakeAsync(
            new StepRequest(examId, step, actor, evidence)
            {
                Within = async (taken, c) =>
                {
                    var kept = await taken.Db.Set<ReportDraft>().FirstAsync(d => d.ExamId == examId, c);
                    taken.Db.Add(
                        new ReportVersion
                        {
                            ExamId = examId,
                            Version = taken.Exam.ReportVersion,
                            Sections = kept.Sections,
                            AlertCategory = (string?)evidence["alertCategory"] ?? "none",
                            SignedById = actor.Id,
                            SignedByName = actor.Name,
                            Credential = taken.Entry.Credential,
                            SignedAt = taken.Entry.At,
                            Hash = kept.Sections.Hash(),
                        }
                    );
                    taken.Db.Remove(kept);
                },
            },
            ct
        );
    }
}
