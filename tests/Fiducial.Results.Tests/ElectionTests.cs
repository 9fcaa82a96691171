using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Proxies;
using Fiducial.Results.Release;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results.Tests;

/// <summary>A patient changes how the result is released (L16): it holds from now on, and tells nothing of a hold.</summary>
public sealed class ElectionTests
{
    private const string AtOnce = "show me at once";
    private const string Signed = "O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain U2 ";

    [Fact]
    public async Task A_changed_election_stands_in_the_ledger_and_the_release_stands_where_it_stood()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed);
        (await ChangeAsync(story, "in person only")).Refusal.Should().BeNull();
        var exam = await story.Case.NowAsync();
        (exam.ReleaseElection, exam.Release).Should().Be(("in person only", "shut"));
        var entry = (await house.LedgerAsync(story.Case.Id))[^1];
        (entry.Step, entry.From, entry.To, entry.ActorId).Should().Be(("L16", "shut", "shut", "jane"));
        (await ChangeAsync(story, "in person only")).Refusal.Should().Contain("recorded already");
        (await ChangeAsync(story, AtOnce)).Refusal.Should().Contain("Ask the patient", "this pack does not offer it");
        (await ChangeAsync(story, "after my doctor has read it", People.Stranger))
            .Refusal.Should()
            .Contain("not yours");
        (await story.Case.TakeAsync("L16", People.Rita)).Refusal.Should().Contain("REF may not");
        await story.WalkAsync("U9 L2");
        (await ChangeAsync(story, "after my doctor has read it")).Refusal.Should().Contain("starts from");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_parent_changes_it_for_a_child()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("child");
        (await ChangeAsync(story, "in person only", People.Mother)).Refusal.Should().Contain("not yours");
        await house.ActsForAsync("P3", People.Mother, ProxyBasis.Parent, People.Clara);
        (await ChangeAsync(story, "in person only", People.Mother)).Refusal.Should().BeNull();
        (await story.Case.NowAsync()).ReleaseElection.Should().Be("in person only");
    }

    [Fact]
    public async Task Whoever_changes_to_at_once_reads_it_as_soon_whether_or_not_it_was_held()
    {
        await using var house = await House.OpenAsync("ca-ab");
        var (free, held) = (new Story(house), new Story(house));
        foreach (var story in (Story[])[free, held])
        {
            await story.WalkAsync(Signed);
        }
        await held.WalkAsync("L4");
        foreach (var story in (Story[])[free, held])
        {
            (await ChangeAsync(story, AtOnce)).Refusal.Should().BeNull();
        }
        await house.PassAsync(TimeSpan.FromMinutes(1));
        foreach (var story in (Story[])[free, held])
        {
            (await story.Case.NowAsync()).Release.Should().Be("released");
            (await house.LedgerAsync(story.Case.Id)).Last(e => e.Step == "L3").Said("rule").Should().Be("election");
        }
        var result = await house.WithAsync(s =>
            s.GetRequiredService<ReleasedResults>().OpenAsync(held.Case.Id, People.Jane)
        );
        result!.Holds.Should().ContainSingle("after the release the hold is told, with its reason");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_change_that_does_not_stand_above_a_hold_leaves_it_and_is_taken_alike()
    {
        await using var house = await House.OpenAsync();
        var (free, held) = (new Story(house), new Story(house));
        foreach (var story in (Story[])[free, held])
        {
            await story.WalkAsync(Signed);
        }
        await held.WalkAsync("L4");
        var outcomes = new List<string?>();
        foreach (var story in (Story[])[free, held])
        {
            outcomes.Add((await ChangeAsync(story, "in person only")).Refusal);
        }
        outcomes.Should().AllBeEquivalentTo((string?)null);
        await house.PassAsync(TimeSpan.FromMinutes(1));
        (await held.Case.NowAsync()).Release.Should().Be("held");
        (await free.Case.NowAsync()).Release.Should().Be("shut");
        (await house.LedgerAsync(held.Case.Id)).Should().NotContain(e => e.Step == "L3", "it is not even tried");
    }

    [Fact]
    public async Task A_frozen_case_takes_the_change_too_so_that_nobody_learns_that_it_is_frozen()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed + "I9");
        (await story.Case.NowAsync()).Access.Should().Be("frozen");
        (await ChangeAsync(story, "in person only")).Refusal.Should().BeNull();
    }

    [Theory]
    [InlineData("O1 O6 O7 E1 E3 ")]
    [InlineData(Signed)]
    [InlineData(Signed + "L4 ")]
    [InlineData(Signed + "U9 ")]
    [InlineData(Signed + "I9 ")]
    public async Task The_responsible_doctor_is_told_that_the_wish_changed_wherever_the_duty_stands_and_nobody_else_is(
        string path
    )
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(path);
        (await ChangeAsync(story, "in person only")).Refusal.Should().BeNull();
        await house.FireAsync();
        (await house.NoticesAsync(story.Case.Id))
            .Where(n => n.Kind == "election changed")
            .Select(n => n.Role + n.PersonId)
            .Should()
            .BeEquivalentTo("rita");
    }

    private static Task<StepOutcome> ChangeAsync(Story story, string wish, Actor? actor = null) =>
        story.Case.TakeAsync(
            "L16",
            a =>
                a with
                {
                    Actor = actor ?? People.Jane,
                    Evidence = new JsonObject { ["releaseElection"] = wish },
                }
        );
}
