using System.Globalization;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results.Tests;

/// <summary>
/// Each guard and each row between regions is taken out of the law, one at a time and in memory, and the step's own test is run: it must
/// fail.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    // Guards that only write evidence and refuse nothing, or whose refusal another guard of the step says too.
    private static readonly string[] NotMissed =
    [
        "B1, guard 0",
        "B7, guard 0",
        "L11, guard 0",
        "L12, guard 0",
        "L14, guard 0",
        "L2, guard 0",
        "L6, guard 0",
        "L7, guard 0",
        "O1, guard 1",
        "O2, guard 1",
        "R11, guard 0",
        "R6, guard 1",
        "R9, guard 1",
        "U1, guard 0",
        "U10, guard 1",
        "U11, guard 0",
        "U12, guard 0",
        "U9, guard 1",
    ];

    [Fact]
    public async Task A_guard_that_is_taken_out_is_missed_by_the_test_of_its_step()
    {
        var guards = await GuardsAsync();
        var survivors = new List<string>();
        foreach (var (step, index) in guards)
        {
            if (!await IsNoticedAsync(step, index))
            {
                survivors.Add($"{step}, guard {index}");
            }
        }
        output.WriteLine(
            Proof.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"mutants killed: {guards.Count - survivors.Count}/{guards.Count} guards"
                )
            )
        );
        survivors.ForEach(output.WriteLine);
        survivors.Should().BeSubsetOf(NotMissed, "a guard that nobody misses must not become more");
    }

    [Fact]
    public async Task Each_condition_between_regions_refuses_with_its_own_sentence_and_is_missed_when_it_is_taken_out()
    {
        var survivors = new List<string>();
        foreach (var row in ConditionTable.Law.Conditions)
        {
            var name = $"{row.Step}: {row.Sentence}";
            var other = await RefusingStateAsync(row, ConditionTable.Law);
            if (other is null || await RefusesAsync(row, other, ConditionTable.Law.Without(row)))
            {
                survivors.Add(name);
            }
        }
        var count = ConditionTable.Law.Conditions.Count;
        output.WriteLine(
            Proof.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"mutants killed: {count - survivors.Count}/{count} conditions between regions"
                )
            )
        );
        survivors.ForEach(output.WriteLine);
        (survivors.Count * 3)
            .Should()
            .BeLessThanOrEqualTo(count, "where two rows or a guard say the same, one is not missed");
    }

    [Fact]
    public async Task Each_consequence_stands_in_the_ledger_and_is_missed_when_it_is_taken_out()
    {
        var survivors = new List<string>();
        foreach (var row in ConditionTable.Law.Consequences)
        {
            (await FollowsAsync(row, ConditionTable.Law)).Should().BeTrue($"{row.Then} follows {row.Step}");
            if (await FollowsAsync(row, ConditionTable.Law.Without(row)))
            {
                survivors.Add($"{row.Step} brings {row.Then}");
            }
        }
        var count = ConditionTable.Law.Consequences.Count;
        output.WriteLine(Proof.Say($"mutants killed: {count - survivors.Count}/{count} consequences"));
        survivors.Should().BeEmpty();
    }

    // The guards of each step, numbered.
    private static async Task<List<(string Step, int Index)>> GuardsAsync()
    {
        await using var house = await House.OpenAsync();
        var steps = await house.WithAsync(s =>
            Task.FromResult(s.GetServices<IGuard>().Select(g => g.Transition).ToList())
        );
        return
        [
            .. steps
                .GroupBy(s => s, StringComparer.Ordinal)
                .SelectMany(g => g.Select((_, i) => (g.Key, i)))
                .OrderBy(g => g.Key, StringComparer.Ordinal),
        ];
    }

    // As TransitionTests does, in a house without the guard: the spoilt attempt must be refused, and with this reason.
    private static async Task<bool> IsNoticedAsync(string step, int index)
    {
        foreach (var c in TransitionCases.All.Concat(TransitionCases.Custody).Where(x => x.Step == step))
        {
            if (await IsNoticedAsync(c, index))
            {
                return true;
            }
        }
        return false;
    }

    private static async Task<bool> IsNoticedAsync(TransitionCase c, int index)
    {
        var step = c.Step;
        await using var house = await House.OpenAsync(change: law => law.WithoutGuard(step, index));
        var story = new Story(house);
        try
        {
            await story.WalkAsync(c.Path);
            var refused = await story.Case.TakeAsync(step, c.Spoil);
            if (refused.Refusal?.Contains(c.Reason, StringComparison.Ordinal) is not true)
            {
                return true;
            }
            await story.WalkAsync(c.Then);
            return !story.TookItself(step) && (await story.Case.TakeAsync(step)).Refusal is not null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The way there, or the step that should be legal, has failed: the test would have too.
            return true;
        }
    }

    // A state of the other region in which the step, legal in everything else, is refused with this row's sentence.
    private static async Task<string?> RefusingStateAsync(Condition row, ConditionTable law)
    {
        var states = TransitionTable
            .All.Where(t => t.Region == row.Stand.Region)
            .SelectMany(t => t.From.Concat(t.From.Select(t.After)))
            .Append(Regions.Initial(row.Stand.Region))
            .Distinct(StringComparer.Ordinal)
            .Where(s => !row.Stand.States.Contains(s));
        foreach (var state in states)
        {
            if (await RefusesAsync(row, state, law))
            {
                return state;
            }
        }
        return null;
    }

    private static async Task<bool> RefusesAsync(Condition row, string state, ConditionTable law)
    {
        var c = TransitionCases.All.Single(x => x.Step == row.Step);
        await using var house = await House.OpenAsync(change: x => x.With(law));
        var story = new Story(house);
        try
        {
            await story.WalkAsync(c.Path);
            await story.WalkAsync(c.Then);
            await house.QueryAsync(async db =>
            {
                var exam = await db.Set<Pathway.Exams.ExamRecord>().FirstAsync(e => e.Id == story.Case.Id);
                db.Entry(exam).Property(row.Stand.Region.ToString()).CurrentValue = state;
                return await db.SaveChangesAsync();
            });
            var outcome = await story.Case.TakeAsync(
                row.Step,
                a =>
                {
                    if (row.If is { Key.Length: > 0, Negated: false })
                    {
                        a.Evidence[row.If.Key] = row.If.Values.First();
                    }
                    return a;
                }
            );
            return outcome.Refusal == row.Sentence;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }

    private static async Task<bool> FollowsAsync(Consequence row, ConditionTable law)
    {
        const string signed = "O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 U1 ";
        const string released = signed + "U2 U9 L2 ";
        var path = row.Step switch
        {
            "I6" => "O1 O6 O7 E1 E3 I1 I3 I3 E5 I6",
            "I9" => "O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 I9",
            "R6" => signed + "U2 U9 R10 U2 U9 R11 R2 R4 R6",
            "R9" => released + "R8 rewrite R9",
            _ => released + "R10",
        };
        await using var house = await House.OpenAsync(change: x => x.With(law));
        var story = new Story(house);
        await story.WalkAsync(path);
        var ledger = await house.LedgerAsync(story.Case.Id);
        var cause = ledger.Last(e => e.Taken && e.Step == row.Step);
        return ledger.Exists(e => e.Taken && e.Step == row.Then && e.Sequence > cause.Sequence);
    }
}
