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
    [Fact]
    public async Task A_guard_that_is_taken_out_is_missed_by_the_test_of_its_step()
    {
        var survivors = await GuardsAsync();
        var count = survivors.Count;
        foreach (var c in TransitionCases.Whole)
        {
            survivors.ExceptWith(await NoticedAsync(c, survivors.Where(g => g.Step == c.Step)));
        }
        output.WriteLine(
            Proof.Say(
                string.Create(CultureInfo.InvariantCulture, $"mutants killed: {count - survivors.Count}/{count} guards")
            )
        );
        survivors.Should().BeEmpty();
    }

    [Fact]
    public async Task Each_condition_between_regions_refuses_with_its_own_sentence_and_is_missed_when_it_is_taken_out()
    {
        var survivors = new List<string>();
        foreach (var row in ConditionTable.Law.Conditions)
        {
            var isMissed = false;
            foreach (var c in TransitionCases.Whole.Where(c => c.Step == row.Step && !isMissed))
            {
                isMissed = await IsMissedAsync(row, c);
            }
            if (!isMissed)
            {
                survivors.Add($"{row.Step}, {row.Stand.Region}: {row.Sentence}");
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
        survivors.Should().BeEmpty();
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
    private static async Task<SortedSet<(string Step, int Index)>> GuardsAsync()
    {
        await using var house = await House.OpenAsync();
        var steps = await house.WithAsync(s =>
            Task.FromResult(s.GetServices<IGuard>().Select(g => g.Transition).ToList())
        );
        return [.. steps.GroupBy(s => s, StringComparer.Ordinal).SelectMany(g => g.Select((_, i) => (g.Key, i)))];
    }

    // As TransitionTests does, in houses of which each has come the same way and then lost one guard of the step.
    private static async Task<List<(string Step, int Index)>> NoticedAsync(
        TransitionCase c,
        IEnumerable<(string Step, int Index)> guards
    )
    {
        var (left, noticed) = (guards.ToList(), new List<(string, int)>());
        if (left.Count == 0)
        {
            return noticed;
        }
        await using var house = await House.OpenAsync(c.Policy);
        var story = new Story(house);
        await story.WalkAsync(c.Path);
        foreach (var guard in left)
        {
            await using var mutant = await house.CopyAsync(law => law.WithoutGuard(guard.Step, guard.Index));
            try
            {
                if (await c.FaultAsync(new Story(mutant, story.Case.Id)) is not null)
                {
                    noticed.Add(guard);
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // What should be legal has failed: the test would have too.
                noticed.Add(guard);
            }
        }
        return noticed;
    }

    // Where the other region stands otherwise, the step, legal in everything else, is refused with this row's sentence; without the row it is not.
    private static async Task<bool> IsMissedAsync(Condition row, TransitionCase c)
    {
        // The law takes some steps by itself, where they are legal: here they wait for the attempt.
        var law = ConditionTable
            .Law.Consequences.Where(x => x.Then == row.Step)
            .Aggregate(ConditionTable.Law, (changed, x) => changed.Without(x));
        await using var house = await House.OpenAsync(c.Policy, x => x.With(law));
        var story = new Story(house);
        await story.WalkAsync(c.Path);
        await story.WalkAsync(c.Then);
        foreach (var state in OtherStates(row))
        {
            await house.QueryAsync(async db =>
            {
                var exam = await db.Set<Pathway.Exams.ExamRecord>().FirstAsync(e => e.Id == story.Case.Id);
                db.Entry(exam).Property(row.Stand.Region.ToString()).CurrentValue = state;
                return await db.SaveChangesAsync();
            });
            if (await RefusalAsync(house, story.Case.Id, row, c) == row.Sentence)
            {
                await using var mutant = house.Another(x => x.With(law.Without(row)));
                return await RefusalAsync(mutant, story.Case.Id, row, c) != row.Sentence;
            }
        }
        return false;
    }

    private static IEnumerable<string> OtherStates(Condition row) =>
        TransitionTable
            .All.Where(t => t.Region == row.Stand.Region)
            .SelectMany(t => t.From.Concat(t.From.Select(t.After)))
            .Append(Regions.Initial(row.Stand.Region))
            .Distinct(StringComparer.Ordinal)
            .Where(s => !row.Stand.States.Contains(s));

    private static async Task<string?> RefusalAsync(House house, Guid exam, Condition row, TransitionCase c)
    {
        var outcome = await new Case(house, exam).TakeAsync(
            row.Step,
            a =>
            {
                var attempt = c.Legal(a);
                if (row.If is { Key.Length: > 0, Negated: false })
                {
                    attempt.Evidence[row.If.Key] = row.If.Values.First();
                }
                return attempt;
            }
        );
        return outcome.Refusal;
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
