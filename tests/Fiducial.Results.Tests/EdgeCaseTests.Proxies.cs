using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Merging;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Proxies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results.Tests;

/// <summary>The edge cases of those who act for a patient: minors, mature minors, custody, lost capacity, death.</summary>
public sealed partial class EdgeCaseTests
{
    private const string FromOrderToRelease = " O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain U2 U9 L2";

    [Fact]
    public async Task G18_A_parent_acts_within_the_matrix_until_the_child_is_of_age_and_then_it_ends_by_itself()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.TakeAsync("O1", "patientId", "P4");
        await story.WalkAsync(FromOrderToRelease);
        await MaySeeAsync(house, story, People.Mother);
        await house.ActsForAsync("P4", People.Mother, ProxyBasis.Parent, People.Clara);
        await MaySeeAsync(
            house,
            story,
            People.Mother,
            DataClass.C0,
            DataClass.C1,
            DataClass.C2f,
            DataClass.C3f,
            DataClass.AUD
        );

        // Midnight in Edmonton: the child is eighteen, and nothing has fired yet.
        house.Clock.Advance(TimeSpan.FromHours(15));
        await MaySeeAsync(house, story, People.Mother);
        (await story.Case.TakeAsync("L11", People.Mother)).Refusal.Should().Contain("ended on 2026-11-24");
        (await MayAsync(house, story, People.Tina, DataClass.C3f)).Should().BeTrue();

        await house.DrainAsync();
        var proxy = await house.QueryAsync(db => db.Set<Proxy>().AsNoTracking().SingleAsync());
        (proxy.EndReason, proxy.EndedAt).Should().Be(("the patient is of age", house.Clock.GetUtcNow()));
        (await house.QueryAsync(db => db.Set<PersonNotice>().Select(n => n.PersonId).ToListAsync()))
            .Should()
            .BeEquivalentTo(["mother", "tina"]);
        (
            await house.ProxiesAsync(k =>
                k.RecordAsync(new NewProxy("P4", "mother", ProxyBasis.Parent, "birth certificate"), People.Clara)
            )
        )
            .Should()
            .Contain("of age (18)");
        (await story.Case.TakeAsync("L11", People.Tina)).Refusal.Should().BeNull();
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G18_The_ledger_names_the_authority_by_which_a_proxy_reads_and_asks()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("child parents O6 O7 E1 E3 I1 I3 I3 E5 I6 ask");
        (await house.LedgerAsync(story.Case.Id))
            .Last(e => e.Step is "L7")
            .Said("authority")
            .Should()
            .Be("parent, entry 1");
    }

    [Fact]
    public async Task G18_A_mature_minor_restricts_what_a_parent_sees_and_reads_their_own_page_and_a_child_does_neither()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.TakeAsync("O1", "patientId", "P4");
        await story.WalkAsync(FromOrderToRelease);
        var entry = await house.ActsForAsync("P4", People.Mother, ProxyBasis.Parent, People.Clara);
        Task<string?> RestrictAsync(string patient, string sees, Actor by) =>
            house.ProxiesAsync(k => k.RestrictAsync(patient, entry, sees, by));

        (await RestrictAsync("P4", ProxySight.Status, People.Tina)).Should().BeNull();
        await MaySeeAsync(house, story, People.Mother, DataClass.C0);
        (await story.Case.TakeAsync("L11", People.Mother)).Refusal.Should().Contain("does not reach so far");
        (await RestrictAsync("P4", ProxySight.Nothing, People.Tina)).Should().BeNull();
        await MaySeeAsync(house, story, People.Mother);
        (await RestrictAsync("P4", ProxySight.All, People.Tina)).Should().BeNull();
        (await MayAsync(house, story, People.Mother, DataClass.C3f)).Should().BeTrue("she has given it back");
        (await MayAsync(house, story, People.Tina, DataClass.C3f)).Should().BeTrue();

        await house.ActsForAsync("P3", People.Mother, ProxyBasis.Parent, People.Clara);
        (await RestrictAsync("P3", ProxySight.Nothing, People.Timmy)).Should().NotBeNull("he is eight");
        (await RestrictAsync("P3", ProxySight.Nothing, People.Tina)).Should().NotBeNull("he is not hers");
        // The law of Alberta asks whether a minor understands, at any age: the privacy officer may find so.
        (await RestrictAsync("P3", ProxySight.Status, People.Priva))
            .Should()
            .BeNull();
        var child = new Story(house);
        await child.WalkAsync("child" + FromOrderToRelease);
        (await MayAsync(house, child, People.Timmy, DataClass.C0)).Should().BeFalse("a child has no page of their own");
        await MaySeeAsync(house, child, People.Mother, DataClass.C0);

        var order = await house.ActsForAsync("P4", People.Father, ProxyBasis.CourtOrder, People.Priva);
        (await house.ProxiesAsync(k => k.RestrictAsync("P4", order, ProxySight.Nothing, People.Tina)))
            .Should()
            .Contain("A court or the law");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G18_While_custody_is_disputed_nothing_is_released_to_either_parent_and_the_privacy_officer_decides()
    {
        await using var house = await House.OpenAsync();
        var (open, shut) = (new Story(house), new Story(house));
        await open.WalkAsync("child parents" + FromOrderToRelease);
        await shut.WalkAsync("child O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain U2 U9");
        (await MayAsync(house, open, People.Father, DataClass.C3f)).Should().BeTrue();

        await open.WalkAsync("dispute");
        foreach (var parent in (Actor[])[People.Mother, People.Father])
        {
            await MaySeeAsync(house, open, parent);
            (await open.Case.TakeAsync("L11", parent)).Refusal.Should().Contain("the privacy officer decides first");
            (await shut.Case.TakeAsync("L7", parent)).Refusal.Should().Contain("disputed");
        }
        (await shut.Case.TakeAsync("L2")).Refusal.Should().Be(Custody.Sentence);
        (await house.ProxiesAsync(k => k.DecideAsync("P3", [1], "said so", People.Clara)))
            .Should()
            .Contain("privacy officer");
        // Nobody gets round it by being recorded anew.
        await house.ActsForAsync("P3", People.Father, ProxyBasis.Parent, People.Clara);
        await MaySeeAsync(house, open, People.Father);

        await open.WalkAsync("decide");
        (await open.Case.TakeAsync("L11", People.Father)).Refusal.Should().Contain("decided by the privacy officer");
        (await open.Case.TakeAsync("L11", People.Mother)).Refusal.Should().BeNull();
        await shut.WalkAsync("L2");
        await MaySeeAsync(house, shut, People.Father);
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G18_A_dispute_that_nobody_decides_is_brought_to_the_officer_and_then_the_director_and_releases_nothing()
    {
        await using var house = await House.OpenAsync();
        var late = new Story(house);
        await late.WalkAsync("child parents dispute O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain U2 U9");
        Task<List<string>> ToldAsync() =>
            house.QueryAsync(db =>
                db.Set<PersonNotice>()
                    .Where(n => n.Kind.StartsWith(CustodyNotice.Begin))
                    .OrderBy(n => n.Id)
                    .Select(n => n.Role)
                    .ToListAsync()
            );
        await house.PassBusinessDaysAsync(1);
        await house.DrainAsync();
        (await ToldAsync()).Should().BeEmpty();
        await house.PassBusinessDaysAsync(1);
        await house.DrainAsync();
        (await ToldAsync()).Should().Equal("PRV");
        await house.PassBusinessDaysAsync(3);
        await house.DrainAsync();
        (await ToldAsync()).Should().Equal("PRV", "PRV", "MDR");
        await house.PassBusinessDaysAsync(20);
        await house.DrainAsync();
        (await ToldAsync()).Should().HaveCount(3, "each once");
        (await late.Case.TakeAsync("L2")).Refusal.Should().Be(Custody.Sentence);
        await late.WalkAsync("decide dispute decide");
        await house.PassBusinessDaysAsync(6);
        await house.DrainAsync();
        (await ToldAsync()).Should().HaveCount(3, "the second was decided in time");
    }

    [Fact]
    public async Task G06_Who_acts_for_a_patient_follows_a_merge_and_comes_back_with_what_was_changed_when_it_is_undone()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("O1" + FromOrderToRelease);
        foreach (var proxy in (Actor[])[People.Mother, People.Father])
        {
            await house.ActsForAsync("P1", proxy, ProxyBasis.Patient, People.Clara);
        }
        Task<MergeOutcome> MergeAsync(Func<MergePatients, Task<MergeOutcome>> use) =>
            house.WithAsync(s => use(s.GetRequiredService<MergePatients>()));

        var merge = await MergeAsync(m => m.StartAsync("P1", "P2", People.Cora));
        (await MergeAsync(m => m.FinishAsync(merge.MergeId, People.Priva, false))).Refusals.Should().BeEmpty();
        (await story.Case.NowAsync()).PatientId.Should().Be("P2");
        (await MayAsync(house, story, People.Mother, DataClass.C3f)).Should().BeTrue("she acts for the one patient");
        (await story.Case.TakeAsync("L11", People.Mother)).Refusal.Should().BeNull();
        (await house.FaultsAsync()).Should().BeEmpty();

        // Meanwhile one authority ends, and is ended also where it came from.
        var carried = await house.QueryAsync(db =>
            db.Set<Proxy>().AsNoTracking().SingleAsync(p => p.PatientId == "P2" && p.PersonId == "father")
        );
        (await house.ProxiesAsync(k => k.EndAsync("P2", carried.Entry, "taken back", People.Clara))).Should().BeNull();
        var undo = await MergeAsync(m => m.UndoAsync(merge.MergeId, People.Priva));
        (await MergeAsync(m => m.FinishAsync(undo.MergeId, People.Mira, false))).Refusals.Should().BeEmpty();
        (await story.Case.NowAsync()).PatientId.Should().Be("P1");
        (await MayAsync(house, story, People.Mother, DataClass.C3f)).Should().BeTrue();
        (await MayAsync(house, story, People.Father, DataClass.C3f)).Should().BeFalse();
        (
            await house.QueryAsync(db =>
                db.Set<Proxy>().Where(p => p.PatientId == "P2" && p.EndedAt == null).CountAsync()
            )
        )
            .Should()
            .Be(0, "for the other record nobody acts any more");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task G18_A_release_by_policy_waits_for_the_decision_of_a_dispute_and_then_follows_by_itself()
    {
        await using var house = await House.OpenAsync("us");
        var story = new Story(house);
        var referred = await story.Case.TakeAsync(
            "O1",
            a => With("patientId", "P3", "releaseElection", "as soon as it is signed")(a)
        );
        referred.Refusal.Should().BeNull();
        await story.WalkAsync("parents O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 dispute R6");
        await house.PassAsync(TimeSpan.FromMinutes(1));
        await house.PassAsync(TimeSpan.FromMinutes(16));
        (await story.Case.NowAsync()).Release.Should().Be("shut");
        (await house.LedgerAsync(story.Case.Id)).Should().NotContain(e => e.Step == "L3", "it is not even tried");
        await story.WalkAsync("decide");
        await house.PassAsync(TimeSpan.FromMinutes(16));
        (await story.Case.NowAsync()).Release.Should().Be("released");
    }

    [Fact]
    public async Task G18_A_quarrel_about_others_does_not_keep_a_mature_minor_from_their_own_result()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await house.ActsForAsync("P4", People.Mother, ProxyBasis.Parent, People.Clara);
        await story.TakeAsync("O1", "patientId", "P4");
        (await house.ProxiesAsync(k => k.DisputeAsync("P4", "the parents live apart", People.Clara))).Should().BeNull();
        await story.WalkAsync(FromOrderToRelease);
        (await story.Case.TakeAsync("L11", People.Mother)).Refusal.Should().Contain("disputed");
        (await story.Case.TakeAsync("L11", People.Tina)).Refusal.Should().BeNull();
    }

    [Fact]
    public async Task G18_A_proxy_for_one_exam_sees_no_other_and_what_the_desk_may_not_record_it_does_not()
    {
        await using var house = await House.OpenAsync();
        var (one, other) = (new Story(house), new Story(house));
        await one.WalkAsync("child" + FromOrderToRelease);
        await other.WalkAsync("child" + FromOrderToRelease);
        var number = (await one.Case.NowAsync()).AccessionNumber;
        await house.ActsForAsync("P3", People.Mother, ProxyBasis.CourtOrder, People.Priva, number);
        (await MayAsync(house, one, People.Mother, DataClass.C3f)).Should().BeTrue();
        await MaySeeAsync(house, other, People.Mother);
        (await other.Case.TakeAsync("L11", People.Mother)).Refusal.Should().Contain("for other exams");

        async Task<string> RefusalAsync(string basis, Actor by, string person = "father", string document = "paper") =>
            await house.ProxiesAsync(k => k.RecordAsync(new NewProxy("P3", person, basis, document), by)) ?? "";
        foreach (var basis in ProxyBasis.All.Except(ProxyBasis.AtTheDesk))
        {
            (await RefusalAsync(basis, People.Clara)).Should().Contain("privacy officer");
        }
        (await RefusalAsync(ProxyBasis.Parent, People.Mother)).Should().Contain("privacy officer");
        (await RefusalAsync(ProxyBasis.Parent, People.Clara, document: "")).Should().Contain("document");
        (await RefusalAsync(ProxyBasis.Parent, People.Clara, person: "nobody")).Should().Contain("Nobody here");
        (await RefusalAsync(ProxyBasis.Patient, People.Clara)).Should().Contain("not yet 16");
        (await RefusalAsync(ProxyBasis.Estate, People.Priva)).Should().Contain("death is not recorded");
    }

    [Fact]
    public async Task G18_Whatever_is_edited_by_hand_about_a_proxy_is_found()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync("child parents dispute decide");
        (await house.FaultsAsync()).Should().BeEmpty();
        foreach (var table in (string[])["proxies", "proxy_entries"])
        {
            var columns = await house.QueryAsync(db =>
                Task.FromResult(
                    db.Model.GetEntityTypes()
                        .Single(e => e.GetTableName() == table)
                        .GetProperties()
                        .Where(p => p.Name is not "Id")
                        .Select(p => (p.Name, IsText: p.ClrType == typeof(string)))
                        .ToList()
                )
            );
            foreach (var (column, isText) in columns)
            {
                var other =
                    column is "Evidence" ? "replace(\"Evidence\", 'P', 'Q') || ' '"
                    : isText ? $"\"{column}\" || 'x'"
                    : column is "From" or "Until" ? "'2001-01-01'"
                    : $"coalesce(\"{column}\", 0) + 1000";
                (await FaultsAfterAsync($"update {table} set \"{column}\" = {other} where \"Id\" = 2"))
                    .Should()
                    .NotBeEmpty($"{table}.{column} was edited");
            }
            (await FaultsAfterAsync($"delete from {table} where \"Id\" = 2")).Should().NotBeEmpty();
        }
        (await FaultsAfterAsync("delete from proxy_entries where \"Act\" = 'decided'")).Should().NotBeEmpty();
        (await FaultsAfterAsync("update patients set \"DeceasedOn\" = '20260101' where \"PatientId\" = 'P3'"))
            .Should()
            .NotBeEmpty();
        (await FaultsAfterAsync("update patients set \"ProxyHead\" = '' where \"PatientId\" = 'P3'"))
            .Should()
            .NotBeEmpty();

        Task<IReadOnlyList<string>> FaultsAfterAsync(string sql) =>
            house.WithAsync(async s =>
            {
                var db = s.GetRequiredService<ClinicDb>();
                await using var transaction = await db.Database.BeginTransactionAsync();
                (await db.Database.ExecuteSqlRawAsync(sql)).Should().BePositive(sql);
                return await s.GetRequiredService<ProxyVerifier>().FaultsAsync(CancellationToken.None);
            });
    }

    [Fact]
    public async Task G19_For_a_patient_without_capacity_a_substitute_with_documents_asks_and_the_privacy_officer_decides()
    {
        await using var house = await House.OpenAsync();
        var story = new Story(house);
        await story.WalkAsync(Signed);
        (await story.Case.TakeAsync("L7", People.Mother)).Refusal.Should().Contain("not yours");
        await house.ActsForAsync("P1", People.Mother, ProxyBasis.Substitute, People.Priva);
        (await story.Case.TakeAsync("L7", a => With("authorityProofed", false)(a with { Actor = People.Mother })))
            .Refusal.Should()
            .Contain("that they may");
        (await story.Case.TakeAsync("L7", People.Mother)).Refusal.Should().BeNull();
        await story.WalkAsync("L8");
        (await MayAsync(house, story, People.Mother, DataClass.C3f))
            .Should()
            .BeTrue("the patient is of age, the proxy is not a parent's");
        (await house.ProxiesAsync(k => k.EndAsync("P1", 1, "capacity regained", People.Clara)))
            .Should()
            .Contain("privacy officer");
        (await house.ProxiesAsync(k => k.EndAsync("P1", 1, "capacity regained", People.Priva))).Should().BeNull();
        await MaySeeAsync(house, story, People.Mother);
    }

    [Fact]
    public async Task G19_After_a_death_nobody_acts_but_the_estate_for_the_exams_that_the_privacy_officer_names()
    {
        await using var house = await House.OpenAsync();
        var (asked, other) = (new Story(house), new Story(house));
        await asked.WalkAsync(Signed);
        await other.WalkAsync(Released);
        await house.ActsForAsync("P1", People.Mother, ProxyBasis.Patient, People.Clara);
        (await MayAsync(house, other, People.Mother, DataClass.C3f)).Should().BeTrue();
        var day = new DateOnly(2026, 11, 23);
        (await house.ProxiesAsync(k => k.DiedAsync("P1", day, "certificate", People.Clara)))
            .Should()
            .Contain("privacy officer");
        (await house.ProxiesAsync(k => k.DiedAsync("P1", day, "certificate 9", People.Priva))).Should().BeNull();
        await MaySeeAsync(house, other, People.Mother);
        await MaySeeAsync(house, other, People.Jane);

        Task<string?> EstateAsync(string accessions) =>
            house.ProxiesAsync(k =>
                k.RecordAsync(
                    new NewProxy("P1", "father", ProxyBasis.Estate, "grant of probate 3") { Accessions = accessions },
                    People.Priva
                )
            );
        (await EstateAsync("")).Should().Contain("Name the exams");
        (await EstateAsync((await asked.Case.NowAsync()).AccessionNumber)).Should().BeNull();
        (await asked.Case.TakeAsync("L7", People.Father)).Refusal.Should().BeNull();
        (await MayAsync(house, asked, People.Father, DataClass.C3f)).Should().BeFalse("it is not granted yet");
        await asked.WalkAsync("L8");
        (await MayAsync(house, asked, People.Father, DataClass.C3f)).Should().BeTrue();
        await MaySeeAsync(house, other, People.Father);
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    // Exactly these classes, to read.
    private static async Task MaySeeAsync(House house, Story story, Actor actor, params DataClass[] classes)
    {
        var seen = new List<DataClass>();
        foreach (var data in Enum.GetValues<DataClass>())
        {
            if (await MayAsync(house, story, actor, data))
            {
                seen.Add(data);
            }
        }
        seen.Should().BeEquivalentTo(classes);
    }
}
