using System.Collections.Frozen;

namespace Fiducial.Pathway.Law;

/// <summary>How far an exam's result has come, for the permission matrix.</summary>
public enum Phase
{
    /// <summary>Unsigned.</summary>
    U,

    /// <summary>Signed, not released.</summary>
    S,

    /// <summary>Released.</summary>
    L,

    /// <summary>Withdrawn or frozen.</summary>
    X,
}

/// <summary>The twelve classes of data that the matrix tells apart (pathway 6.2).</summary>
public enum DataClass
{
    /// <summary>Logistics: who, when, where, step reached, due date.</summary>
    C0,

    /// <summary>Order, history, safety, acquisition guidance.</summary>
    C1,

    /// <summary>Preview.</summary>
    C2p,

    /// <summary>Full images.</summary>
    C2f,

    /// <summary>Prior images.</summary>
    C2x,

    /// <summary>Draft or preliminary report.</summary>
    C3d,

    /// <summary>Signed report and everything that interprets the images.</summary>
    C3f,

    /// <summary>Prior reports.</summary>
    C3h,

    /// <summary>Result-bearing metadata.</summary>
    C4,

    /// <summary>Review and plan.</summary>
    DUTY,

    /// <summary>Release controls.</summary>
    REL,

    /// <summary>Audit.</summary>
    AUD,
}

/// <summary>What someone wants to do with data of a class.</summary>
public enum Verb
{
    Read,
    Write,
    Act,
}

/// <summary>One cell of the matrix, such as <c>RWot</c>.</summary>
/// <param name="OwnOnly"><c>o</c>: only with a current relation.</param>
/// <param name="InExamWindow"><c>t</c>: only from arrival to departure and 30 minutes.</param>
/// <param name="Text">As the table has it; its <c>c</c> (whole status, without content) is for the pages, which have nothing else to show.</param>
/// <param name="BreakGlass"><c>b</c>: only after the glass is broken.</param>
public sealed record Cell(string Text, FrozenSet<Verb> Verbs, bool OwnOnly, bool InExamWindow, bool BreakGlass)
{
    public bool Grants(Verb verb) => Verbs.Contains(verb);
}

/// <summary>Who may see what, as data (<c>permissions.tsv</c>): 4 phases x 19 roles x 12 classes. What is not granted is denied.</summary>
public sealed class PermissionMatrix
{
    private static readonly Cell Denied = Parse("-");

    private readonly FrozenDictionary<(Phase, Role, DataClass), Cell> _cells;

    private PermissionMatrix(IEnumerable<KeyValuePair<(Phase, Role, DataClass), Cell>> cells) =>
        _cells = cells.ToFrozenDictionary();

    /// <summary>The law of the house.</summary>
    public static PermissionMatrix Law { get; } =
        new(
            LawTable
                .Read("permissions.tsv")
                .SelectMany(row =>
                    Enum.GetValues<DataClass>()
                        .Select(
                            (c, i) =>
                                KeyValuePair.Create(
                                    (Enum.Parse<Phase>(row[0]), Enum.Parse<Role>(row[1]), c),
                                    Parse(row[i + 2])
                                )
                        )
                )
        );

    public int Count => _cells.Count;

    /// <summary>The cell; a role that the table does not name (<see cref="Role.SYS"/>) is denied everything.</summary>
    public Cell Of(Phase phase, Role role, DataClass data) => _cells.GetValueOrDefault((phase, role, data), Denied);

    /// <summary>Another law, in which one cell says something else: to prove that somebody would notice.</summary>
    public PermissionMatrix With(Phase phase, Role role, DataClass data, string text) =>
        new(
            _cells
                .Where(c => c.Key != (phase, role, data))
                .Append(KeyValuePair.Create((phase, role, data), Parse(text)))
        );

    private static Cell Parse(string text)
    {
        var verbs = new List<Verb>();
        foreach (var letter in text)
        {
            switch (letter)
            {
                case 'R':
                    verbs.Add(Verb.Read);
                    break;
                case 'W':
                    verbs.Add(Verb.Write);
                    break;
                case 'A':
                    verbs.Add(Verb.Act);
                    break;
                case 'o' or 't' or 'c' or 'b' or '-':
                    break;
                default:
                    throw new InvalidDataException($"permissions.tsv: '{text}' has the unknown letter '{letter}'.");
            }
        }
        return new Cell(
            text,
            verbs.ToFrozenSet(),
            text.Contains('o', StringComparison.Ordinal),
            text.Contains('t', StringComparison.Ordinal),
            text.Contains('b', StringComparison.Ordinal)
        );
    }
}
