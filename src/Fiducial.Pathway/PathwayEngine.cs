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
using Fiducial.Pathway.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway;

/// <summary>
/// The one way in which an exam moves. A step is taken when the table knows it, the region stands where it starts, the role may
/// take it and every guard is content; else it is refused, with the reason. Both are written to the exam's ledger.
/// </summary>
public sealed class PathwayEngine(
    ClinicDb db,
    IEnumerable<IGuard> guards,
    FollowedSteps followed,
    BusinessCalendar calendar,
    TimeProvider clock,
    LiveEvents live,
    OutboxSignal outbox
)
{
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
        if (exam is null && (transition.Id is not ("O1" or "O2") || request.RefusedBecause is not null))
        {
            return new StepOutcome("There is no such exam.", null);
        }
        var isNew = exam is null;
        exam ??= new ExamRecord { Id = request.ExamId };
        // Microseconds: what PostgreSQL keeps, so that the hash is that of the row on both databases.
        var at = clock.GetUtcNow();
        at = at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMicrosecond));
        var evidence = request.Evidence.DeepClone().AsObject();
        var refusal = request.RefusedBecause ?? await RefusalAsync(transition, exam, request.Actor, evidence, at, ct);
        var entry = Write(transition, exam, request.Actor, evidence, at, refusal);
        if (isNew)
        {
            db.Add(exam);
        }
        ExamFold.Apply(exam, entry);
        db.Add(entry);
        if (refusal is null)
        {
            await db.SaveChangesAsync(ct);
            if (request.Within is { } within)
            {
                await within(new StepTaken(db, exam, entry), ct);
            }
            if (followed.Contains(transition.Id))
            {
                db.Add(FollowedSteps.Message(entry));
            }
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        Announce(exam, entry);
        return new StepOutcome(refusal, entry);
    }

    /// <summary>Records a step that was refused at the door, before its guards were asked; nothing is written for an exam that does not exist.</summary>
    public Task<StepOutcome> RefuseAsync(
        Guid examId,
        string step,
        Actor actor,
        string reason,
        CancellationToken ct = default
    ) => TakeAsync(new StepRequest(examId, step, actor, new JsonObject()) { RefusedBecause = reason }, ct);

    private async Task<string?> RefusalAsync(
        Transition transition,
        ExamRecord exam,
        Actor actor,
        JsonObject evidence,
        DateTimeOffset at,
        CancellationToken ct
    )
    {
        if (!transition.Who.Contains(actor.Role))
        {
            return $"The role {actor.Role} may not take the step '{transition.Event}'.";
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
        if (exam.Access is "frozen" && transition.Region is not Region.Access)
        {
            return "The exam is frozen while a dispute about it is resolved.";
        }
        var watching = guards.Where(g => g.Transition == transition.Id).ToList();
        if (watching.Count == 0 && transition.HasGuard)
        {
            return $"The guard of step {transition.Id} ('{transition.Guard}') is not built yet, so the step is refused.";
        }
        var context = new GuardContext(db, exam, transition, actor, evidence, at, calendar);
        foreach (var guard in watching)
        {
            if (await guard.RefusalAsync(context, ct) is { } reason)
            {
                return reason;
            }
        }
        return null;
    }

    private LedgerEntry Write(
        Transition transition,
        ExamRecord exam,
        Actor actor,
        JsonObject evidence,
        DateTimeOffset at,
        string? refusal
    ) =>
        HashChain.Seal(
            new LedgerEntry
            {
                ExamId = exam.Id,
                Sequence = exam.HeadSequence + 1,
                Step = transition.Id,
                Region = transition.Region.ToString(),
                Event = transition.Event,
                From = exam.StateOf(transition.Region),
                To = refusal is null ? transition.To : exam.StateOf(transition.Region),
                Taken = refusal is null,
                Reason = refusal ?? "",
                ActorId = actor.Id,
                ActorName = actor.Name,
                Role = actor.Role.ToString(),
                Credential = actor.Credential,
                Device = actor.Device,
                At = at,
                BusinessDay = calendar.LocalDate(at),
                Evidence = evidence.ToJsonString(Plain),
                PreviousHash = exam.HeadHash,
                Hash = "",
            }
        );

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
    private void Announce(ExamRecord exam, LedgerEntry entry)
    {
        if (!entry.Taken)
        {
            return;
        }
        outbox.Raise();
        live.Publish($"exam:{exam.Id:D}", new LiveEvent(entry.Region.ToLowerInvariant(), ""));
    }
}
