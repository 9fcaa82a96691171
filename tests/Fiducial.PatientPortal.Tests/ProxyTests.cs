using System.Net;
using Fiducial.Pathway.Ledger;

namespace Fiducial.PatientPortal.Tests;

/// <summary>The page of a parent for each child alone, what a mature minor decides about it, and a dispute from the desk to the decision.</summary>
public abstract class ProxyTests(SharedClinic shared) : RoomTests(shared)
{
    private const string Cleo = "FID-0004";
    private const string Toni = "FID-0005";

    private Person? _pam;
    private Person Pam => _pam ??= new Person(Clinic, "pam");

    [Fact]
    public async Task A_parent_has_a_page_for_each_child_sees_where_the_exam_is_and_reads_what_is_released()
    {
        var (cleos, tonis) = (await ExamAsync(Cleo, Chapter.Discussed), await ExamAsync(Toni, Chapter.Booked));
        var list = await Pam.Opens("/my/for");
        list.Words.Should().Contain("Cleo Child").And.Contain("Toni Teen").And.NotContain("Where is the exam of");
        var page = await Pam.Opens($"/my/for?exam={cleos}");
        page.Words.Should()
            .Contain("Where is the exam of Cleo Child?")
            .And.Contain("(parent), until")
            .And.Contain("Report sent to Dr Rita Referrer")
            .And.NotContainAny("Toni", "Hairline", "fine crack");
        page.Document.QuerySelectorAll("[data-accession]").Length.Should().BePositive();
        (await Pam.Opens($"/my/for?exam={tonis}")).Words.Should().Contain("Your exam is booked").And.NotContain("Cleo");
        (await Pam.Opens($"/my/exams/{cleos}")).Status.Should().Be(HttpStatusCode.NotFound);

        await Clinic.Referrer.Releases(cleos);
        (await Pam.Opens($"/my/for?exam={cleos}"))
            .Document.QuerySelector($"a.button[href='/my/exams/{cleos}']")
            .Should()
            .NotBeNull();
        (await Pam.Opens($"/my/exams/{cleos}")).Words.Should().Contain("Of Cleo Child.").And.Contain("fine crack");
        var viewed = (await Clinic.LedgerAsync(cleos)).Single(e => e is { Step: "L11", Taken: true });
        (viewed.ActorId, viewed.Role).Should().Be(("pam", "PRX"));
        viewed.Said("authority").Should().StartWith("parent, entry");
        (await Pam.Opens("/my/for/who-looked?proxy=1")).Words.Should().Contain("Cleo Child").And.Contain("Each look");
        var proxies = Clinic.Everyone.Where(p => p.Name.StartsWith("dan", StringComparison.Ordinal)).ToList();
        (await Clinic.OpenForOthersAsync(proxies, Door.Get($"/my/for?exam={cleos}"))).Should().BeEmpty();
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task What_was_wrong_is_said_once_and_a_sentence_that_an_address_brings_is_not_shown()
    {
        var refused = await Clinic.Clerk.FillsIn(
            "/front-desk/proxies?patient=FID-0004",
            "/front-desk/proxies/record",
            ("patient", Cleo),
            ("person", "nobody-here"),
            ("basis", "parent"),
            ("document", "birth certificate"),
            ("sees", "all")
        );
        refused.Refusal.Should().Contain("Nobody here can sign in as a proxy");
        refused.Document.QuerySelector("input[name=person]")!.GetAttribute("value").Should().Be("nobody-here");
        (await Clinic.Clerk.Opens("/front-desk/proxies?patient=FID-0004")).Refusal.Should().BeNullOrEmpty();
        foreach (
            var (person, page) in ((Person, string)[])
                [
                    (Clinic.Clerk, "/front-desk/proxies"),
                    (Clinic.PrivacyOfficer, "/privacy/proxies"),
                    (Clinic.Administrator, "/administration/people"),
                ]
        )
        {
            (await person.Opens($"{page}?problem=Call%20555%20now")).Words.Should().NotContain("Call 555", page);
        }
    }

    [Fact]
    public async Task A_mature_minor_narrows_what_a_parent_sees_at_their_own_page_and_gives_it_back()
    {
        var exam = await ExamAsync(Toni, Chapter.Released);
        using var toni = new Person(Clinic, "toni");
        (await toni.Opens("/my/doctors")).Words.Should().Contain("Who acts for you").And.Contain("Pam Parent (parent)");
        await toni.FillsIn("/my/doctors", "/my/doctors/restrict", ("sees", "status"));
        var card = (await Pam.Opens($"/my/for?exam={exam}")).Words;
        card.Should().Contain("You see where the exam is, and not what it shows").And.NotContain("Read my result");
        (await Clinic.OpensLikeNothingAsync(Pam, $"/my/exams/{exam}")).Should().BeTrue();
        (await Pam.Posts($"/my/for/exams/{exam}/request")).Status.Should().Be(HttpStatusCode.NotFound);
        await toni.FillsIn("/my/doctors", "/my/doctors/restrict", ("sees", "nothing"));
        (await Pam.Opens("/my/for")).Words.Should().NotContain("Toni");
        await toni.FillsIn("/my/doctors", "/my/doctors/restrict", ("sees", "all"));
        (await Pam.Opens($"/my/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
        (await toni.Opens($"/my/exams/{exam}")).Words.Should().Contain("fine crack");
    }

    [Fact]
    public async Task The_desk_records_a_parent_with_a_document_and_a_dispute_which_the_privacy_officer_decides()
    {
        var dan = await Clinic.HireAsync($"dan-{OnPostgres}", "PRX");
        var exam = await ExamAsync(Cleo, Chapter.Discussed);
        var (desk, office) = ($"/front-desk/proxies?patient={Cleo}", $"/privacy/proxies?patient={Cleo}");
        (await Clinic.Clerk.FillsIn(desk, "/front-desk/proxies/record", ("person", "nobody"), ("document", "paper")))
            .Refusal.Should()
            .Contain("Nobody here can sign in as a proxy");
        (
            await Clinic.Clerk.FillsIn(
                desk,
                "/front-desk/proxies/record",
                ("person", dan.Name),
                ("document", "birth certificate 7")
            )
        )
            .Words.Should()
            .Contain(dan.Name)
            .And.Contain("birth certificate 7");
        (await dan.Opens("/my/for")).Words.Should().Contain("Where is the exam of Cleo Child?");

        await Clinic.Clerk.FillsIn(desk, "/front-desk/proxies/dispute", ("what", "the parents live apart"));
        foreach (var parent in (Person[])[dan, Pam])
        {
            (await parent.Opens("/my/for")).Words.Should().NotContain("Cleo");
        }
        var page = $"/office/exams/{exam}";
        (await Clinic.Referrer.FillsIn(page, $"{page}/release", ("note", "All is well.")))
            .Refusal.Should()
            .Contain("disputed");

        var disputed = await Clinic.PrivacyOfficer.Opens(office);
        disputed.Words.Should().Contain("the parents live apart");
        var pams = disputed
            .Document.QuerySelectorAll("input[name=stays]")
            .Single(i => i.ParentElement!.TextContent.Contains("Pam", StringComparison.Ordinal))
            .GetAttribute("value")!;
        await Clinic.PrivacyOfficer.FillsIn(
            office,
            "/privacy/proxies/decide",
            ("stays", pams),
            ("document", "court file 12")
        );
        await Clinic.Referrer.Releases(exam);
        (await Pam.Opens($"/my/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
        (await Clinic.OpensLikeNothingAsync(dan, $"/my/exams/{exam}")).Should().BeTrue();
        (await Clinic.LedgerAsync(exam))
            .Last(e => e is { Step: "L11", Taken: false })
            .Reason.Should()
            .Contain("decided by the privacy officer");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    private async Task<Guid> ExamAsync(string patient, Chapter until)
    {
        using var who = new Patient(Clinic, "nobody", patient);
        return await Clinic.ExamAsync(until, who);
    }
}

public sealed class ProxyOnSqliteTests(ClinicOnSqlite clinic) : ProxyTests(clinic);

public sealed class ProxyOnPostgresTests(ClinicOnPostgres clinic) : ProxyTests(clinic);
