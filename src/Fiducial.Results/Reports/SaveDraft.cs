using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Reports;

/// <summary>What became of a save: the new revision, or why nothing was saved.</summary>
public sealed record DraftSaved(int Revision, string? Refusal);

/// <summary>Saves a draft as it is typed. The first save is the step R4; later ones change the draft alone.</summary>
public sealed class SaveDraft(ClinicDb db, PathwayEngine pathway, TimeProvider clock)
{
    /// <param name="revision">The revision that the writer has before them; 0 for a new draft.</param>
    public async Task<DraftSaved> RunAsync(
        Guid examId,
        Actor actor,
        ReportSections sections,
        int revision,
        CancellationToken ct = default
    )
    {
        var exam = await db.Set<ExamRecord>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == examId, ct);
        if (exam is null)
        {
            return new DraftSaved(0, "There is no such exam.");
        }
        return exam.Report is "draft" or "prelim" or "addendum_draft"
            ? await AgainAsync(exam, actor, sections, revision, ct)
            : await FirstAsync(exam, actor, sections, ct);
    }

    private async Task<DraftSaved> FirstAsync(
        ExamRecord exam,
        Actor actor,
        ReportSections sections,
        CancellationToken ct
    )
    {
        var template = $"{exam.ProtocolCode} 1";
        var outcome = await pathway.TakeAsync(
            new StepRequest(exam.Id, "R4", actor, new JsonObject { ["template"] = template })
            {
                Within = async (taken, c) =>
                {
                    // A draft that was left behind when its claim was given back.
                    await taken.Db.Set<ReportDraft>().Where(d => d.ExamId == exam.Id).ExecuteDeleteAsync(c);
                    taken.Db.Add(
                        new ReportDraft
                        {
                            ExamId = exam.Id,
                            AuthorId = actor.Id,
                            Template = template,
                            Sections = sections,
                            SavedAt = taken.Entry.At,
                            Revision = 1,
                        }
                    );
                },
            },
            ct
        );
        return new DraftSaved(outcome.Taken ? 1 : 0, outcome.Refusal);
    }

    private async Task<DraftSaved> AgainAsync(
        ExamRecord exam,
        Actor actor,
        ReportSections sections,
        int revision,
        CancellationToken ct
    )
    {
        if (exam.ReaderId != actor.Id)
        {
            return new DraftSaved(0, $"{exam.ReaderName} is writing this report.");
        }
        var draft = await db.Set<ReportDraft>().FirstAsync(d => d.ExamId == exam.Id, ct);
        if (draft.Revision != revision)
        {
            return new DraftSaved(draft.Revision, "The draft was changed in another window: load it again.");
        }
        draft.Sections = sections;
        draft.SavedAt = clock.GetUtcNow();
        draft.Revision++;
        try
        {
            await db.SaveChangesAsync(ct);
            return new DraftSaved(draft.Revision, null);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new DraftSaved(revision, "The draft was changed in another window: load it again.");
        }
    }
}
