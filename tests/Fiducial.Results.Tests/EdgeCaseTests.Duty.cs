using System.Text.Json.Nodes;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Duty;
using Fiducial.Results.Reports;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Tests;

/// <summary>The edge cases that turn on the doctor: on leave, gone, silent, not responsible, not reachable.</summary>
public sealed partial class EdgeCaseTests
{
    private const string Verified = "O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 ";

    [Fact]
    public async Task G07_Doctor_on_leave_the_cover_who_accepted_gets_duty_and_report_and_nobody_calls_the_patient()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.AcceptAsync(People.Rita, People.Cove, exam: null);
        (await new Story(house).Case.TakeAsync("O1", With("criticalContact", "")))
            .Refusal.Should()
            .Contain("critical findings");
        await story.WalkAsync(Signed);
        var exam = await story.Case.NowAsync();
        (exam.Duty, exam.HolderId, exam.DeliveredVersion).Should().Be(("owed", "cove", 1));
        (await story.Case.TakeAsync("U2", People.Rita)).Refusal.Should().Contain("Another doctor");
        await story.WalkAsync("U2");
        (await house.NoticesAsync(exam.Id)).Should().NotContain(n => n.Role == "PAT" && n.Kind != "appointment");
    }

    [Fact]
    public async Task G08_Doctor_left_practice_open_duties_go_to_the_successor_or_the_director_and_the_licence_stops_every_step()
    {
        await using var house = await House.OpenAsync();
        var (open, later) = (new Story(house), new Story(house));
        await open.WalkAsync(Signed + "U2 U9");
        await later.WalkAsync(Verified + "R2 R4");
        await house.EndLicenceAsync("rita");
        (await open.Case.TakeAsync("L2", People.Rita)).Refusal.Should().Contain("licence is not active: CPSA 1 ended");
        (await open.Case.TakeAsync("U10", People.Rita)).Refusal.Should().Contain("licence");
        await house.DrainAsync();
        var exam = await open.Case.NowAsync();
        (exam.Duty, exam.HolderId, exam.DeliveredVersion).Should().Be(("owed", "mira", 1));
        await later.WalkAsync("R6 drain");
        (await later.Case.NowAsync()).HolderId.Should().Be("mira");
        await open.WalkAsync("U2 U9 L2 U11");
    }

    [Fact]
    public async Task G08_A_successor_who_has_agreed_takes_duties_and_what_was_on_its_way_once()
    {
        await using var house = await House.OpenAsync();
        await house.AddAsync(
            new Successor
            {
                DoctorId = "rita",
                CustodianId = "otto",
                Agreement = "agreement 7",
                NamedAt = house.Clock.GetUtcNow(),
            }
        );
        var (open, underWay, unsigned) = (new Story(house), new Story(house), new Story(house));
        await open.WalkAsync(Signed + "U2 U9");
        await underWay.WalkAsync(Verified + "R2 R4 R6 U1 D1 D2");
        await unsigned.WalkAsync(Verified + "R2 R4");
        await house.EndLicenceAsync("rita");
        await house.DrainAsync();
        (await open.Case.NowAsync()).HolderId.Should().Be("otto");
        var moved = await underWay.Case.NowAsync();
        (moved.HolderId, moved.Delivery, moved.DeliveredVersion).Should().Be(("otto", "received", 1));
        await unsigned.WalkAsync("R6 drain");
        (await unsigned.Case.NowAsync()).HolderId.Should().Be("otto");
        // The message that comes twice finds its work done.
        await house.EndLicenceAsync("rita");
        await house.DrainAsync();
        (await house.LedgerAsync(open.Case.Id)).Count(e => e.Step == "U3").Should().Be(1);
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G09_No_response_reminds_twice_then_climbs_and_the_patient_gets_a_neutral_notice_and_it_never_closes_itself()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed);
        var seen = new List<string>();
        for (var day = 1; day <= 12; day++)
        {
            await house.PassBusinessDaysAsync(1);
            var exam = await story.Case.NowAsync();
            exam.Duty.Should().NotBe("closed");
            foreach (var notice in await house.NoticesAsync(exam.Id))
            {
                var line = $"{notice.Kind} to {notice.Role}{notice.PersonId}";
                if (!seen.Exists(s => s.EndsWith(line, StringComparison.Ordinal)))
                {
                    seen.Add($"{day}: {line}");
                }
            }
            if (day is 3)
            {
                // INV1: the director holds it while nobody answers; who did not answer keeps reading.
                (exam.Duty, exam.HolderId)
                    .Should()
                    .Be(("escalated", "mira"));
                (await MayAsync(house, story, People.Rita, DataClass.C3f)).Should().BeTrue();
            }
            exam.Release.Should().Be(day < 10 ? "shut" : "noticed");
        }
        seen.Should()
            .Contain("1: reminder 1 to rita")
            .And.Contain("2: reminder 2 to rita")
            .And.Contain("3: telephone to CRD")
            .And.Contain("5: director to MDR");
        (await MayAsync(house, story, People.Jane, DataClass.C3f)).Should().BeFalse();
        (await story.Case.TakeAsync("U7", People.Rita)).Refusal.Should().BeNull();
        (await story.Case.NowAsync()).HolderId.Should().Be("rita");
    }

    [Fact]
    public async Task G10_Not_my_patient_the_director_holds_it_until_another_accepts_and_a_wrong_address_is_a_breach()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed + "U4");
        (await story.Case.NowAsync()).HolderId.Should().Be("mira");
        (await story.Case.TakeAsync("U5", With("holderId", "otto"))).Refusal.Should().Contain("not accepted");
        await story.AcceptAsync(People.Mira, People.Otto, story.Case.Id);
        (await story.Case.TakeAsync("U5", With("holderId", "otto"))).Refusal.Should().BeNull();
        await house.DrainAsync();
        var exam = await story.Case.NowAsync();
        (exam.HolderId, exam.DeliveredVersion).Should().Be(("otto", 1));
        await story.WalkAsync("D6");
        await house.FireAsync();
        (await house.NoticesAsync(exam.Id)).Should().Contain(n => n.Kind == "breach" && n.Role == "PRV");
    }

    [Fact]
    public async Task G11_A_copy_to_a_second_doctor_comes_after_the_holders_and_carries_no_duty()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.TakeAsync("O1", "copyTo", new JsonArray("cody"));
        await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain");
        (await house.LedgerAsync(story.Case.Id))
            .Where(e => e.Taken && e.Step == "D3")
            .Select(e => e.Said("recipientId"))
            .Should()
            .Equal("rita", "cody");
        (await story.Case.NowAsync()).HolderId.Should().Be("rita");
        (await MayAsync(house, story, People.Cody, DataClass.C3f)).Should().BeTrue();
        (await MayAsync(house, story, People.Cody, DataClass.DUTY)).Should().BeFalse();
        (await story.Case.TakeAsync("U2", People.Cody)).Refusal.Should().Contain("CCD may not");
        // INV8 asked directly: a copy before the holder's is refused.
        var other = new Story(house);
        await other.TakeAsync("O1", "copyTo", new JsonArray("cody"));
        await other.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 U1");
        (await other.Case.TakeAsync("D1", With("recipientId", "cody"))).Refusal.Should().Contain("holder of the duty");
    }

    [Fact]
    public async Task G12_Without_a_family_doctor_the_walk_in_doctor_holds_the_duty_and_else_the_director()
    {
        await using var house = await House.OpenAsync();
        var (walkIn, nobody) = (new Story(house), new Story(house));
        (
            await walkIn.Case.TakeAsync(
                "O1",
                a =>
                    With("responsibleDoctorId", "otto", "relationshipBasis", "walk-in visit")(
                        a with
                        {
                            Actor = People.Otto,
                        }
                    )
            )
        )
            .Refusal.Should()
            .BeNull();
        await walkIn.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain");
        (await walkIn.Case.NowAsync()).HolderId.Should().Be("otto");
        // A documented transfer: the family doctor found later accepts.
        await walkIn.AcceptAsync(People.Otto, People.Cove, walkIn.Case.Id);
        await walkIn.WalkAsync("U3");
        (await MayAsync(house, walkIn, People.Otto, DataClass.C3f)).Should().BeTrue();

        await nobody.TakeAsync("O1", "responsibleDoctorId", "doctor-unknown");
        await nobody.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain");
        (await nobody.Case.NowAsync()).HolderId.Should().Be("mira");
    }

    [Fact]
    public async Task G13_Self_referred_screening_has_a_doctor_or_the_director_before_it_is_booked()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        (await story.Case.TakeAsync("O2", With("responsibleDoctorId", ""))).Refusal.Should().Contain("director accept");
        (await story.Case.TakeAsync("O2", With("responsibleDoctorId", "", "acceptedByDirector", "mira")))
            .Refusal.Should()
            .BeNull();
        (await new Story(house).Case.TakeAsync("O2", People.Stranger)).Refusal.Should().Contain("not yours");
        (await new Story(house).Case.TakeAsync("O2", People.Jane)).Refusal.Should().BeNull();
        await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3");
        (await story.Case.TakeAsync("E5", With("exceptions", ""))).Refusal.Should().NotBeNull();
        (await story.Case.NowAsync()).ProtocolCode.Should().Be("MG-GENERAL");
    }

    [Fact]
    public async Task G13_Where_a_law_opens_the_report_the_radiologist_signs_a_letter_to_the_patient_with_it()
    {
        foreach (
            var (policy, letter, refused) in new[]
            {
                ("us+us-mqsa", "", true),
                ("us+us-mqsa", "All is well.", false),
                ("us", "", false),
            }
        )
        {
            await using var house = await House.OpenAsync(policy);
            var story = new Story(house);
            await story.TakeAsync("O2", "releaseElection", "as soon as it is signed");
            await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3");
            await story.TakeAsync("E5", "exceptions", new JsonObject { ["ANY"] = "view not named" });
            await story.WalkAsync("I6 R2");
            await story.TakeAsync("R4", "letter", letter);
            var signed = await story.Case.TakeAsync("R6", With("marker", "none"));
            if (refused)
            {
                signed.Refusal.Should().Contain("Write the letter to the patient in plain words");
                continue;
            }
            signed.Refusal.Should().BeNull();
            var version = await house.QueryAsync(db => db.Set<ReportVersion>().SingleAsync());
            version.Sections.LetterToPatient.Should().Be(letter);
            (await house.FaultsAsync()).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task G09_Who_is_late_a_second_time_may_still_answer_and_each_doctor_who_held_it_is_named_once()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Verified + "R2 R4 R6 drain");
        await house.PassBusinessDaysAsync(3);
        (await story.Case.NowAsync()).Duty.Should().Be("escalated");
        (await story.Case.TakeAsync("U7", People.Rita)).Refusal.Should().BeNull();
        await story.WalkAsync("R8 rewrite R9 drain");
        await house.PassBusinessDaysAsync(3);
        var again = await story.Case.NowAsync();
        (again.Duty, again.HolderId, again.FormerHolderIds).Should().Be(("escalated", "mira", "rita "));
        (await story.Case.TakeAsync("U7", People.Rita)).Refusal.Should().BeNull();
        var held = await story.Case.NowAsync();
        (held.HolderId, held.FormerHolderIds).Should().Be(("rita", "mira "));
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G25_Outage_of_a_doctors_record_the_queue_fails_visibly_the_promise_runs_on_and_a_fax_needs_a_tried_number()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Verified + "R2 R4 R6 U1 D1 D2");
        (await story.Case.TakeAsync("D4", Nothing)).Refusal.Should().Contain("still has time");
        await house.PassAsync(TimeSpan.FromMinutes(15));
        (await story.Case.NowAsync()).Delivery.Should().Be("failed");
        await house.FireAsync();
        await house.PassAsync(TimeSpan.FromHours(4));
        (await house.NoticesAsync(story.Case.Id))
            .Select(n => n.Kind)
            .Should()
            .Contain(["delivery failed", "deliver by phone"]);
        await house.PassBusinessDaysAsync(1);
        (await house.NoticesAsync(story.Case.Id)).Should().Contain(n => n.Kind == "promise target" && n.Role == "CRD");
        await house.PassBusinessDaysAsync(1);
        var notices = await house.NoticesAsync(story.Case.Id);
        notices.Should().Contain(n => n.Kind == "promise limit" && n.Role == "MDR");
        notices.Should().Contain(n => n.Kind == "late" && n.Role == "PAT");
        await story.WalkAsync("D5");
        (await story.Case.TakeAsync("D2", With("channel", "fax"))).Refusal.Should().Contain("tried without content");
        (await story.Case.TakeAsync("D2", With("channel", "fax", "numberVerified", true)))
            .Refusal.Should()
            .Contain("name the patient");
        (await story.Case.TakeAsync("D2", With("channel", "fax", "numberVerified", true, "coverWithoutPatient", true)))
            .Refusal.Should()
            .BeNull();
        await story.WalkAsync("D3");
    }

    private static Attempt Nothing(Attempt a) => a with { Evidence = [] };
}
