using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Followups;

/// <summary>
/// The exam that answers a recommendation is the one whose accession number the doctor named when accepting it (F2). When it is booked,
/// the follow-up is booked (F4); when it is signed, the follow-up is done (F6). The system takes both: who books an exam need not know
/// why it was asked for (C4).
/// </summary>
internal sealed class FollowLinkedExam(PathwayEngine pathway, ClinicDb db) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (entry.Step is "F2")
        {
            var number = entry.Said("link").Trim();
            var linked = await db.Set<ExamRecord>()
                .AsNoTracking()
                .FirstOrDefaultAsync(
                    e => e.AccessionNumber == number && e.PatientId == exam.PatientId && e.Id != exam.Id,
                    ct
                );
            await AnswerAsync(exam, linked, ct);
            return;
        }
        var waiting = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e =>
                e.PatientId == exam.PatientId
                && e.Id != exam.Id
                && (e.Followup == "accepted" || e.Followup == "booked" || e.Followup == "overdue")
            )
            .ToListAsync(ct);
        foreach (var recommended in waiting)
        {
            var accepted = await db.Set<LedgerEntry>()
                .AsNoTracking()
                .Where(e => e.ExamId == recommended.Id && e.Taken && e.Step == "F2")
                .OrderByDescending(e => e.Sequence)
                .FirstOrDefaultAsync(ct);
            if (accepted?.Said("link").Trim() == exam.AccessionNumber)
            {
                await AnswerAsync(recommended, exam, ct);
            }
        }
    }

    private async Task AnswerAsync(ExamRecord recommended, ExamRecord? linked, CancellationToken ct)
    {
        var step = linked switch
        {
            { Report: "signed" or "amended" } => "F6",
            { Order: "scheduled" } when recommended.Followup is "accepted" => "F4",
            _ => null,
        };
        if (step is not null)
        {
            var evidence = new JsonObject { ["examId"] = linked!.Id.ToString("D") };
            await pathway.TakeAsync(new StepRequest(recommended.Id, step, Actor.System, evidence), ct);
        }
    }
}
