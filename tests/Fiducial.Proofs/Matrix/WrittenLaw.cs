using Fiducial.Pathway.Law;

namespace Fiducial.Proofs.Matrix;

/// <summary>In what circumstances someone asks for an exam.</summary>
/// <param name="IsOwn">A relation makes it their own.</param>
/// <param name="IsInWindow">Not more than thirty minutes have passed since the patient has left.</param>
/// <param name="BrokeGlass">They have broken the glass of this exam.</param>
public readonly record struct Circumstances(bool IsOwn, bool IsInWindow, bool BrokeGlass);

/// <summary>permissions.tsv as it stands in the program, read once more and by itself: what the house does is held against this.</summary>
internal static class WrittenLaw
{
    private static readonly Dictionary<(Phase, Role, DataClass), string> Cells = Read();

    public static IReadOnlyCollection<(Phase Phase, Role Role, DataClass Data)> All => Cells.Keys;

    public static string Of(Phase phase, Role role, DataClass data) => Cells[(phase, role, data)];

    /// <summary>What the letters say for someone in these circumstances.</summary>
    public static bool Allows(string cell, Role role, Verb verb, Circumstances of)
    {
        bool Has(char letter) => cell.Contains(letter, StringComparison.Ordinal);
        return Has(
                verb switch
                {
                    Verb.Read => 'R',
                    Verb.Write => 'W',
                    _ => 'A',
                }
            )
            && (of.IsInWindow || !Has('t'))
            && (of.BrokeGlass || !Has('b'))
            && (of.IsOwn || of.BrokeGlass || !(Has('o') || PatientsSide.Contains(role)));
    }

    /// <summary>Whatever a cell says to a patient's side it says of that patient alone, also where it has no <c>o</c>.</summary>
    public static readonly Role[] PatientsSide = [Role.PAT, Role.PRX, Role.APP];

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
