using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Pathway.Exams;

namespace Fiducial.Pathway.Law;

/// <summary>A row of <c>timers.tsv</c>: what happens by itself when nothing else has happened until then.</summary>
/// <param name="Starts">Steps that start it; a running timer of the same name is started again.</param>
/// <param name="While">It ends as soon as one of these regions stands elsewhere.</param>
/// <param name="Ends">Steps that end it.</param>
/// <param name="Fires">The step that the system then takes, or <c>notice</c>.</param>
/// <param name="To">To whom the notice goes: roles, or holder, responsible, orderer, patient, readers.</param>
public sealed record TimerRule(
    string Name,
    FrozenSet<string> Starts,
    Clause If,
    Due Due,
    IReadOnlyList<Stand> While,
    FrozenSet<string> Ends,
    string Fires,
    IReadOnlyList<string> To
)
{
    public bool IsNotice => Fires is "notice";

    public bool StillHolds(ExamRecord exam) => While.All(s => s.Holds(exam));
}

/// <summary>
/// When a timer is due: <c>15 min</c>, <c>4 h</c>, <c>30 d</c>; <c>3 bd</c> is 17:00 on the third business day; with <c>after FIELD</c> it
/// is counted from the instant that the evidence names there.
/// </summary>
public sealed record Due(int Amount, string Unit, string After)
{
    public static Due Parse(string text)
    {
        var words = text.Split(' ');
        return words switch
        {
            [var n, "min" or "h" or "d" or "bd"] => new Due(Number(n), words[1], ""),
            [var n, "min" or "h" or "d" or "bd", "after", var field] => new Due(Number(n), words[1], field),
            _ => throw new InvalidDataException($"timers.tsv: '{text}' is no time."),
        };
    }

    /// <summary>Null when the evidence does not name the instant from which it counts.</summary>
    public DateTimeOffset? From(DateTimeOffset at, JsonObject evidence, BusinessCalendar calendar)
    {
        if (After.Length > 0)
        {
            if (
                evidence[After] is not JsonValue v
                || !DateTimeOffset.TryParse(
                    v.ToString(),
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                    out at
                )
            )
            {
                return null;
            }
        }
        return Unit switch
        {
            "min" => at.AddMinutes(Amount),
            "h" => at.AddHours(Amount),
            "d" => at.AddDays(Amount),
            _ => calendar.CloseAfter(at, Amount),
        };
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>The timers of the pathway, as data.</summary>
public static class TimerTable
{
    public static IReadOnlyList<TimerRule> All { get; } =
    [
        .. LawTable
            .Read("timers.tsv")
            .Select(r => new TimerRule(
                r[0],
                Set(r[1]),
                Clause.Parse(r[2]),
                Due.Parse(r[3]),
                Stand.ParseAll(r[4]),
                Set(r[5]),
                r[6],
                r[7] is "-" ? [] : r[7].Split(',')
            )),
    ];

    private static readonly ILookup<string, TimerRule> ByStart = All.SelectMany(t =>
            t.Starts.Select(s => KeyValuePair.Create(s, t))
        )
        .ToLookup(p => p.Key, p => p.Value, StringComparer.Ordinal);

    private static readonly ILookup<string, TimerRule> ByName = All.ToLookup(t => t.Name, StringComparer.Ordinal);

    public static IEnumerable<TimerRule> StartedBy(string step) => ByStart[step];

    /// <summary>The rule by which a running timer was started; null when the law no longer has it.</summary>
    public static TimerRule? Find(string name, string startedBy) =>
        ByName[name].FirstOrDefault(t => t.Starts.Contains(startedBy));

    private static FrozenSet<string> Set(string cell) =>
        cell is "-" ? FrozenSet<string>.Empty : cell.Split(',').ToFrozenSet(StringComparer.Ordinal);
}
