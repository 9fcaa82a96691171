using Fiducial.Pathway.Timers;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Tests;

/// <summary>Two server processes on one PostgreSQL: each has its own services, connections and locks, as two programs have.</summary>
public sealed class ManyServersTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Timers_fire_once_when_several_servers_fire_at_the_same_time()
    {
        await using var house = await House.OnPostgresAsync();
        await using var second = house.Another();
        await using var third = house.Another();
        var stories = Enumerable.Range(0, 6).Select(_ => new Story(house)).ToList();
        foreach (var story in stories)
        {
            await story.WalkAsync("O1 O6 O7 E1 E3 N1");
        }
        house.Clock.Advance(TimeSpan.FromMinutes(20));
        await Task.WhenAll(((House[])[house, second, third, house, second, third]).Select(h => Task.Run(h.FireAsync)));
        foreach (var story in stories)
        {
            (await house.LedgerAsync(story.Case.Id)).Count(e => e.Taken && e.Step == "N4").Should().Be(1);
            var notices = await house.NoticesAsync(story.Case.Id);
            notices.Should().ContainSingle(n => n.Kind == "look now, director");
            notices.Should().OnlyHaveUniqueItems(n => $"{n.TimerId} {n.Role} {n.PersonId}");
        }
        (await house.FaultsAsync()).Should().BeEmpty();
        output.WriteLine($"timers fired by three servers: {await FiredAsync(house)}, none twice");
    }

    [Fact]
    public async Task Of_readers_on_two_servers_one_claims_and_one_signs_and_no_ledger_forks()
    {
        await using var house = await House.OnPostgresAsync();
        await using var second = house.Another();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 E5 I6");
        var elsewhere = new Case(second, story.Case.Id);
        // More when asked for: FIDUCIAL_ATTEMPTS=5000 for each of the two races.
        var each = int.TryParse(Environment.GetEnvironmentVariable("FIDUCIAL_ATTEMPTS"), out var n) ? n : 60;
        async Task<int> RaceAsync(string step)
        {
            var taken = 0;
            await Parallel.ForEachAsync(
                Enumerable.Range(0, each),
                new ParallelOptions { MaxDegreeOfParallelism = 32 },
                async (i, _) =>
                {
                    var server = i % 2 == 0 ? story.Case : elsewhere;
                    if ((await server.TakeAsync(step, i % 4 < 2 ? People.Rado : People.Ravi)).Taken)
                    {
                        Interlocked.Increment(ref taken);
                    }
                }
            );
            return taken;
        }
        (await RaceAsync("R2")).Should().Be(1);
        var reader = (await story.Case.NowAsync()).ReaderId is "rado" ? People.Rado : People.Ravi;
        (await story.Case.TakeAsync("R4", reader)).Refusal.Should().BeNull();
        (await RaceAsync("R6")).Should().Be(1);
        (await story.Case.NowAsync()).ReportVersion.Should().Be(1);
        var ledger = await house.LedgerAsync(story.Case.Id);
        ledger.Select(e => e.Sequence).Should().Equal(Enumerable.Range(1, ledger.Count));
        (await house.FaultsAsync()).Should().BeEmpty();
        output.WriteLine($"concurrent attempts on two servers: {2 * each}, ledger entries {ledger.Count}, forks 0");
    }

    private static Task<int> FiredAsync(House house) =>
        house.QueryAsync(db => db.Set<StepTimer>().CountAsync(t => t.Fired));
}
