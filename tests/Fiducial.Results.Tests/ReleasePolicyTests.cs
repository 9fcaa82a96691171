using System.Security.Cryptography;
using System.Text;
using Fiducial.Foundation.Calendar;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Release;

namespace Fiducial.Results.Tests;

/// <summary>What a policy decides, in which order, and that packs which were edited or contradict each other are not used.</summary>
public sealed class ReleasePolicyTests
{
    private static readonly BusinessCalendar Calendar = BusinessCalendar.Of("America/Edmonton", HolidayFile.Alberta);

    /// <summary>A Tuesday, nine o'clock in Edmonton.</summary>
    private static readonly DateTimeOffset Signed = House.Morning;

    public static TheoryData<string> Packs =>
        [.. PackShelf.Names.Select(n => n), "us+us-ky+us-mqsa", "us+us-tx+us-mqsa", "us+us-act112+us-mqsa"];

    [Theory]
    [MemberData(nameof(Packs))]
    public void Every_pack_of_the_program_is_signed_and_agrees_with_itself_and_its_overlays(string names) =>
        Policy(names).Version.Should().Contain(names.Split('+')[0] + " ");

    [Fact]
    public void An_edited_pack_is_refused_with_its_name()
    {
        using var folder = new SignedFolder();
        folder.Edit("ca-ab.json", "\"atMostBusinessDays\": 10", "\"atMostBusinessDays\": 99");
        var load = () => ReleasePolicy.Load(PackShelf.In(folder.Path), "ca-ab");
        load.Should().Throw<InvalidDataException>().WithMessage("The release pack 'ca-ab' was edited*");
        ReleasePolicy.Load(PackShelf.In(folder.Path), "doctor-first").Name.Should().Be("doctor-first");
    }

    [Fact]
    public void A_pack_without_a_signature_or_with_another_key_is_refused_and_the_sites_own_key_opens_it()
    {
        using var folder = new SignedFolder();
        File.Delete(Path.Combine(folder.Path, "uk.json.sig"));
        FluentRefusal(() => ReleasePolicy.Load(PackShelf.In(folder.Path), "uk")).Should().Contain("is not signed");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var json = File.ReadAllBytes(Path.Combine(folder.Path, "uk.json"));
        File.WriteAllText(Path.Combine(folder.Path, "uk.json.sig"), PackShelf.Sign(json, key));
        FluentRefusal(() => ReleasePolicy.Load(PackShelf.In(folder.Path), "uk")).Should().Contain("another key");
        ReleasePolicy.Load(PackShelf.In(folder.Path, key.ExportSubjectPublicKeyInfoPem()), "uk").Name.Should().Be("uk");
    }

    [Theory]
    [InlineData("us-ky+us-tx", "one place")]
    [InlineData("doctor-first+us", "one pack")]
    [InlineData("doctor-first+us-ky", "one pack")]
    [InlineData("no-such", "There is no release pack")]
    [InlineData("../us", "no name")]
    [InlineData("", "one pack")]
    public void Packs_that_do_not_go_together_are_refused(string names, string why) =>
        FluentRefusal(() => Policy(names)).Should().Contain(why);

    [Theory]
    [InlineData("hold", "a hold has no end")]
    [InlineData("clerk", "only doctors hold")]
    [InlineData("notice", "nothing happens when the doctor does nothing")]
    [InlineData("tell", "does not declare")]
    [InlineData("twice", "stands there twice")]
    [InlineData("emergency", "emergency")]
    [InlineData("later", "opens on day")]
    [InlineData("finding", "nobody states")]
    public void What_breaks_the_rules_of_every_pack_is_found(string fault, string sentence)
    {
        var pack = PackShelf.OfTheProgram.Take("doctor-first").Pack;
        MandatoryHold Hold(int hours, string tell = "x", string finding = "likely malignancy") =>
            new("h", "law", [finding], hours, tell);
        pack = fault switch
        {
            "hold" => pack with { Hold = pack.Hold! with { AtMostBusinessDays = 0 } },
            "clerk" => pack with { Hold = pack.Hold! with { By = [Role.REF, Role.CLK] } },
            "notice" => pack with { Notices = [] },
            "tell" => pack with { MandatoryHolds = [Hold(72, "")] },
            "twice" => pack with { Elections = [pack.Elections[0], pack.Elections[0]] },
            "emergency" => pack with { EmergencyLine = "" },
            "finding" => pack with { MandatoryHolds = [Hold(72, finding: "ugly")] },
            _ => pack with { MandatoryHolds = [Hold(72)], MandatoryReleases = [new MandatoryRelease("r", "law", 2)] },
        };
        PackConflicts.Of([pack]).Should().ContainSingle().Which.Should().Contain(sentence);
    }

    [Fact]
    public void The_first_rule_that_applies_decides_and_the_trace_says_which_were_asked()
    {
        var us = Policy("us+us-ky+us-mqsa");
        var all = new ReleaseFacts
        {
            HasSignedVersion = true,
            Modality = "MG",
            CompletedAt = Signed,
            SignedAt = Signed,
            Election = "my doctor first",
            ElectionUntil = new DateOnly(2027, 6, 1),
            HeldUntil = Signed.AddDays(90),
            Findings = ReleaseFacts.FindingsOf("2", "likely malignancy"),
        };
        string Rule(ReleaseFacts facts, double days) => us.Evaluate(facts, Signed.AddDays(days), Calendar).Rule;
        Rule(all, 7).Should().Be("mqsa-7d");
        us.Evaluate(all, Signed.AddDays(7), Calendar).Opens.Should().BeTrue();
        Rule(all, 1).Should().Be("ky-72h");
        Rule(all, 4).Should().Be("election");
        var reviewed = all with { ReviewedAt = Signed };
        Rule(reviewed, 4).Should().Be("hold");
        var free = reviewed with { HeldUntil = null };
        us.Evaluate(free, Signed.AddDays(4), Calendar).Opens.Should().BeTrue();
        Rule(free, 4).Should().Be("default");
        us.Evaluate(free, Signed.AddDays(4), Calendar)
            .Text.Should()
            .Be(
                "1 mqsa-30d passes; 1 mqsa-7d passes; 2 ky-72h passes; 3 election passes; 4 hold passes; 5 default releases"
            );
        us.OpensAt(all, Signed, Calendar).Should().Be(Signed.AddDays(7), "the law of mammography is asked first");
        us.OpensAt(free, Signed, Calendar).Should().Be(Signed.AddHours(72));
        us.Evaluate(all with { HasSignedVersion = false }, Signed.AddYears(1), Calendar)
            .Opens.Should()
            .BeFalse("never a preliminary");
    }

    [Fact]
    public void The_answer_to_why_not_yet_is_the_same_whatever_the_report_shows_and_whether_or_not_it_is_held()
    {
        foreach (var names in (string[])["doctor-first", "ca-ab", "us+us-ky+us-mqsa", "us-act112", "uk"])
        {
            var policy = Policy(names);
            foreach (var election in policy.Pack.Elections)
            {
                var plain = new ReleaseFacts
                {
                    HasSignedVersion = true,
                    Modality = "MG",
                    CompletedAt = Signed,
                    SignedAt = Signed,
                    Election = election.Words,
                    ElectionUntil = new DateOnly(2027, 1, 1),
                };
                var other = plain with
                {
                    HeldUntil = Signed.AddDays(9),
                    Findings = ReleaseFacts.FindingsOf("1", "likely malignancy"),
                    ReviewedAt = Signed,
                    DiscussedAt = Signed,
                };
                var answer = policy.WhyNotYet(plain, Signed, Calendar);
                policy.WhyNotYet(other, Signed, Calendar).Should().Equal(answer, names);
                answer.Should().NotBeEmpty(names);
                string.Join(' ', answer).Should().NotContainAny("hold", "72", "cancer", "malignan");
            }
        }
        Policy("ca-ab")
            .WhyNotYet(new ReleaseFacts(), Signed, Calendar)
            .Should()
            .Contain(s => s.Contains("MyHealth Records"))
            .And.Contain(s => s.Contains("no report yet"));
    }

    [Theory]
    [InlineData("us", "as soon as it is signed", "none", "none", 0)]
    [InlineData("us-ky", "as soon as it is signed", "none", "none", 0)]
    [InlineData("us-ky", "as soon as it is signed", "none", "likely malignancy", 72)]
    [InlineData("ca-ab", "show me at once", "none", "none", 0)]
    [InlineData("uk", "when the clinic opens it", "none", "none", 14 * 24)]
    [InlineData("uk", "when the clinic opens it", "2", "none", 42 * 24)]
    public async Task The_policy_opens_the_report_by_itself_when_it_says_and_writes_its_version_and_trace(
        string policy,
        string election,
        string category,
        string marker,
        int hours
    )
    {
        await using var house = await House.OpenAsync(policy);
        var story = new Story(house);
        await story.TakeAsync("O1", "releaseElection", election);
        await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4");
        await SignsAsync(story, category, marker);
        if (hours > 0)
        {
            await house.PassAsync(TimeSpan.FromHours(hours) - TimeSpan.FromMinutes(1));
            (await story.Case.NowAsync()).Release.Should().NotBe("released");
        }
        await house.PassAsync(TimeSpan.FromMinutes(hours > 0 ? 1 : 0));
        (await story.Case.NowAsync()).Release.Should().Be("released");
        var entry = (await house.LedgerAsync(story.Case.Id)).Single(e => e is { Step: "L3", Taken: true });
        entry.Role.Should().Be("SYS");
        entry.Said("policy").Should().Contain($"{policy} 1.0");
        entry.Said("policyHash").Should().HaveLength(64);
        entry.Said("trace").Should().EndWith("releases");
        (await house.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_review_ends_the_wish_for_ones_own_doctor_first_and_the_picked_day_ends_it_without_one()
    {
        foreach (var reviewed in (bool[])[true, false])
        {
            await using var house = await House.OpenAsync("us");
            var story = new Story(house);
            (
                await story.Case.TakeAsync(
                    "O1",
                    a =>
                    {
                        a.Evidence["releaseElection"] = "my doctor first";
                        a.Evidence["releaseElectionUntil"] = "2026-12-01";
                        return a;
                    }
                )
            ).Refusal.Should().BeNull();
            await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 U1");
            await house.PassAsync(TimeSpan.FromHours(1));
            (await story.Case.NowAsync()).Release.Should().Be("shut");
            if (reviewed)
            {
                await story.WalkAsync("U2 U9");
                await house.PassAsync(TimeSpan.Zero);
            }
            else
            {
                await house.PassAsync(TimeSpan.FromDays(7));
            }
            (await story.Case.NowAsync()).Release.Should().Be("released");
        }
    }

    [Fact]
    public async Task A_hold_expires_as_the_pack_says_and_then_the_policy_opens_what_was_held()
    {
        await using var house = await House.OpenAsync("us");
        var standard = Policy("us").Pack.Hold!.Standard;
        var story = new Story(house);
        (
            await story.Case.TakeAsync(
                "O1",
                a =>
                {
                    a.Evidence["releaseElection"] = "my doctor first";
                    a.Evidence["releaseElectionUntil"] = "2026-11-25";
                    return a;
                }
            )
        ).Refusal.Should().BeNull();
        await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 U1");
        (await story.Case.TakeAsync("L4")).Refusal.Should().Contain("own determination");
        await story.TakeAsync("L4", "standard", standard);
        await house.PassAsync(TimeSpan.FromDays(2));
        (await story.Case.NowAsync()).Release.Should().Be("held");
        await house.PassAsync(TimeSpan.FromDays(1));
        await house.PassAsync(TimeSpan.Zero);
        (await story.Case.NowAsync()).Release.Should().Be("released");
    }

    [Fact]
    public async Task What_the_patient_chose_stands_above_a_hold()
    {
        await using var house = await House.OpenAsync("ca-ab");
        var story = new Story(house);
        await story.TakeAsync("O1", "releaseElection", "show me at once");
        await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 U1");
        (await story.Case.TakeAsync("L4")).Refusal.Should().Contain("cannot keep shut").And.Contain("election");
    }

    [Theory]
    [InlineData("doctor-first", "show me at once", "", "Ask the patient")]
    [InlineData("us", "my doctor first", "", "picks a day")]
    [InlineData("us", "my doctor first", "2020-01-01", "picks a day")]
    public async Task A_referral_without_a_choice_that_the_policy_offers_is_refused(
        string policy,
        string election,
        string until,
        string sentence
    )
    {
        await using var house = await House.OpenAsync(policy);
        var outcome = await new Story(house).Case.TakeAsync(
            "O1",
            a =>
            {
                a.Evidence["releaseElection"] = election;
                a.Evidence["releaseElectionUntil"] = until;
                return a;
            }
        );
        outcome.Refusal.Should().Contain(sentence);
    }

    [Fact]
    public async Task Where_a_law_asks_for_it_a_report_is_not_signed_without_the_answer()
    {
        await using var house = await House.OpenAsync("us-tx");
        var story = new Story(house);
        await story.TakeAsync("O1", "releaseElection", "as soon as it is signed");
        await story.WalkAsync("O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4");
        (await story.Case.TakeAsync("R6")).Refusal.Should().Contain("likely malignancy");
        await SignsAsync(story, "none", "none");
    }

    [Fact]
    public void A_notice_that_depends_on_a_finding_goes_to_nobody_else()
    {
        var pack = PackShelf.OfTheProgram.Take("us-act112").Pack;
        var notice = pack.Notices.Should().ContainSingle().Subject;
        notice.Days.Should().Be(20);
        notice.Tell.Should().NotBeEmpty("the pack declares what a patient learns from it");
        // Ten business days, the fail-safe of everyone, come first: the law is met before its day.
        foreach (var category in (string[])["none", "3"])
        {
            var facts = new ReleaseFacts { Findings = ReleaseFacts.FindingsOf(category, "none") };
            Policy("us-act112").NoticeAfter(Signed, facts, Calendar)!.Value.Due.Should().BeBefore(Signed.AddDays(20));
        }
    }

    private static async Task SignsAsync(Story story, string category, string marker) => (
            await story.Case.TakeAsync(
                "R6",
                a =>
                {
                    a.Evidence["alertCategory"] = category;
                    a.Evidence["marker"] = marker;
                    return a;
                }
            )
        ).Refusal.Should().BeNull();

    private static ReleasePolicy Policy(string names) => ReleasePolicy.Load(PackShelf.OfTheProgram, names);

    private static string FluentRefusal(Func<ReleasePolicy> load) =>
        load.Should().Throw<InvalidDataException>().Which.Message;

    /// <summary>The packs of the program in a folder, as their files are.</summary>
    private sealed class SignedFolder : IDisposable
    {
        public SignedFolder()
        {
            var assembly = typeof(PackShelf).Assembly;
            foreach (
                var name in assembly
                    .GetManifestResourceNames()
                    .Where(n => n.StartsWith("packs/", StringComparison.Ordinal))
            )
            {
                using var from = assembly.GetManifestResourceStream(name)!;
                using var to = File.Create(System.IO.Path.Combine(Path, name["packs/".Length..]));
                from.CopyTo(to);
            }
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("fiducial-packs-").FullName;

        public void Edit(string file, string from, string to)
        {
            var path = System.IO.Path.Combine(Path, file);
            var text = File.ReadAllText(path, Encoding.UTF8);
            text.Should().Contain(from);
            File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
