using System.Globalization;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway.Tests;

/// <summary>Every row of <c>transitions.tsv</c>, tried with nothing in hand by everyone who may take it, from every state where it starts.</summary>
public sealed class EmptyHandedTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_step_of_the_table_is_refused_to_who_brings_nothing_unless_the_law_asks_for_nothing()
    {
        // A clinic of its own: the exam's row is put into each state by hand, which verification would find.
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Referred);
        var watched = clinic.Services.GetServices<IGuard>().Select(g => g.Transition).ToHashSet(StringComparer.Ordinal);
        watched.Except(TransitionTable.All.Select(t => t.Id)).Should().BeEmpty("a guard watches a step that exists");
        var (refused, free) = (0, 0);
        foreach (var transition in TransitionTable.All)
        {
            foreach (var (role, state) in transition.Who.SelectMany(_ => transition.From, (r, s) => (r, s)))
            {
                var refusal = await TryAsync(clinic, exam, transition, role, state);
                // Nobody's patient; and an image that comes to an incomplete set brings itself.
                var isStranger = role is Role.PAT or Role.PRX or Role.APP;
                if (!isStranger && (!transition.HasGuard || (transition.Id, state) is ("I5", "incomplete")))
                {
                    free++;
                    refusal.Should().BeNull($"{transition.Id} asks for nothing");
                }
                else
                {
                    refused++;
                    refusal.Should().NotBeNullOrEmpty($"{transition.Id} from {state} was tried with nothing in hand");
                    refusal.Should().NotContain("not built yet");
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
                $"{TransitionTable.All.Count} transitions, by role and state {refused} refused by a guard, {free} taken because the law asks for nothing"
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
