using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Results.Words;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Reports;

/// <summary>Adds to a signed report or withdraws it; the version that was signed stays as it is.</summary>
public sealed class CorrectReport(PathwayEngine pathway, ReportDesk reports)
{
    public static IReadOnlyList<string> AddendumReasons => CorrectionGuards.AddendumReasons;
    public static IReadOnlyList<string> WithdrawalReasons => CorrectionGuards.WithdrawalReasons;

    /// <summary>Starts an addendum (R8) from the current version.</summary>
    public async Task<StepOutcome> StartAsync(Guid exam, Actor actor, string reason, CancellationToken ct = default)
    {
        var current = await reports.SignedAsync(exam, ct);
        return await pathway.TakeAsync(
            new StepRequest(exam, "R8", actor, new JsonObject { ["reason"] = reason })
            {
                Within = async (taken, c) =>
                {
                    await DiscardDraftAsync(taken.Db, exam, c);
                    taken.Db.Add(
                        new ReportDraft
                        {
                            ExamId = exam,
                            AuthorId = actor.Id,
                            Template = $"{taken.Exam.ProtocolCode} addendum 1",
                            Sections = current?.Sections ?? new ReportSections(),
                            SavedAt = taken.Entry.At,
                            Revision = 1,
                        }
                    );
                },
            },
            ct
        );
    }

    /// <summary>Ends an addendum that is not needed (R12): the current version stands.</summary>
    public Task<StepOutcome> DiscardAsync(Guid exam, Actor actor, string reason, CancellationToken ct = default) =>
        pathway.TakeAsync(
            new StepRequest(exam, "R12", actor, new JsonObject { ["reason"] = reason })
            {
                Within = (taken, c) => DiscardDraftAsync(taken.Db, exam, c),
            },
            ct
        );

    /// <summary>Withdraws the report (R10). In the same transaction the duty opens again and the release shuts.</summary>
    /// <param name="notice">What everyone who read it must know.</param>
    /// <param name="replacement">What replaces it, or empty.</param>
    public Task<StepOutcome> WithdrawAsync(
        Guid exam,
        Actor actor,
        string reason,
        string notice,
        string replacement = "",
        CancellationToken ct = default
    )
    {
        var words = new JsonObject { ["notice"] = notice };
        var evidence = new JsonObject { ["reason"] = reason, ["replacement"] = replacement };
        return pathway.TakeAsync(
            new StepRequest(exam, "R10", actor, evidence)
            {
                Words = words,
                Within = async (taken, c) =>
                {
                    await DiscardDraftAsync(taken.Db, exam, c);
                    await SayStep.Keep(words)(taken, c);
                },
            },
            ct
        );
    }

    /// <summary>Sends the exam back as not sufficient (R7): the draft ends; the recall follows (E7).</summary>
    public Task<StepOutcome> ReturnAsync(Guid exam, Actor actor, string reason, CancellationToken ct = default) =>
        pathway.TakeAsync(
            new StepRequest(exam, "R7", actor, new JsonObject { ["reason"] = reason })
            {
                Within = (taken, c) => DiscardDraftAsync(taken.Db, exam, c),
            },
            ct
        );

    private static async Task DiscardDraftAsync(ClinicDb db, Guid exam, CancellationToken ct)
    {
        if (await db.Set<ReportDraft>().FirstOrDefaultAsync(d => d.ExamId == exam, ct) is { } draft)
        {
            db.Remove(draft);
            await db.SaveChangesAsync(ct);
        }
    }
}
