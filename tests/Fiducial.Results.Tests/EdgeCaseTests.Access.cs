using Fiducial.Pathway;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Merging;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results.Tests;

/// <summary>The edge cases that turn on who may see: identity, merges, rights of access, emergencies, minors, masks, deletion.</summary>
public sealed partial class EdgeCaseTests
{
    [Fact]
    public async Task G03_Orphan_images_are_quarantined_seen_by_readers_alone_and_never_attached_on_a_name()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("I2");
        (await story.Case.NowAsync()).Phase.Should().Be(Phase.X);
        (await MayAsync(house, story, People.Rado, DataClass.C2f)).Should().BeTrue();
        (await MayAsync(house, story, People.Tessa, DataClass.C2p)).Should().BeFalse();
        (await MayAsync(house, story, People.Rita, DataClass.C2f)).Should().BeFalse();
        await house.PassAsync(TimeSpan.FromHours(4));
        await house.PassBusinessDaysAsync(1);
        (await house.NoticesAsync(story.Case.Id))
            .Select(n => $"{n.Kind} {n.Role}")
            .Should()
            .Contain(["unmatched but urgent RAD", "quarantine CRD", "unmatched unread MDR"]);
        (await story.Case.TakeAsync("I7")).Refusal.Should().Contain("retrospective order");
        await story.WalkAsync("O1");
        (await story.Case.TakeAsync("I7", ToPatient(""))).Refusal.Should().Contain("a name alone");
        await story.WalkAsync("I7");
        (await story.Case.NowAsync()).Images.Should().Be("receiving");
    }

    [Fact]
    public async Task G04_An_order_is_cancelled_before_stopped_during_and_not_cancelled_after_the_exam()
    {
        await using var house = await House.OpenAsync();
        var (before, during, after) = (new Story(house), new Story(house), new Story(house));
        await before.WalkAsync("O1 O6 O7 O8");
        await house.FireAsync();
        (await house.NoticesAsync(before.Case.Id))
            .Should()
            .Contain(n => n.Kind == "order cancelled" && n.PersonId == "rita");
        // What was exposed is kept and read.
        await during.WalkAsync("O1 O6 O7 E1 E3 I1 I3 E6 I6");
        (await during.Case.NowAsync()).Report.Should().Be("unread");
        await during.WalkAsync("R2 R4 R6");
        await after.WalkAsync(Verified);
        (await after.Case.TakeAsync("O8")).Refusal.Should().Contain("stopped (E6)");
        await after.WalkAsync("R2 R4 R6 drain U4");
    }

    [Fact]
    public async Task G06_A_merge_needs_two_people_keeps_the_alias_and_can_be_undone_exam_by_exam()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed);
        Task<T> Use<T>(Func<MergePatients, Task<T>> use) =>
            house.WithAsync(s => use(s.GetRequiredService<MergePatients>()));
        Task<PatientRecord> PatientAsync(string id) =>
            house.QueryAsync(db => db.Set<PatientRecord>().AsNoTracking().FirstAsync(p => p.PatientId == id));

        var merge = await Use(m => m.StartAsync("P1", "P2", People.Cora));
        merge.Refusals.Should().BeEmpty();
        (await MayAsync(house, story, People.Rita, DataClass.C2f)).Should().BeFalse("the case is frozen");
        (await story.Case.TakeAsync("U2")).Refusal.Should().Contain("frozen");
        (await Use(m => m.FinishAsync(merge.MergeId, People.Priva, contentMoved: true))).Refusals.Should().BeEmpty();
        (await story.Case.NowAsync()).PatientId.Should().Be("P2");
        (await PatientAsync("P1")).MergedInto.Should().Be("P2");
        await house.FireAsync();
        (await house.NoticesAsync(story.Case.Id)).Should().Contain(n => n.Kind == "moved content" && n.Role == "PRV");

        var later = new Story(house);
        await later.TakeAsync("O1", "patientId", "P2");
        var undo = await Use(m => m.UndoAsync(merge.MergeId, People.Priva));
        undo.Refusals.Should().BeEmpty();
        (await Use(m => m.FinishAsync(undo.MergeId, People.Priva, false)))
            .Refusals.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("second person");
        (await Use(m => m.FinishAsync(undo.MergeId, People.Mira, false))).Refusals.Should().BeEmpty();
        (await story.Case.NowAsync()).PatientId.Should().Be("P1");
        (await later.Case.NowAsync()).PatientId.Should().Be("P2", "it came after the merge");
        (await PatientAsync("P1")).MergedInto.Should().BeEmpty();
        (await house.QueryAsync(db => db.Set<MergeEntry>().CountAsync())).Should().Be(2, "the journal keeps both");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G14_The_right_of_access_may_be_asked_at_any_time_has_its_clock_and_cannot_be_blocked_by_the_doctor()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Verified + "L7");
        await house.PassBusinessDaysAsync(5);
        await house.PassAsync(TimeSpan.FromDays(15));
        var notices = await house.NoticesAsync(story.Case.Id);
        notices.Should().Contain(n => n.Kind == "request triage" && n.Role == "PRV");
        notices.Should().Contain(n => n.Kind == "request unsigned" && n.Role == "MDR");
        // INV2: there is no report to release yet. The images alone are given by severance, and the patient may ask again.
        (await story.Case.TakeAsync("L8"))
            .Refusal.Should()
            .Contain("by severance (L9)");
        (await story.Case.TakeAsync("L9", With("ground", "record does not exist yet", "severance", "images given")))
            .Refusal.Should()
            .BeNull();
        await story.WalkAsync("R2 R4 R6 drain L15");
        (await story.Case.TakeAsync("L8", People.Rita)).Refusal.Should().Contain("REF may not");
        (
            await story.Case.TakeAsync(
                "L8",
                a => With("holderAnswer", "", "holderAskedAt", house.Clock.GetUtcNow().ToString("O"))(a)
            )
        )
            .Refusal.Should()
            .Contain("cannot block");
        var asked = house.Clock.GetUtcNow().ToString("O");
        await house.PassBusinessDaysAsync(2);
        (await story.Case.TakeAsync("L8", a => With("holderAnswer", "", "holderAskedAt", asked)(a)))
            .Refusal.Should()
            .BeNull();
        (await MayAsync(house, story, People.Jane, DataClass.C3f)).Should().BeTrue();
        (await OpenAsync(house, story))!.Note.Should().BeNull();
        await using var late = await House.OpenAsync();
        var open = new Story(late);
        await open.WalkAsync(Signed + "L7");
        await late.PassAsync(TimeSpan.FromDays(30));
        (await late.NoticesAsync(open.Case.Id)).Should().Contain(n => n.Kind == "request due" && n.Role == "PRV");
    }

    [Fact]
    public async Task G15_In_an_emergency_a_treating_doctor_breaks_the_glass_for_four_hours_and_everyone_concerned_is_told()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed);
        (await MayAsync(house, story, People.Otto, DataClass.C3f)).Should().BeFalse();
        foreach (var stranger in (Actor[])[People.Tessa, People.Clara, People.Cora, People.Priva, People.Jane])
        {
            (await story.Case.TakeAsync("B1", stranger)).Taken.Should().BeFalse();
        }
        await story.WalkAsync("B1");
        (await MayAsync(house, story, People.Otto, DataClass.C3f)).Should().BeTrue();
        (await MayAsync(house, story, People.Otto, DataClass.C2f)).Should().BeTrue();
        await house.FireAsync();
        (await house.NoticesAsync(story.Case.Id))
            .Where(n => n.Kind == "glass broken")
            .Select(n => n.Role + n.PersonId)
            .Should()
            .BeEquivalentTo(["PATP1", "rita"]);
        await house.PassAsync(TimeSpan.FromHours(4));
        (await story.Case.NowAsync()).Access.Should().Be("normal");
        (await MayAsync(house, story, People.Otto, DataClass.C3f)).Should().BeFalse();
        (await house.NoticesAsync(story.Case.Id)).Should().Contain(n => n.Kind == "glass review" && n.Role == "PRV");
        await house.PassBusinessDaysAsync(2);
        (await house.NoticesAsync(story.Case.Id))
            .Where(n => n.Kind == "glass review late")
            .Select(n => n.Role)
            .Should()
            .BeEquivalentTo("PRV", "MDR");
    }

    [Fact]
    public async Task G15_Each_emergency_access_is_reviewed_by_itself_and_what_was_not_justified_is_told()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed + "B1");
        await house.PassAsync(TimeSpan.FromHours(4));
        await story.WalkAsync("B1");
        var both = (await story.Case.NowAsync()).GlassToReview.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        both.Should().HaveCount(2);
        async Task<IEnumerable<string>> ToldAsync(string kind)
        {
            await house.FireAsync();
            return (await house.NoticesAsync(story.Case.Id))
                .Where(n => n.Kind == kind)
                .Select(n => n.Role + n.PersonId);
        }

        static Attempt Of(Attempt a, int glass)
        {
            a.Evidence["glass"] = glass;
            return a;
        }

        (await story.Case.TakeAsync("B8", People.Mira)).Refusal.Should().Contain("no such emergency access");
        (await story.Case.TakeAsync("B8", People.Otto)).Refusal.Should().Contain("REF may not");
        (await story.Case.TakeAsync("B8", a => Of(a, 1))).Refusal.Should().Contain("no such emergency access");
        (await story.Case.TakeAsync("B8", a => a with { Words = [] })).Refusal.Should().Contain("Write what you found");
        (await story.Case.TakeAsync("B8", With("outcome", "not justified"))).Refusal.Should().BeNull();
        (await ToldAsync("glass not justified")).Should().BeEquivalentTo("PATP1", "rita");
        (await story.Case.NowAsync()).GlassToReview.Should().Be($"{both[1]} ");

        // The second still has its clock, and the director judges what the officer leaves to her.
        (await story.Case.TakeAsync("B8", With("outcome", "referred to director")))
            .Refusal.Should()
            .BeNull();
        (await ToldAsync("glass for the director")).Should().BeEquivalentTo("MDR");
        Attempt Directors(Attempt a) => Of(a, int.Parse(both[1], null)) with { Actor = People.Mira };
        (await story.Case.TakeAsync("B8", a => With("outcome", "referred to director")(Directors(a))))
            .Refusal.Should()
            .Contain("what the review came to");
        (await story.Case.TakeAsync("B8", Directors)).Refusal.Should().BeNull();
        var done = await story.Case.NowAsync();
        (done.GlassToReview, done.GlassWithDirector).Should().Be(("", ""));
        await house.PassBusinessDaysAsync(3);
        (await ToldAsync("glass review late")).Should().BeEmpty("both were reviewed in time");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G20_A_clinician_from_whom_the_patient_hides_sees_nothing_until_the_glass_is_broken()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed);
        await house.AddAsync(
            new Mask
            {
                PatientId = "P1",
                PersonId = "ravi",
                From = new DateOnly(2026, 1, 1),
            }
        );
        (await MayAsync(house, story, People.Rado, DataClass.C3f)).Should().BeTrue();
        (await MayAsync(house, story, People.Ravi, DataClass.C3f)).Should().BeFalse();
        (await MayAsync(house, story, People.Ravi, DataClass.C0)).Should().BeFalse();
        (await story.Case.TakeAsync("B1", People.Ravi)).Refusal.Should().BeNull();
        (await MayAsync(house, story, People.Ravi, DataClass.C3f)).Should().BeTrue();
    }

    [Fact]
    public async Task G26_A_technologist_gets_nothing_of_a_friend_or_of_themselves_but_in_a_patients_session()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Released);
        var asPatientsName = People.Tessa with { Id = "jane" };
        foreach (var data in (DataClass[])[DataClass.C2f, DataClass.C3f, DataClass.C3h, DataClass.C4, DataClass.DUTY])
        {
            (await MayAsync(house, story, People.Tessa, data)).Should().BeFalse();
            (await MayAsync(house, story, asPatientsName, data)).Should().BeFalse();
        }
        (await story.Case.TakeAsync("L7", asPatientsName)).Refusal.Should().Contain("TECH may not");
        (await MayAsync(house, story, People.Jane, DataClass.C3f)).Should().BeTrue();
    }

    [Fact]
    public async Task G28_A_request_to_delete_meets_the_legal_hold_and_a_row_that_is_removed_is_found()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Verified + "I9");
        (await story.Case.TakeAsync("B6")).Refusal.Should().Contain("starts from normal");
        await story.WalkAsync("I7 I6 B7 B6 I9");
        (await story.Case.NowAsync()).LegalHold.Should().BeTrue();
        (await story.Case.TakeAsync("I8")).Refusal.Should().Contain("legal hold");
        await story.WalkAsync("I7 I6 B7");
        (await story.Case.TakeAsync("B9", People.Mira)).Refusal.Should().Contain("MDR may not");
        await story.WalkAsync("B9");
        (await story.Case.NowAsync()).LegalHold.Should().BeFalse();
        (await story.Case.TakeAsync("B9")).Refusal.Should().Contain("No legal hold stands");
        await story.WalkAsync("B6 I9");
        (await house.FaultsAsync()).Should().BeEmpty();
        await house.QueryAsync(db => db.Database.ExecuteSqlRawAsync("delete from ledger where \"Step\" = 'B6'"));
        (await house.FaultsAsync()).Should().NotBeEmpty();
    }
}
