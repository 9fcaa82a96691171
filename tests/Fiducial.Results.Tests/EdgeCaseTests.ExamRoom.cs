using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Tests;

/// <summary>The edge cases in the exam room: an emergency that a technologist sees, a patient who asks, a transfer that fails.</summary>
public sealed partial class EdgeCaseTests
{
    [Fact]
    public async Task G16_A_technologist_sees_an_emergency_asks_without_a_word_and_hears_one_of_five_instructions()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 E5 I6");
        (await story.Case.TakeAsync("N1", With("why", "looks like a pneumothorax")))
            .Refusal.Should()
            .Contain("no words");
        (await story.Case.TakeAsync("N1", People.Theo)).Refusal.Should().Contain("that you are doing");
        await story.WalkAsync("N1");
        (await house.LedgerAsync(story.Case.Id)).Last(e => e.Taken).Evidence.Should().Be("{}");
        await house.FireAsync();
        (await story.Case.TakeAsync("E10")).Refusal.Should().Contain("wait for the instruction");
        await story.WalkAsync("N2");
        (await story.Case.TakeAsync("N3", With("because", "pneumothorax"))).Refusal.Should().Contain("nothing else");
        await story.WalkAsync("N3 R2 R4");
        await story.TakeAsync("R6", "alertCategory", "1");
        await house.DrainAsync();
        await story.WalkAsync("A2 A3 E10");
        (await story.Case.NowAsync()).Alert.Should().Be("satisfied");
        (await house.NoticesAsync(story.Case.Id))
            .Should()
            .OnlyContain(n => n.Role != "TECH" && n.Role != "CLK" && n.Role != "CRD")
            .And.Contain(n => n.Kind == "look now" && n.Role == "RAD");
        (await MayAsync(house, story, People.Tessa, DataClass.C4)).Should().BeFalse();
    }

    [Fact]
    public async Task G16_Nobody_looks_for_ten_and_ten_minutes_and_the_emergency_plan_begins()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 N1");
        await house.PassAsync(TimeSpan.FromMinutes(10));
        (await house.NoticesAsync(story.Case.Id))
            .Should()
            .Contain(n => n.Kind == "look now, director" && n.Role == "MDR");
        (await story.Case.NowAsync()).Concern.Should().Be("raised");
        await house.PassAsync(TimeSpan.FromMinutes(10));
        (await story.Case.NowAsync()).Concern.Should().Be("handed_over");
        (await house.LedgerAsync(story.Case.Id)).Last(e => e.Taken).Said("plan").Should().Contain("emergency services");
    }

    [Fact]
    public async Task G17_A_patient_who_presses_the_technologist_gets_a_card_and_the_card_is_logged_by_its_number_alone()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 E5 I6");
        (await story.Case.TakeAsync("E10", With("departureCard", ""))).Refusal.Should().Contain("departure card");
        await story.WalkAsync("E10");
        (await house.LedgerAsync(story.Case.Id)).Last(e => e.Taken).Said("departureCard").Should().Be("card 7");
        // No step with which a technologist could say or write what the images show.
        TransitionTable
            .All.Where(t => t.Who.Contains(Role.TECH))
            .Should()
            .OnlyContain(t => t.Region == Region.Exam || t.Region == Region.Images || t.Region == Region.Concern);
    }

    [Fact]
    public async Task G22_A_partial_transfer_keeps_the_patient_and_climbs_to_the_director_within_the_hour()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 expect:3");
        await house.PassAsync(TimeSpan.FromMinutes(16));
        (await story.Case.NowAsync()).Images.Should().Be("incomplete");
        await house.FireAsync();
        (await story.Case.TakeAsync("E10")).Refusal.Should().Contain("stays until they are safe");
        await house.PassAsync(TimeSpan.FromHours(1));
        (await house.NoticesAsync(story.Case.Id))
            .Select(n => $"{n.Kind} {n.Role}")
            .Should()
            .Contain(["images missing TECH", "images missing CRD", "images still missing MDR"]);
        await story.WalkAsync("I5 I3 I6 E10");
        // A radiologist who has looked may let the patient go without: INV12 knows no other way.
        var waived = new Story(house);
        await waived.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 expect:3 N1 N2");
        (await waived.Case.TakeAsync("N3", With("waiveImages", true))).Refusal.Should().Contain("may depart");
        (await waived.Case.TakeAsync("N3", With("instruction", "may depart", "waiveImages", true)))
            .Refusal.Should()
            .BeNull();
        await waived.WalkAsync("E10");
        (await house.LedgerAsync(waived.Case.Id)).Last(e => e.Taken).Said("waiverBy").Should().Be("rado");
    }
}
