using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Timers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results.Tests;

/// <summary>Timers are rows: they come and go with the steps, outlive the process, and fire once.</summary>
public sealed class TimerTests
{
    private const string Owed = "O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 U1 ";

    /// <summary>What the law calls a timer and is none: words about the decision, or the rows that U1 starts.</summary>
    private static readonly string[] NotTimers = ["U6", "L13"];

    [Fact]
    public void Every_timer_that_the_law_names_has_a_rule_and_every_rule_a_step_of_the_law()
    {
        var started = TimerTable.All.SelectMany(t => t.Starts).ToHashSet(StringComparer.Ordinal);
        TransitionTable
            .All.Where(t => t.Timer is not "-" && !NotTimers.Contains(t.Id))
            .Select(t => t.Id)
            .Should()
            .OnlyContain(id => started.Contains(id));
        foreach (var rule in TimerTable.All)
        {
            rule.Starts.Concat(rule.Ends).Should().OnlyContain(s => TransitionTable.Find(s) != null, rule.Name);
            (rule.IsNotice ? rule.To.Count > 0 : TransitionTable.Find(rule.Fires)!.Who.Contains(Role.SYS))
                .Should()
                .BeTrue(rule.Name);
        }
    }

    [Theory]
    [InlineData("O1 O6 O7 E1 E3 I1 I3 I3 expect:3", "15m", "I4")]
    [InlineData("O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 R2", "60m", "R3")]
    [InlineData(Owed + "D1 D2", "15m", "D4")]
    [InlineData(Owed, "3bd", "U6")]
    [InlineData(Owed + "raise:3", "2bd", "U6")]
    [InlineData(Owed, "10bd", "L1")]
    [InlineData(Owed + "L4", "72h", "L5")]
    [InlineData(Owed + "A1 A2", "60m", "A4")]
    [InlineData(Owed + "raise:2 A2", "180m", "A4")]
    [InlineData(Owed + "raise:3 A2", "5bd", "A4")]
    [InlineData("O1 O6 O7 E1 E3 N1", "20m", "N4")]
    [InlineData(Owed + "B1", "4h", "B2")]
    [InlineData(Owed + "U2 U9 L2 R8 rewrite R9", "2bd", "L3")]
    [InlineData(Owed + "R10", "60m", "R11")]
    [InlineData(Owed + "F1 F2", "2592h", "F5")] // 90 days and a fifth
    public async Task A_step_that_waits_is_taken_when_it_is_due_and_not_before(string path, string after, string step)
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(path);
        var now = house.Clock.GetUtcNow();
        var due = after.EndsWith("bd", StringComparison.Ordinal)
            ? house.Calendar.CloseAfter(now, int.Parse(after[..^2], null))
            : now
                + (after.EndsWith('m') ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1))
                    * int.Parse(after[..^1], null);
        house.Clock.Advance(due - now - TimeSpan.FromSeconds(1));
        await house.FireAsync();
        (await TakenAsync(house, story, step)).Should().Be(0);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        await house.FireAsync();
        (await TakenAsync(house, story, step)).Should().Be(1);
        await house.FireAsync();
        (await TakenAsync(house, story, step)).Should().Be(1);
    }

    [Fact]
    public async Task A_step_that_comes_in_time_ends_what_waited_for_it()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Owed + "U2");
        await house.PassBusinessDaysAsync(4);
        (await TakenAsync(house, story, "U6")).Should().Be(0);
        (await house.NoticesAsync(story.Case.Id)).Should().NotContain(n => n.Kind.StartsWith("reminder"));
    }

    [Fact]
    public async Task A_step_whose_content_cannot_be_written_starts_no_timer()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3");
        var failing = new StepRequest(story.Case.Id, "N1", People.Tessa, [])
        {
            Within = (_, _) => throw new IOException("The disk is full."),
        };
        var take = () => house.WithAsync(s => s.GetRequiredService<PathwayEngine>().TakeAsync(failing));
        await take.Should().ThrowAsync<IOException>();
        (await house.QueryAsync(db => db.Set<StepTimer>().CountAsync(t => t.StartedBy == "N1"))).Should().Be(0);
        (await story.Case.NowAsync()).Concern.Should().Be("none");
    }

    [Fact]
    public async Task What_was_due_while_the_server_was_down_fires_once_after_it()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Owed);
        house.Clock.Advance(TimeSpan.FromDays(30));
        await using var restarted = house.Another();
        await restarted.FireAsync();
        await house.FireAsync();
        (await TakenAsync(house, story, "U6")).Should().Be(1);
        (await TakenAsync(house, story, "L1")).Should().Be(1);
        (await house.NoticesAsync(story.Case.Id))
            .Should()
            .OnlyHaveUniqueItems(n => $"{n.TimerId} {n.Role} {n.PersonId}");
    }

    [Fact]
    public async Task A_timer_that_a_dying_process_had_taken_is_fired_by_the_next_one()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 N1");
        house.Clock.Advance(TimeSpan.FromMinutes(20));
        // As if a process had taken every timer that is due and died before it fired.
        var until = house.Clock.GetUtcNow().AddMinutes(2);
        await house.QueryAsync(db =>
            db.Set<StepTimer>().ExecuteUpdateAsync(s => s.SetProperty(t => t.LeasedUntil, until))
        );
        (await house.FireAsync()).Should().Be(0);
        house.Clock.Advance(TimeSpan.FromMinutes(3));
        await house.FireAsync();
        (await TakenAsync(house, story, "N4")).Should().Be(1);
    }

    [Fact]
    public async Task A_release_that_an_addendum_holds_up_is_tried_again_until_it_can_be_taken()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Owed + "U2 U9 L2 R8 rewrite R9 R8");
        await house.PassBusinessDaysAsync(2);
        (await story.Case.NowAsync()).Release.Should().Be("shut");
        await story.WalkAsync("R12");
        await house.PassAsync(TimeSpan.FromMinutes(16));
        (await story.Case.NowAsync()).Release.Should().Be("released");
    }

    [Fact]
    public async Task A_law_that_falls_due_within_a_hold_opens_the_result_on_its_day_and_does_not_wait_for_the_end_of_the_hold()
    {
        await using var house = await House.OpenAsync("us+us-mqsa");
        var (due, benign) = (new Story(house), new Story(house));
        foreach (var (story, marker) in new[] { (due, "likely malignancy"), (benign, "none") })
        {
            var asked = await story.Case.TakeAsync(
                "O2",
                a =>
                {
                    (a.Evidence["releaseElection"], a.Evidence["releaseElectionUntil"]) = (
                        "my doctor first",
                        "2027-06-01"
                    );
                    return a;
                }
            );
            asked.Refusal.Should().BeNull();
            await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3");
            await story.TakeAsync("E5", "exceptions", new JsonObject { ["ANY"] = "view not named" });
            await story.WalkAsync("I6 R2 R4");
            await story.TakeAsync("R6", "marker", marker);
            await story.WalkAsync("drain");
            var expires = house.Calendar.CloseAfter(house.Clock.GetUtcNow(), 9);
            var held = await story.Case.TakeAsync(
                "L4",
                a =>
                {
                    (a.Evidence["expires"], a.Evidence["standard"]) = (
                        expires.ToString("O"),
                        "risk of harm to life or physical safety (45 CFR 171.201), determined for this patient"
                    );
                    return a;
                }
            );
            held.Refusal.Should().BeNull();
            (await story.Case.NowAsync()).Release.Should().Be("held");
        }
        await house.PassAsync(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        (await due.Case.NowAsync()).Release.Should().Be("held");
        await house.PassAsync(TimeSpan.FromMinutes(2));
        (await due.Case.NowAsync()).Release.Should().Be("released");
        (await house.LedgerAsync(due.Case.Id))
            .Last(e => e is { Step: "L3", Taken: true })
            .Said("rule")
            .Should()
            .Be("mqsa-7d");
        (await benign.Case.NowAsync()).Release.Should().Be("held", "its law gives thirty days");
        (await house.LedgerAsync(benign.Case.Id)).Should().NotContain(e => e.Step == "L3");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    private static async Task<int> TakenAsync(House house, Story story, string step) =>
        (await house.LedgerAsync(story.Case.Id)).Count(e => e.Taken && e.Step == step);
}
