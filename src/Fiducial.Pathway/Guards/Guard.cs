using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;

namespace Fiducial.Pathway.Guards;

/// <summary>What a guard may look at. Evidence is what the actor brought; a guard may add what it found (a due date).</summary>
public sealed record GuardContext(
    ClinicDb Db,
    ExamRecord Exam,
    Transition Transition,
    Actor Actor,
    JsonObject Evidence,
    DateTimeOffset At,
    BusinessCalendar Calendar
)
{
    public string Text(string key) => (string?)Evidence[key] ?? "";

    public bool Says(string key) => Evidence[key] is JsonValue v && v.TryGetValue<bool>(out var yes) && yes;
}

/// <summary>The condition of one step. Several guards may watch one step, each from its own room; all must be content.</summary>
public interface IGuard
{
    /// <summary>Id of the transition.</summary>
    string Transition { get; }

    /// <summary>Null when the condition holds, else the sentence that says why not and what to do.</summary>
    ValueTask<string?> RefusalAsync(GuardContext context, CancellationToken ct);
}

/// <summary>A guard as one function.</summary>
public sealed class Guard(string transition, Func<GuardContext, CancellationToken, ValueTask<string?>> refusal) : IGuard
{
    public Guard(string transition, Func<GuardContext, string?> refusal)
        : this(transition, (context, _) => ValueTask.FromResult(refusal(context))) { }

    public string Transition => transition;

    public ValueTask<string?> RefusalAsync(GuardContext context, CancellationToken ct) => refusal(context, ct);
}
