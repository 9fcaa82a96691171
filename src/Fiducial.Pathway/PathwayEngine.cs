using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Live;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Automatic;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Proxies;
using Fiducial.Pathway.Storage;
using Fiducial.Pathway.Timers;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway;

/// <summary>
/// The one way in which an exam moves. A step is taken when the table knows it, the region stands where it starts, the role may
/// take it and every guard is content; else it is refused, with the reason. Both are written to the exam's ledger.
/// </summary>
public sealed class PathwayEngine(
    ClinicDb db,
    IEnumerable<IGuard> guards,
    ConditionTable law,
    FollowedSteps followed,
    RunningTimers timers,
    KeepRelationships relationships,
    AgeBand ages,
    BusinessCalendar calendar,
    TimeProvider clock,
    LiveEvents live,
    OutboxSignal outbox
)
{
    /// <summary>Steps with which a case begins: a referral, an unidentified patient in an emergency, images without an order.</summary>
    private static readonly string[] Opening = ["O1", "O2", "E2", "I2"];

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async Task<StepOutcome> TakeAsync(StepRequest request, CancellationToken ct = default)
    {
        var transition = TransitionTable.Find(request.Step);
        if (transition is null)
        {
            return new StepOutcome($"There is no step '{request.Step}' in the pathway.", null);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await ExamLock.HoldAsync(db, request.ExamId, ct);
        var exam = await FindAsync(request.ExamId, ct);
        if (exam is null && (!Opening.Contains(transition.Id) || request.RefusedBecause is not null))
        {
            return new StepOutcome("There is no such exam.", null);
        }
        if (exam is null)
        {
            exam = new ExamRecord { Id = request.ExamId };
            db.Add(exam);
        }
        var entries = new List<LedgerEntry>();
        var refusal = await StepAsync(transition, exam, request, entries, ct);
        await transaction.CommitAsync(ct);
        Announce(exam, entries);
        return new StepOutcome(refusal, entries[0]);
    }

    // One step and what it brings with it, within the transaction.
    private async Task<string?> StepAsync(
        Transition transition,
        ExamRecord exam,
        StepRequest request,
        List<LedgerEntry> entries,
        CancellationToken ct
    )
    {
        // Microseconds: what PostgreSQL keeps, so that the hash is that of the row on both databases.
        var at = clock.GetUtcNow();
        at = at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMicrosecond));
        var evidence = request.Evidence.DeepClone().AsObject();
        if (request.Words is { } words)
        {
            evidence["wordsHash"] = StepRequest.HashOf(words);
        }
        var context = new GuardContext(db, exam, transition, request.Actor, evidence, at, calendar)
        {
            Words = request.Words ?? [],
            Standing = await Standing.OfAsync(db, request.Actor, calendar.LocalDate(at), ct),
            Ages = ages,
        };
        var refusal = request.RefusedBecause ?? await RefusalAsync(context, ct);
        var entry = Write(context, refusal);
        entries.Add(entry);
        ExamFold.Apply(exam, entry);
        db.Add(entry);
        await db.SaveChangesAsync(ct);
        if (refusal is not null)
        {
            return refusal;
        }
        if (request.Within is { } within)
        {
            await within(new StepTaken(db, exam, entry), ct);
        }
        if (followed.Contains(transition.Id))
        {
            db.Add(FollowedSteps.Message(entry));
        }
        await relationships.AfterAsync(exam, entry, ct);
        await timers.AfterAsync(exam, entry, ct);
        await db.SaveChangesAsync(ct);
        await FollowAsync(exam, entry, evidence, entries, ct);
        return null;
    }

    // What the law says follows at once: so that no reader ever finds a withdrawn report released, or verified images unlisted.
    private async Task FollowAsync(
        ExamRecord exam,
        LedgerEntry cause,
        JsonObject evidence,
        List<LedgerEntry> entries,
        CancellationToken ct
    )
    {
        foreach (var consequence in law.After(cause.Step).Where(c => c.If.Holds(evidence)))
        {
            var then = TransitionTable.Find(consequence.Then)!;
            if (!then.From.Contains(exam.StateOf(then.Region)))
            {
                continue;
            }
            var because = new JsonObject { ["cause"] = cause.Step, ["causeSequence"] = cause.Sequence };
            var request = new StepRequest(exam.Id, then.Id, Actor.System, because);
            if (await StepAsync(then, exam, request, entries, ct) is { } refusal)
            {
                throw new InvalidOperationException($"{then.Id} must follow {cause.Step}, but is refused: {refusal}");
            }
        }
    }

    /// <summary>Records a step that was refused at the door, before its guards were asked; nothing is written for an exam that does not exist.</summary>
    public Task<StepOutcome> RefuseAsync(
        Guid examId,
        string step,
        Actor actor,
        string reason,
        CancellationToken ct = default
    ) => TakeAsync(new StepRequest(examId, step, actor, new JsonObject()) { RefusedBecause = reason }, ct);

    private async Task<string?> RefusalAsync(GuardContext context, CancellationToken ct)
    {
        var (transition, exam) = (context.Transition, context.Exam);
        if (!transition.Who.Contains(context.Actor.Role))
        {
            return $"The role {context.Actor.Role} may not take the step '{transition.Event}'.";
        }
        var state = exam.StateOf(transition.Region);
        if (!transition.From.Contains(state))
        {
            var images =
                transition.Region is Region.Report && exam.Images is not "verified"
                    ? " The transfer of its images is not verified."
                    : "";
            return $"The step '{transition.Event}' starts from {string.Join(" or ", transition.From.Order(StringComparer.Ordinal))}; this exam's {transition.Region.ToString().ToLowerInvariant()} is {state}.{images}";
        }
        if (exam.Access is "frozen" && !Freeze.Allows(transition))
        {
            return "The exam is frozen while a dispute about it is resolved.";
        }
        var watching = guards.Where(g => g.Transition == transition.Id).ToList();
        var conditions = law.Of(transition.Id).ToList();
        if (watching.Count == 0 && conditions.Count == 0 && transition.HasGuard)
        {
            return $"The guard of step {transition.Id} ('{transition.Guard}') is not built yet, so the step is refused.";
        }
        if (await Relation.RefusalAsync(context, ct) is { } stranger)
        {
            return stranger;
        }
        foreach (var guard in watching)
        {
            if (await guard.RefusalAsync(context, ct) is { } reason)
            {
                return reason;
            }
        }
        // After the guards, which may find in the ledger what a condition asks of the evidence.
        return conditions.Find(c => c.If.Holds(context.Evidence) && !c.Stand.Holds(exam))?.Sentence;
    }

    private LedgerEntry Write(GuardContext context, string? refusal)
    {
        var (exam, transition, actor) = (context.Exam, context.Transition, context.Actor);
        return HashChain.Seal(
            new LedgerEntry
            {
                ExamId = exam.Id,
                Sequence = exam.HeadSequence + 1,
                Step = transition.Id,
                Region = transition.Region.ToString(),
                Event = transition.Event,
                From = exam.StateOf(transition.Region),
                To = refusal is null
                    ? transition.After(exam.StateOf(transition.Region))
                    : exam.StateOf(transition.Region),
                Taken = refusal is null,
                Reason = refusal ?? "",
                ActorId = actor.Id,
                ActorName = actor.Name,
                Role = actor.Role.ToString(),
                Credential = context.Standing.Words,
                Device = actor.Device,
                At = context.At,
                BusinessDay = calendar.LocalDate(context.At),
                Evidence = context.Evidence.ToJsonString(Plain),
                PreviousHash = exam.HeadHash,
                Hash = "",
            }
        );
    }

    private async Task<ExamRecord?> FindAsync(Guid id, CancellationToken ct)
    {
        // The row as it is now, not as this context may have read it before the lock.
        if (db.Set<ExamRecord>().Local.FirstOrDefault(e => e.Id == id) is { } known)
        {
            await db.Entry(known).ReloadAsync(ct);
            return known;
        }
        return await db.Set<ExamRecord>().FirstOrDefaultAsync(e => e.Id == id, ct);
    }

    // What is announced is that something happened, never what it was: pages ask again, with the reader's own permissions.
    private void Announce(ExamRecord exam, List<LedgerEntry> entries)
    {
        foreach (var entry in entries.Where(e => e.Taken))
        {
            outbox.Raise();
            live.Publish($"exam:{exam.Id:D}", new LiveEvent(entry.Region.ToLowerInvariant(), ""));
        }
    }
}
