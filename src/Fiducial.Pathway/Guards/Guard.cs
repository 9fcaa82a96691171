using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Proxies;
using Microsoft.EntityFrameworkCore;

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
    /// <summary>What the actor's credentials allow at this moment.</summary>
    public required Standing Standing { get; init; }

    /// <summary>When patients of this place come of age.</summary>
    public required AgeBand Ages { get; init; }

    /// <summary>What another person's credentials allow at this moment.</summary>
    public Task<Standing> StandingOfAsync(string personId, CancellationToken ct) =>
        Standing.OfAsync(Db, personId, Calendar.LocalDate(At), ct);

    /// <summary>What the actor wrote with the step; the ledger keeps its hash alone.</summary>
    public JsonObject Words { get; init; } = [];

    public string Text(string key) => Evidence[key] is JsonValue v && v.TryGetValue<string>(out var text) ? text : "";

    public string Word(string key) => Words[key] is JsonValue v && v.TryGetValue<string>(out var text) ? text : "";

    public int Number(string key) => Evidence[key] is JsonValue v && v.TryGetValue<int>(out var n) ? n : -1;

    /// <summary>An instant of the evidence; null when it is missing or no instant.</summary>
    public DateTimeOffset? Instant(string key) =>
        DateTimeOffset.TryParse(
            Text(key),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : null;

    /// <summary>The sentence when the evidence lacks the text.</summary>
    public string? Needs(string key, string sentence) => string.IsNullOrWhiteSpace(Text(key)) ? sentence : null;

    /// <summary>The sentence when the actor did not write it.</summary>
    public string? NeedsWords(string key, string sentence) => string.IsNullOrWhiteSpace(Word(key)) ? sentence : null;

    /// <summary>A code from a closed list, or the sentence with the list.</summary>
    public string? NeedsOneOf(string key, IReadOnlyCollection<string> codes, string what) =>
        codes.Contains(Text(key), StringComparer.Ordinal) ? null : $"{what}: {string.Join(", ", codes)}.";

    /// <summary>The last time that one of these steps was taken on this exam; null when never.</summary>
    public Task<LedgerEntry?> LastAsync(CancellationToken ct, params string[] steps) =>
        Db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == Exam.Id && e.Taken && steps.Contains(e.Step))
            .OrderByDescending(e => e.Sequence)
            .FirstOrDefaultAsync(ct);

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
