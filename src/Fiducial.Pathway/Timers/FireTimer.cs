using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Proxies;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Timers;

/// <summary>
/// Fires one timer: takes its step or writes its notices, and ends the timer in the same transaction. Ending it is conditional, so a
/// second process that fires the same timer rolls back and has done nothing.
/// </summary>
internal sealed class FireTimer(
    ClinicDb db,
    PathwayEngine pathway,
    ConditionTable law,
    AgeBand ages,
    BusinessCalendar calendar,
    TimeProvider clock
)
{
    private static readonly TimeSpan AgainLater = TimeSpan.FromMinutes(15);

    public async Task RunAsync(StepTimer timer, CancellationToken ct)
    {
        var rule = TimerTable.Find(timer.Name, timer.StartedBy);
        var exam = await db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == timer.ExamId, ct);
        if (rule is null || !rule.StillHolds(exam))
        {
            await EndAsync(timer, fired: false, ct);
        }
        else if (rule.IsNotice)
        {
            await TellAsync(timer, rule, exam, ct);
        }
        else if (
            CanBeTaken(rule.Fires, exam)
            && !(
                rule.Fires is "L3"
                && await Custody.KeepsShutAsync(db, ages, exam, calendar.LocalDate(clock.GetUtcNow()), ct)
            )
        )
        {
            await StepAsync(timer, rule, ct);
        }
        else
        {
            // A hold, a dispute about images or custody, or an addendum in writing stands before it: looked at again until that is over.
            await PostponeAsync(timer, ct);
        }
    }

    private bool CanBeTaken(string step, ExamRecord exam) =>
        TransitionTable.Find(step) is { } t
        && t.From.Contains(exam.StateOf(t.Region))
        && (exam.Access is not "frozen" || Freeze.Allows(t))
        && law.Of(step).Where(c => c.If.Key.Length == 0).All(c => c.Stand.Holds(exam));

    private async Task StepAsync(StepTimer timer, TimerRule rule, CancellationToken ct)
    {
        var evidence = new JsonObject { ["timer"] = timer.Name, ["timerId"] = timer.Id };
        var request = new StepRequest(timer.ExamId, rule.Fires, Actor.System, evidence)
        {
            Within = async (_, c) =>
            {
                if (!await EndAsync(timer, fired: true, c))
                {
                    throw new DbUpdateConcurrencyException("Another process has ended this timer.");
                }
            },
        };
        try
        {
            if (!(await pathway.TakeAsync(request, ct)).Taken)
            {
                await PostponeAsync(timer, ct);
            }
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another process was quicker: what this one did is rolled back.
        }
    }

    private async Task TellAsync(StepTimer timer, TimerRule rule, ExamRecord exam, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await EndAsync(timer, fired: true, ct))
        {
            return;
        }
        var told = new HashSet<(string Role, string Person)>();
        foreach (var to in rule.To)
        {
            told.UnionWith(await AudienceAsync(to, exam, ct));
        }
        foreach (var (role, person) in told)
        {
            db.Add(
                new Notice
                {
                    ExamId = exam.Id,
                    TimerId = timer.Id,
                    Kind = rule.Name,
                    Role = role,
                    PersonId = person,
                    At = clock.GetUtcNow(),
                }
            );
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private async Task<IEnumerable<(string Role, string Person)>> AudienceAsync(
        string to,
        ExamRecord exam,
        CancellationToken ct
    ) =>
        to switch
        {
            // Nobody holds the duty yet, or the referral named nobody: the director looks after it.
            "holder" => [exam.HolderId.Length > 0 ? ("", exam.HolderId) : ("MDR", "")],
            // The doctor who holds the duty, and before there is one the doctor of the referral.
            "responsible" =>
            [
                exam.HolderId.Length > 0 ? ("", exam.HolderId)
                : exam.ResponsibleDoctorId.Length > 0 ? ("", exam.ResponsibleDoctorId)
                : ("MDR", ""),
            ],
            "orderer" => [exam.ResponsibleDoctorId.Length > 0 ? ("", exam.ResponsibleDoctorId) : ("MDR", "")],
            "patient" => [("PAT", exam.PatientId)],
            "readers" => (await Readers.OfAsync(db, exam.Id, ct)).Select(r => ("", r)),
            _ => [(to, "")],
        };

    private async Task<bool> EndAsync(StepTimer timer, bool fired, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.Set<StepTimer>()
                .Where(t => t.Id == timer.Id && t.EndedAt == null && t.Sequence == timer.Sequence)
                .ExecuteUpdateAsync(s => s.SetProperty(t => t.EndedAt, now).SetProperty(t => t.Fired, fired), ct) == 1;
    }

    private Task PostponeAsync(StepTimer timer, CancellationToken ct)
    {
        var until = clock.GetUtcNow() + AgainLater;
        return db.Set<StepTimer>()
            .Where(t => t.Id == timer.Id && t.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(t => t.LeasedUntil, until), ct);
    }
}

/// <summary>Who has had a version of the report: everyone to whom it was sent and everyone who opened it.</summary>
public static class Readers
{
    private static readonly string[] Opened = ["U2", "U7", "U9", "A8", "L11", "B1"];

    public static async Task<IReadOnlyList<string>> OfAsync(ClinicDb db, Guid examId, CancellationToken ct)
    {
        var entries = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == examId && e.Taken && (Opened.Contains(e.Step) || e.Step == "D2"))
            .ToListAsync(ct);
        return
        [
            .. entries
                .Select(e => e.Step is "D2" ? e.Said("recipientId") : e.ActorId)
                .Where(r => r.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }
}
