using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Timers;

/// <summary>Starts and ends the timers of an exam with a step, in the step's transaction.</summary>
public sealed class RunningTimers(ClinicDb db, BusinessCalendar calendar)
{
    /// <param name="exam">The exam as the step leaves it.</param>
    public async Task AfterAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        var running = await db.Set<StepTimer>().Where(t => t.ExamId == exam.Id && t.EndedAt == null).ToListAsync(ct);
        foreach (var timer in running)
        {
            if (
                TimerTable.Find(timer.Name, timer.StartedBy) is not { } rule
                || rule.Ends.Contains(entry.Step)
                || !rule.StillHolds(exam)
            )
            {
                timer.EndedAt = entry.At;
            }
        }
        var evidence = JsonNode.Parse(entry.Evidence)!.AsObject();
        foreach (var rule in TimerTable.StartedBy(entry.Step))
        {
            if (
                rule.If.Holds(evidence)
                && rule.StillHolds(exam)
                && rule.Due.From(entry.At, evidence, calendar) is { } due
            )
            {
                Start(running, exam, entry, rule.Name, due);
            }
        }
    }

    private void Start(List<StepTimer> running, ExamRecord exam, LedgerEntry entry, string name, DateTimeOffset due)
    {
        if (running.Find(t => t.Name == name && t.EndedAt is null) is { } same)
        {
            (same.StartedBy, same.Sequence, same.DueAt) = (entry.Step, entry.Sequence, due);
            (same.LeasedUntil, same.Attempts) = (null, 0);
            return;
        }
        db.Add(
            new StepTimer
            {
                ExamId = exam.Id,
                Name = name,
                StartedBy = entry.Step,
                Sequence = entry.Sequence,
                DueAt = due,
            }
        );
    }
}
