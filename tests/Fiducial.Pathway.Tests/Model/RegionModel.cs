using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;

namespace Fiducial.Pathway.Tests.Model;

/// <summary>
/// The seven regions that decide who sees a result, together, as the law's tables move them: transitions.tsv, conditions.tsv,
/// consequences.tsv and the freeze, the same rows that the engine asks. What only code or time decides may happen at any moment,
/// except where a marker below keeps what a guard asks of the past.
/// </summary>
internal sealed class RegionModel
{
    public static readonly Region[] Regions =
    [
        Region.Images,
        Region.Report,
        Region.Delivery,
        Region.Duty,
        Region.Release,
        Region.Access,
        Region.Alert,
    ];

    // Markers: the current version was reviewed (U9); who decided its release (0 nobody, 1 a doctor, 2 a rule or a decision);
    // a correction has shut the release (L12); the case is frozen by a merge and not by a dispute.
    public const int Reviewed = 7;
    public const int Decided = 8;
    public const int Corrected = 9;
    public const int Merging = 10;
    private const int Width = 11;

    private readonly ConditionTable _law;
    private readonly string[][] _names;
    private readonly int[] _radix;
    private readonly List<Move> _moves = [];

    /// <summary>One row of the law in one variant of its evidence.</summary>
    private sealed record Move(
        string Step,
        int Region,
        int From,
        int To,
        bool InFreeze,
        (int Region, int Mask)[] Conditions,
        string[] Then,
        bool Material
    );

    public RegionModel(ConditionTable law)
    {
        _law = law;
        _names =
        [
            .. Regions.Select(r =>
                TransitionTable
                    .All.Where(t => t.Region == r)
                    .SelectMany(t => t.From.Select(t.After))
                    .Concat(TransitionTable.All.Where(t => t.Region == r).SelectMany(t => t.From))
                    .Append(Law.Regions.Initial(r))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .ToArray()
            ),
        ];
        _radix = [.. _names.Select(n => n.Length), 2, 3, 2, 2];
        foreach (var transition in TransitionTable.All.Where(t => Regions.Contains(t.Region)).SelectMany(FromEach))
        {
            // These the system takes as a consequence alone: their guards ask for the change that causes them.
            if (transition.Id is not ("U12" or "L12"))
            {
                _moves.AddRange(Variants(transition.Id).Select(v => Compile(transition, v)));
            }
        }
    }

    public int Size => _radix.Aggregate(1, (a, b) => a * b);

    public int Start
    {
        get
        {
            var state = new int[Width];
            for (var r = 0; r < Regions.Length; r++)
            {
                state[r] = Array.IndexOf(_names[r], Law.Regions.Initial(Regions[r]));
            }
            return Encode(state);
        }
    }

    public void Decode(int code, Span<int> state)
    {
        for (var i = Width - 1; i >= 0; i--)
        {
            state[i] = code % _radix[i];
            code /= _radix[i];
        }
    }

    public string Name(ReadOnlySpan<int> state, Region region)
    {
        var index = Array.IndexOf(Regions, region);
        return _names[index][state[index]];
    }

    /// <summary>The exam's row as it stands in this state: its phase is the one that the permission matrix asks.</summary>
    public ExamRecord Row(ReadOnlySpan<int> state)
    {
        var row = new ExamRecord { Id = Guid.Empty };
        for (var i = 0; i < Regions.Length; i++)
        {
            row.Move(Regions[i], _names[i][state[i]]);
        }
        return row;
    }

    /// <summary>Writes the states that one step reaches into <paramref name="next"/>; returns how many.</summary>
    public int Successors(int code, Span<int> next, ICollection<string>? steps = null)
    {
        Span<int> state = stackalloc int[Width];
        Span<int> after = stackalloc int[Width];
        Decode(code, state);
        var frozen = Is(state, Region.Access, "frozen");
        var count = 0;
        foreach (var move in _moves)
        {
            if (!CanTake(move, state, frozen))
            {
                continue;
            }
            state.CopyTo(after);
            Take(move, after);
            next[count++] = Encode(after);
            steps?.Add(move.Step);
        }
        return count;
    }

    private bool CanTake(Move move, ReadOnlySpan<int> state, bool frozen)
    {
        if (((move.From >> state[move.Region]) & 1) == 0 || (frozen && !move.InFreeze))
        {
            return false;
        }
        foreach (var (region, mask) in move.Conditions)
        {
            if (((mask >> state[region]) & 1) == 0)
            {
                return false;
            }
        }
        return move.Step switch
        {
            "L3" => state[Corrected] == 1,
            "B4" => state[Merging] == 1,
            "B7" => state[Merging] == 0,
            _ => true,
        };
    }

    private void Take(Move move, Span<int> state)
    {
        state[move.Region] = move.To;
        switch (move.Step)
        {
            case "U9":
                state[Reviewed] = 1;
                break;
            case "L2":
                state[Decided] = 1;
                break;
            case "L3" or "L8" or "L10":
                state[Decided] = 2;
                break;
            case "R6" or "R10":
            case "R9" when move.Material:
                (state[Reviewed], state[Decided]) = (0, 0);
                break;
            case "L12":
                state[Corrected] = 1;
                break;
            case "B3":
                state[Merging] = 1;
                break;
            case "B4" or "B5":
                state[Merging] = 0;
                break;
            default:
                break;
        }
        foreach (var then in move.Then)
        {
            var law = TransitionTable.Find(then)!;
            var region = Array.IndexOf(Regions, law.Region);
            if (law.From.Contains(_names[region][state[region]]))
            {
                Take(Compile(law, []), state);
            }
        }
    }

    private Move Compile(Transition t, JsonObject evidence) =>
        new(
            t.Id,
            Array.IndexOf(Regions, t.Region),
            Mask(t.Region, t.From),
            Array.IndexOf(_names[Array.IndexOf(Regions, t.Region)], t.To),
            Freeze.Allows(t),
            [
                .. _law.Of(t.Id)
                    .Where(c => c.If.Holds(evidence) && Regions.Contains(c.Stand.Region))
                    .Select(c => (Array.IndexOf(Regions, c.Stand.Region), Mask(c.Stand.Region, c.Stand.States))),
            ],
            [.. _law.After(t.Id).Where(c => c.If.Holds(evidence)).Select(c => c.Then)],
            (string?)evidence["materiality"] is "material"
        );

    // A step that leaves its region where it is, from each state by itself.
    private static IEnumerable<Transition> FromEach(Transition t) =>
        t.To is Transition.Same ? t.From.Select(f => t with { From = new[] { f }.ToFrozenSet(), To = f }) : [t];

    // A row of the law that asks something of the evidence is explored with it and without it.
    private IEnumerable<JsonObject> Variants(string step)
    {
        var clauses = _law.Of(step)
            .Select(c => c.If)
            .Concat(_law.After(step).Select(c => c.If))
            .Where(c => c.Key.Length > 0)
            .DistinctBy(c => c.Key)
            .ToList();
        return clauses.Count == 0
            ?
            [
                [],
            ]
            :
            [
                [],
                .. clauses.SelectMany(c => c.Values.Select(v => new JsonObject { [c.Key] = v })),
            ];
    }

    private int Mask(Region region, IEnumerable<string> states)
    {
        var names = _names[Array.IndexOf(Regions, region)];
        return states.Select(s => Array.IndexOf(names, s)).Where(i => i >= 0).Aggregate(0, (m, i) => m | (1 << i));
    }

    private bool Is(ReadOnlySpan<int> state, Region region, string name) => Name(state, region) == name;

    private int Encode(ReadOnlySpan<int> state)
    {
        var code = 0;
        for (var i = 0; i < Width; i++)
        {
            code = code * _radix[i] + state[i];
        }
        return code;
    }
}
