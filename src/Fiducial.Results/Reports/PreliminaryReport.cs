using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Reports;

/// <summary>A preliminary report: urgent, unsigned, marked, kept as it was given so that the final one can be compared with it.</summary>
public sealed class PreliminaryReport
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }
    public required ReportSections Sections { get; init; }
    public required string AuthorId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Hash { get; init; }
}

/// <summary>Issues the draft as it was saved as a preliminary report (R5).</summary>
public sealed class IssuePreliminary(ClinicDb db, PathwayEngine pathway)
{
    public async Task<StepOutcome> RunAsync(
        Guid examId,
        Actor actor,
        string urgency,
        string display,
        CancellationToken ct = default
    )
    {
        var draft = await db.Set<ReportDraft>().AsNoTracking().FirstOrDefaultAsync(d => d.ExamId == examId, ct);
        var evidence = new JsonObject
        {
            ["urgency"] = urgency,
            ["display"] = display,
            ["markedPreliminary"] = true,
            ["reportHash"] = draft?.Sections.Hash() ?? "",
        };
        return await pathway.TakeAsync(
            new StepRequest(examId, "R5", actor, evidence)
            {
                Within = async (taken, c) =>
                {
                    var kept = await taken.Db.Set<ReportDraft>().FirstAsync(d => d.ExamId == examId, c);
                    taken.Db.Add(
                        new PreliminaryReport
                        {
                            ExamId = examId,
                            Sections = kept.Sections,
                            AuthorId = actor.Id,
                            At = taken.Entry.At,
                            Hash = kept.Sections.Hash(),
                        }
                    );
                },
            },
            ct
        );
    }
}
