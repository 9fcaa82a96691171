using System.Collections.Frozen;

namespace Fiducial.Pathway.Law;

/// <summary>The order of the pathway, as data (<c>transitions.tsv</c>). Anything that is not in this table is refused.</summary>
public static class TransitionTable
{
    private static readonly FrozenDictionary<string, Transition> ById = LawTable
        .Read("transitions.tsv")
        .Select(Parse)
        .ToFrozenDictionary(t => t.Id, StringComparer.Ordinal);

    public static IReadOnlyList<Transition> All { get; } =
    [.. ById.Values.OrderBy(t => t.Region).ThenBy(t => t.Id, StringComparer.Ordinal)];

    public static Transition? Find(string id) => ById.GetValueOrDefault(id);

    private static Transition Parse(string[] row) =>
        new(
            row[0],
            Enum.Parse<Region>(row[1], ignoreCase: true),
            row[2].Split(',').ToFrozenSet(StringComparer.Ordinal),
            row[3],
            row[4],
            row[5].Split(',').Select(Enum.Parse<Role>).ToFrozenSet(),
            row[6],
            row[7],
            row[8]
        );
}
