using Fiducial.Pathway.Law;

namespace Fiducial.Results.Tests;

/// <summary>Each step of the law taken in a legal history, after its guard has refused one attempt with its reason.</summary>
public sealed class TransitionTests(TransitionCount count) : IClassFixture<TransitionCount>
{
    public static TheoryData<string> Cases => [.. TransitionCases.Whole.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_step_is_refused_with_its_reason_and_then_taken(string name)
    {
        var c = TransitionCases.Whole.Single(x => x.Name == name);
        var step = c.Step;
        await using var house = await House.OpenAsync(c.Policy);
        var story = new Story(house);
        await story.WalkAsync(c.Path);
        (await c.FaultAsync(story)).Should().BeNull();
        var ledger = await house.LedgerAsync(story.Case.Id);
        var taken = ledger.Last(e => e.Taken && e.Step == step);
        var law = TransitionTable.Find(step)!;
        taken.To.Should().Be(law.After(taken.From));
        law.From.Should().Contain(taken.From);
        law.Who.Should().Contain(Enum.Parse<Role>(taken.Role));
        ledger.Should().Contain(e => !e.Taken && e.Step == step && e.Reason.Contains(c.Reason) && e.From == e.To);
        (await house.FaultsAsync()).Should().BeEmpty();
        count.Add(step);
    }

    [Fact]
    public void Every_transition_of_the_law_has_its_case()
    {
        TransitionCases.All.Select(c => c.Step).Should().BeEquivalentTo(TransitionTable.All.Select(t => t.Id));
        TransitionCases.Whole.Should().OnlyContain(c => c.Reason.Length > 0);
    }
}

/// <summary>Counts the steps that were refused by their guard and then taken, and says so when the last test has run.</summary>
public sealed class TransitionCount : IDisposable
{
    // Added to the specification's table by decisions 19 and 21.
    private static readonly string[] OfThisHouse = ["L16", "B8", "B9"];

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> _steps = new(
        StringComparer.Ordinal
    );

    public void Add(string step) => _steps[step] = true;

    public void Dispose()
    {
        var own = _steps.Keys.Count(OfThisHouse.Contains);
        var guards = _steps.Keys.Count(s => TransitionTable.Find(s)!.HasGuard);
        Proof.Say(
            $"transitions exercised: {_steps.Count - own}/{TransitionTable.All.Count - OfThisHouse.Length} of the specification and {own}/{OfThisHouse.Length} of this house, each after a refusal; guards refused at least once: {guards}/{TransitionTable.All.Count(t => t.HasGuard)}"
        );
    }
}
