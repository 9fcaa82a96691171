using System.Collections;
using System.Globalization;
using Fiducial.Pathway.Law;

namespace Fiducial.Pathway.Tests.Model;

/// <summary>Every state that the law can reach, looked at: what patient and technologist may see there, and whether the case can still be closed.</summary>
public sealed class ModelCheckTests(ITestOutputHelper output)
{
    private static readonly DataClass[] Results =
    [
        DataClass.C2f,
        DataClass.C2x,
        DataClass.C3d,
        DataClass.C3f,
        DataClass.C3h,
        DataClass.C4,
        DataClass.DUTY,
    ];

    private static readonly Role[] NeverResults = [Role.TECH, Role.CLK, Role.CRD, Role.ADM, Role.PHY, Role.EXTM];
    private static readonly string[] Signed = ["signed", "amended", "addendum_draft"];

    private static readonly Lazy<(RegionModel Model, List<int> Order)> Explored = new(() =>
    {
        var model = new RegionModel(ConditionTable.Law);
        return (model, Explore(model));
    });

    [Fact]
    public void No_state_shows_a_result_too_early_leaves_images_unread_or_cannot_be_closed()
    {
        var (model, order) = Explored.Value;
        var violations = new List<string>();
        foreach (var code in order)
        {
            violations.AddRange(Violations(model, code));
        }
        var stuck = Stuck(model, order);
        violations.AddRange(stuck.Select(c => $"cannot be closed: {Describe(model, c)}"));
        output.WriteLine(
            Proof.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"model states explored: {order.Count} of {model.Size}, violations: {violations.Count}"
                )
            )
        );
        violations.Take(5).Should().BeEmpty();
        order.Count.Should().BeGreaterThan(100_000, "the regions move together");
    }

    [Fact]
    public void The_check_finds_what_a_law_without_consequences_would_allow()
    {
        // A report is withdrawn while its release is open: without L12 in the same breath the patient would read on.
        var model = new RegionModel(ConditionTable.Law);
        Span<int> state = stackalloc int[11];
        model.Decode(model.Start, state);
        var row = model.Row(state);
        row.Move(Region.Report, "withdrawn");
        row.Move(Region.Release, "released");
        Faults(row, decided: 1, reviewed: 1).Should().NotBeEmpty();
        row.Move(Region.Report, "unread");
        Faults(row, decided: 0, reviewed: 0).Should().NotBeEmpty();
        row.Move(Region.Release, "shut");
        Faults(row, decided: 0, reviewed: 0).Should().BeEmpty();
        row.Move(Region.Images, "rejected");
        row.Move(Region.Report, "signed");
        Faults(row, decided: 0, reviewed: 0).Should().NotBeEmpty();
        row.Move(Region.Images, "verified");
        row.Move(Region.Report, "none");
        row.Move(Region.Release, "shut");
        Faults(row, decided: 0, reviewed: 0).Should().NotBeEmpty();
    }

    [Fact]
    public void Every_row_of_the_modelled_regions_is_taken_somewhere()
    {
        var (model, order) = Explored.Value;
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var next = new int[128];
        foreach (var code in order.Where((_, i) => i % 7 == 0))
        {
            model.Successors(code, next, taken);
        }
        taken.UnionWith(["R1", "U12", "L12"]); // consequences, taken within I6, R6, R9, R10
        TransitionTable
            .All.Where(t => RegionModel.Regions.Contains(t.Region))
            .Select(t => t.Id)
            .Except(taken, StringComparer.Ordinal)
            .Should()
            .BeEmpty();
    }

    private static List<int> Explore(RegionModel model)
    {
        var reached = new BitArray(model.Size);
        var order = new List<int> { model.Start };
        reached[model.Start] = true;
        var next = new int[128];
        for (var i = 0; i < order.Count; i++)
        {
            var count = model.Successors(order[i], next);
            for (var n = 0; n < count; n++)
            {
                if (!reached[next[n]])
                {
                    reached[next[n]] = true;
                    order.Add(next[n]);
                }
            }
        }
        return order;
    }

    private static IEnumerable<string> Violations(RegionModel model, int code)
    {
        var state = new int[11];
        model.Decode(code, state);
        return Faults(model.Row(state), state[RegionModel.Decided], state[RegionModel.Reviewed])
            .Select(f => $"{f}: {Describe(model, code)}");
    }

    private static IEnumerable<string> Faults(Exams.ExamRecord row, int decided, int reviewed)
    {
        foreach (var role in NeverResults)
        {
            if (Results.Any(d => PermissionMatrix.Law.Of(row.Phase, role, d).Grants(Verb.Read)))
            {
                yield return $"{role} reads a result";
            }
        }
        var patientReads = Results.Any(d => PermissionMatrix.Law.Of(row.Phase, Role.PAT, d).Grants(Verb.Read));
        if (patientReads && (!Signed.Contains(row.Report, StringComparer.Ordinal) || decided == 0))
        {
            yield return "the patient reads what nobody released";
        }
        if (patientReads && decided == 1 && reviewed == 0)
        {
            yield return "the patient reads a version that the doctor did not review";
        }
        if (row.Release is "released" or "viewed" && !Signed.Contains(row.Report, StringComparer.Ordinal))
        {
            yield return "released without a signed version";
        }
        if (row.Images is "rejected" && Signed.Contains(row.Report, StringComparer.Ordinal))
        {
            yield return "a report stands on images that were rejected";
        }
        if (row.Images is "verified" && row.Report is "none")
        {
            yield return "verified images without a report or an open item";
        }
    }

    private static bool IsEnded(RegionModel model, ReadOnlySpan<int> state) =>
        model.Name(state, Region.Duty) is "closed"
        || (model.Name(state, Region.Images) is "rejected" && model.Name(state, Region.Duty) is "none");

    // Backwards from the ended states, along the steps that were explored.
    private static List<int> Stuck(RegionModel model, List<int> order)
    {
        var ends = new BitArray(model.Size);
        Span<int> state = stackalloc int[11];
        foreach (var code in order)
        {
            model.Decode(code, state);
            ends[code] = IsEnded(model, state);
        }
        var open = order.FindAll(c => !ends[c]);
        var next = new int[128];
        int before;
        do
        {
            before = open.Count;
            // From the last found to the first: closing comes late in a history, so few rounds suffice.
            var left = new List<int>(open.Count);
            for (var i = open.Count - 1; i >= 0; i--)
            {
                var count = model.Successors(open[i], next);
                var closes = false;
                for (var n = 0; n < count && !closes; n++)
                {
                    closes = ends[next[n]];
                }
                if (closes)
                {
                    ends[open[i]] = true;
                }
                else
                {
                    left.Add(open[i]);
                }
            }
            left.Reverse();
            open = left;
        } while (open.Count < before);
        return open;
    }

    private static string Describe(RegionModel model, int code)
    {
        var state = new int[11];
        model.Decode(code, state);
        return string.Join(' ', RegionModel.Regions.Select(r => $"{r}={model.Name(state, r)}"))
            + $" reviewed={state[RegionModel.Reviewed]} decided={state[RegionModel.Decided]}";
    }
}
