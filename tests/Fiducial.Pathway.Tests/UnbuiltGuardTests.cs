using System.Globalization;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway.Tests;

/// <summary>Every row of <c>transitions.tsv</c>, tried with nothing in hand by everyone who may take it, from every state where it starts.</summary>
public sealed class UnbuiltGuardTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_step_of_the_table_is_refused_by_its_guard_and_a_guard_that_is_not_built_says_so()
    {
        // A clinic of its own: the exam's row is put into each state by hand, which verification would find.
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Referred);
        var watched = clinic.Services.GetServices<IGuard>().Select(g => g.Transition).ToHashSet(StringComparer.Ordinal);
        watched.Except(TransitionTable.All.Select(t => t.Id)).Should().BeEmpty("a guard watches a step that exists");
        var (built, unbuilt, free) = (0, 0, 0);
        foreach (var transition in TransitionTable.All)
        {
            foreach (var (role, state) in transition.Who.SelectMany(_ => transition.From, (r, s) => (r, s)))
            {
                var refusal = await TryAsync(clinic, exam, transition, role, state);
                if (!transition.HasGuard)
                {
                    free++;
                    refusal.Should().BeNull($"{transition.Id} has no guard");
                }
                else if (watched.Contains(transition.Id))
                {
                    built++;
                    refusal.Should().NotBeNullOrEmpty($"{transition.Id} was tried with nothing in hand");
                    refusal.Should().NotContain("not built yet");
                }
                else
                {
                    unbuilt++;
                    refusal.Should().Contain("not built yet").And.Contain($"step {transition.Id} ");
                }
            }
            var stranger = Enum.GetValues<Role>().First(r => !transition.Who.Contains(r));
            (await TryAsync(clinic, exam, transition, stranger, transition.From.First()))
                .Should()
                .Be($"The role {stranger} may not take the step '{transition.Event}'.");
        }
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{TransitionTable.All.Count} transitions, {watched.Count} of them with a guard that is built; by role and state {built} refused by a guard, {unbuilt} because it is not built, {free} taken because there is none"
            )
        );
    }

    private static async Task<string?> TryAsync(
        ClinicInABox clinic,
        Guid exam,
        Transition transition,
        Role role,
        string state
    )
    {
        await clinic.InDatabaseAsync(db =>
            db.Set<ExamRecord>()
                .Where(e => e.Id == exam)
                .ExecuteUpdateAsync(s =>
                {
                    foreach (var region in Enum.GetValues<Region>())
                    {
                        var stand = region == transition.Region ? state : Regions.Initial(region);
                        s.SetProperty(e => EF.Property<string>(e, region.ToString()), stand);
                    }
                })
        );
        var actor = new Actor
        {
            Id = "someone",
            Name = "Someone",
            Role = role,
        };
        var outcome = await clinic.WithAsync(s =>
            s.GetRequiredService<PathwayEngine>().TakeAsync(new StepRequest(exam, transition.Id, actor, []))
        );
        outcome.Entry!.Taken.Should().Be(outcome.Refusal is null);
        outcome.Entry.Reason.Should().Be(outcome.Refusal ?? "");
        return outcome.Refusal;
    }
}
