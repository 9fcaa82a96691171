using Fiducial.Pathway.Law;

namespace Fiducial.Proofs.Matrix;

/// <summary>permissions.tsv as it stands in the program, read once more and by itself: what the house does is held against this.</summary>
internal static class WrittenLaw
{
    private static readonly Dictionary<(Phase, Role, DataClass), string> Cells = Read();

    public static IReadOnlyCollection<(Phase Phase, Role Role, DataClass Data)> All => Cells.Keys;

    public static string Of(Phase phase, Role role, DataClass data) => Cells[(phase, role, data)];

    /// <summary>What the letters say for someone whose exam it is or is not, within the exam window or after it; the glass is whole.</summary>
    public static bool Allows(string cell, Verb verb, bool isOwn, bool isInWindow) =>
        cell.Contains(
            verb switch
            {
                Verb.Read => 'R',
                Verb.Write => 'W',
                _ => 'A',
            },
            StringComparison.Ordinal
        )
        && (isOwn || !cell.Contains('o', StringComparison.Ordinal))
        && (isInWindow || !cell.Contains('t', StringComparison.Ordinal))
        && !cell.Contains('b', StringComparison.Ordinal);

    private static Dictionary<(Phase, Role, DataClass), string> Read()
    {
        using var table = typeof(PermissionMatrix).Assembly.GetManifestResourceStream("permissions.tsv")!;
        using var reader = new StreamReader(table);
        var rows = reader
            .ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.TrimEnd('\r').Split('\t'))
            .ToList();
        var columns = rows[0][2..].Select(Enum.Parse<DataClass>).ToList();
        return rows.Skip(1)
            .SelectMany(r => columns.Select((c, i) => ((Enum.Parse<Phase>(r[0]), Enum.Parse<Role>(r[1]), c), r[i + 2])))
            .ToDictionary(c => c.Item1, c => c.Item2);
    }
}
