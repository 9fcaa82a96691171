using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Exams;

namespace Fiducial.Pathway.Law;

/// <summary>What the evidence must say for a row of the law to apply: <c>key=value,value</c>, <c>key!=value</c>, or <c>-</c> for always.</summary>
public sealed record Clause(string Key, bool Negated, FrozenSet<string> Values)
{
    public bool Holds(JsonObject evidence)
    {
        if (Key.Length == 0)
        {
            return true;
        }
        var said = evidence[Key] is JsonValue v ? v.ToString() : "";
        return Values.Contains(said) != Negated;
    }

    public static Clause Parse(string text)
    {
        if (text is "-")
        {
            return new Clause("", false, FrozenSet<string>.Empty);
        }
        var negated = text.Contains("!=", StringComparison.Ordinal);
        var parts = text.Split(negated ? "!=" : "=", 2);
        return new Clause(parts[0], negated, parts[1].Split(',').ToFrozenSet(StringComparer.Ordinal));
    }
}

/// <summary>A region that must stand in one of these states.</summary>
public sealed record Stand(Region Region, FrozenSet<string> States)
{
    public bool Holds(ExamRecord exam) => States.Contains(exam.StateOf(Region));

    /// <summary><c>region=state,state;region=state</c>, or <c>-</c> for none.</summary>
    public static IReadOnlyList<Stand> ParseAll(string text) =>
        text is "-" ? [] : [.. text.Split(';').Select(s => s.Split('=')).Select(s => Of(s[0], s[1]))];

    public static Stand Of(string region, string states) =>
        new(Enum.Parse<Region>(region, ignoreCase: true), states.Split(',').ToFrozenSet(StringComparer.Ordinal));
}

/// <summary>
/// A row of <c>conditions.tsv</c>: where another region must stand for a step. The engine refuses by it, and the model check
/// explores by it: one table, so that what is proved is what runs.
/// </summary>
public sealed record Condition(string Step, Clause If, Stand Stand, string Sentence);

/// <summary>A row of <c>consequences.tsv</c>: a step that the system takes in the same transaction, where its region stands so that it can.</summary>
public sealed record Consequence(string Step, Clause If, string Then);

/// <summary>Conditions between regions, and what one step brings with it, as data.</summary>
public sealed class ConditionTable
{
    private readonly ILookup<string, Condition> _byStep;
    private readonly ILookup<string, Consequence> _follow;

    private ConditionTable(IReadOnlyList<Condition> conditions, IReadOnlyList<Consequence> consequences)
    {
        (Conditions, Consequences) = (conditions, consequences);
        _byStep = conditions.ToLookup(c => c.Step, StringComparer.Ordinal);
        _follow = consequences.ToLookup(c => c.Step, StringComparer.Ordinal);
    }

    /// <summary>The law of the house.</summary>
    public static ConditionTable Law { get; } =
        new(
            [
                .. LawTable
                    .Read("conditions.tsv")
                    .Select(r => new Condition(r[0], Clause.Parse(r[1]), Stand.Of(r[2], r[3]), r[4])),
            ],
            [.. LawTable.Read("consequences.tsv").Select(r => new Consequence(r[0], Clause.Parse(r[1]), r[2]))]
        );

    public IReadOnlyList<Condition> Conditions { get; }
    public IReadOnlyList<Consequence> Consequences { get; }

    public IEnumerable<Condition> Of(string step) => _byStep[step];

    public IEnumerable<Consequence> After(string step) => _follow[step];

    /// <summary>Another law, in which one row is missing: to prove that somebody would notice.</summary>
    public ConditionTable Without(Condition row) =>
        new([.. Conditions.Where(c => !ReferenceEquals(c, row))], Consequences);

    /// <summary>Another law, in which one row is missing: to prove that somebody would notice.</summary>
    public ConditionTable Without(Consequence row) =>
        new(Conditions, [.. Consequences.Where(c => !ReferenceEquals(c, row))]);
}
