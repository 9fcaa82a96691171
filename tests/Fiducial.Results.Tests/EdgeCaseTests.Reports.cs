using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Results.Release;
using Fiducial.Results.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results.Tests;

/// <summary>The edge cases of pathway 6.6 that turn on the report: corrections, withdrawal, residents, two readers.</summary>
public sealed partial class EdgeCaseTests
{
    private const string Signed = "O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain ";
    private const string Released = Signed + "U2 U9 L2 L11 ";

    [Fact]
    public async Task G01_Addendum_after_release_a_material_one_shuts_the_release_and_opens_the_duty_for_all_who_read_it()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Released);
        (await MayAsync(house, story, People.Jane, DataClass.C3f)).Should().BeTrue();

        await story.WalkAsync("R8 rewrite R9");
        var exam = await story.Case.NowAsync();
        (exam.Report, exam.Duty, exam.Release).Should().Be(("amended", "owed", "shut"));
        (await MayAsync(house, story, People.Jane, DataClass.C3f)).Should().BeFalse();
        (await OpenAsync(house, story)).Should().BeNull();

        await house.FireAsync();
        await house.DrainAsync();
        (await house.NoticesAsync(story.Case.Id))
            .Where(n => n.Kind == "corrected")
            .Select(n => n.PersonId)
            .Should()
            .BeEquivalentTo(["jane", "rita"]);
        exam = await story.Case.NowAsync();
        (exam.Alert, exam.DeliveredVersion).Should().Be(("raised", 2));
        (await house.WithAsync(s => s.GetRequiredService<ReportDesk>().LastChangeAsync(exam.Id)))
            .Should()
            .Contain(l => l.Kind == '-' && l.Text == "Fracture.")
            .And.Contain(l => l.Kind == '+' && l.Section == "Findings");

        // Nobody releases it again: after two business days the rule does, and an old note is not shown with a new version.
        await house.PassBusinessDaysAsync(2);
        (await story.Case.NowAsync()).Release.Should().Be("released");
        var seen = await OpenAsync(house, story);
        (seen!.Report.Version, seen.Note).Should().Be((2, null));
    }

    [Fact]
    public async Task G01_Addendum_after_release_an_administrative_one_is_shown_with_its_change_and_nothing_shuts()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Released);
        (await story.Case.TakeAsync("R8", With("reason", "typo"))).Refusal.Should().BeNull();
        await story.WalkAsync("rewrite");
        (await story.Case.TakeAsync("R9", With("materiality", "administrative"))).Refusal.Should().BeNull();
        var exam = await story.Case.NowAsync();
        (exam.Duty, exam.Release).Should().Be(("reviewed", "viewed"));
        (await OpenAsync(house, story))!.Report.Version.Should().Be(2);
    }

    [Fact]
    public async Task G02_Withdrawn_wrong_patient_is_frozen_at_once_told_to_every_reader_and_relinked_with_its_original_headers()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Released + "I9");
        (await story.Case.NowAsync()).Access.Should().Be("frozen");
        (await MayAsync(house, story, People.Jane, DataClass.C3f)).Should().BeFalse();
        (await MayAsync(house, story, People.Rita, DataClass.C2f)).Should().BeFalse();

        (await story.Case.TakeAsync("I7", ToPatient("P2"))).Refusal.Should().Contain("withdraw it first");
        (await story.Case.TakeAsync("R10", With("reason", "wrong patient"))).Refusal.Should().BeNull();
        (await story.Case.TakeAsync("I7", ToPatient("P2", second: ""))).Refusal.Should().Contain("second person");
        (await story.Case.TakeAsync("I7", ToPatient("P2"))).Refusal.Should().BeNull();
        await house.FireAsync();
        (await house.NoticesAsync(story.Case.Id))
            .Where(n => n.Kind == "withdrawn")
            .Select(n => n.PersonId)
            .Should()
            .BeEquivalentTo(["jane", "rita"]);
        await story.WalkAsync("I6 B7");
        await house.PassAsync(TimeSpan.FromHours(1));
        var exam = await story.Case.NowAsync();
        (exam.PatientId, exam.Report, exam.Release, exam.Access).Should().Be(("P2", "unread", "shut", "normal"));
        var ledger = await house.LedgerAsync(story.Case.Id);
        ledger.Last(e => e.Step == "I7" && e.Taken).Evidence.Should().Contain("\"before\"").And.Contain("P1");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G05_Wrong_side_found_after_is_material_and_a_new_exposure_is_a_radiologists_decision()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed);
        (await story.Case.TakeAsync("R8", With("reason", "wrong side"))).Refusal.Should().BeNull();
        await story.WalkAsync("rewrite");
        (await story.Case.TakeAsync("R9", With("materiality", "administrative"))).Refusal.Should().Contain("material");
        (await story.Case.TakeAsync("R9", With("alertCategory", "none"))).Refusal.Should().Contain("category 1 or 2");
        await story.WalkAsync("R9 drain");
        (await story.Case.NowAsync()).Alert.Should().Be("raised");
        (await story.Case.TakeAsync("E7", People.Tessa)).Refusal.Should().Contain("TECH may not");
        await story.WalkAsync("E7 E8");
    }

    [Fact]
    public async Task G21_Resident_prelim_changes_the_difference_is_graded_and_a_major_one_is_called()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 E5 I6");
        (await story.Case.TakeAsync("R2", People.Resi)).Refusal.Should().BeNull();
        (await story.Case.TakeAsync("R4", People.Resi)).Refusal.Should().BeNull();
        (await story.Case.TakeAsync("R5", People.Resi)).Refusal.Should().BeNull();
        await story.Case.RewriteAsync(People.Resi, "No fracture.");
        (await story.Case.TakeAsync("R6", People.Resi)).Refusal.Should().Contain("RES may not");
        (await story.Case.TakeAsync("R6")).Refusal.Should().Contain("Attest");
        (await story.Case.TakeAsync("R6", With("attestation", true))).Refusal.Should().Contain("Grade the difference");
        (await story.Case.TakeAsync("R6", With("attestation", true, "discrepancy", "major")))
            .Refusal.Should()
            .Contain("category 1 or 2");
        (await story.Case.TakeAsync("R6", With("attestation", true, "discrepancy", "major", "alertCategory", "1")))
            .Refusal.Should()
            .BeNull();
        await house.DrainAsync();
        (await story.Case.NowAsync()).Alert.Should().Be("raised");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G23_Two_readers_sign_one_does_and_the_other_may_add()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 E5 I6");
        var claims = await Task.WhenAll(
            story.Case.TakeAsync("R2", People.Rado),
            story.Case.TakeAsync("R2", People.Ravi)
        );
        claims.Count(o => o.Taken).Should().Be(1);
        var reader = (await story.Case.NowAsync()).ReaderId == "rado" ? People.Rado : People.Ravi;
        var other = reader == People.Rado ? People.Ravi : People.Rado;
        (await story.Case.TakeAsync("R4", reader)).Refusal.Should().BeNull();
        var signatures = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => story.Case.TakeAsync("R6", i % 2 == 0 ? reader : other))
        );
        signatures.Count(o => o.Taken).Should().Be(1);
        (await story.Case.NowAsync()).ReportVersion.Should().Be(1);
        (await story.Case.TakeAsync("R8", other)).Refusal.Should().BeNull();
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G24_Qualified_display_lost_mid_read_the_draft_is_kept_and_an_urgent_preliminary_names_the_display()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4");
        // The display itself is checked by the reading room's guard of R6; whatever refuses, the draft stands.
        (await story.Case.TakeAsync("R6", With("secondFactor", false)))
            .Refusal.Should()
            .NotBeNull();
        (await house.WithAsync(s => s.GetRequiredService<ReportDesk>().DraftAsync(story.Case.Id))).Should().NotBeNull();
        (await story.Case.TakeAsync("R5", With("display", ""))).Refusal.Should().Contain("display");
        await story.WalkAsync("R5");
        (await story.Case.NowAsync()).Phase.Should().Be(Phase.U);
        await house.PassAsync(TimeSpan.FromHours(12));
        (await house.NoticesAsync(story.Case.Id)).Should().Contain(n => n.Kind == "final report" && n.Role == "MDR");
    }

    [Fact]
    public async Task G27_Radiologist_is_referring_doctor_signs_only_with_a_second_reader_and_a_flag()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.TakeAsync("O1", "responsibleDoctorId", "rado");
        await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4");
        (await story.Case.TakeAsync("R6")).Refusal.Should().Contain("second reader");
        (await story.Case.TakeAsync("R6", With("secondReaderId", "rado"))).Refusal.Should().Contain("second reader");
        await story.TakeAsync("R6", "secondReaderId", "ravi");
        (await house.LedgerAsync(story.Case.Id)).Last(e => e.Taken).Evidence.Should().Contain("\"selfReferral\":true");
    }

    private static Task<bool> MayAsync(House house, Story story, Actor actor, DataClass data, Verb verb = Verb.Read) =>
        house.WithAsync(async s =>
            await s.GetRequiredService<AccessPolicy>().ExamAsync(story.Case.Id, actor, data, verb) is not null
        );

    private static Task<ReleasedResult?> OpenAsync(House house, Story story) =>
        house.WithAsync(s => s.GetRequiredService<ReleasedResults>().OpenAsync(story.Case.Id, People.Jane));

    private static Func<Attempt, Attempt> With(params object[] pairs) =>
        a =>
        {
            for (var i = 0; i < pairs.Length; i += 2)
            {
                a.Evidence[(string)pairs[i]] = pairs[i + 1] is bool yes ? yes : (string)pairs[i + 1];
            }
            return a;
        };

    private static Func<Attempt, Attempt> ToPatient(string patient, string second = "clara") =>
        a =>
        {
            a.Evidence["after"] = LegalSteps.Header(patient);
            a.Evidence["secondPersonId"] = second;
            return a;
        };
}
