using System.Net;
using System.Security.Claims;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Server.Tests;

/// <summary>Where a workstation stands bounds what is opened there (pathway 6.3, note 1; decision 20). Each asks as browsers do.</summary>
public sealed class WorkstationTests
{
    private const string Register = "/administration/workstations";
    private const string Cookie = "fiducial-workstation";

    [Fact]
    public async Task In_an_exam_room_nobody_has_more_than_a_technologist_whatever_role_is_chosen()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Signed);
        await HireTwoJobsAsync(clinic, "theo");
        var code = await RegistersAsync(clinic, "exam-room-1", "exam room");

        using var console = new Person(clinic, "theo") { WorksAs = "RAD" };
        (await console.EnrolsBrowser(code)).Location.Should().Be("/sign-in");
        var door = await console.Peeks("/sign-in");
        door.Document.QuerySelector("[data-place]")!.TextContent.Should().Contain("exam-room-1, exam room");
        door.Document.QuerySelectorAll("select[name=role] option")
            .Select(o => o.GetAttribute("value"))
            .Should()
            .BeEquivalentTo("", "TECH", "RES", "RAD", "MDR");
        var missing = await console.Opens("/there-is-no-such-page");
        foreach (
            var path in (string[])
                [
                    "/reading-room",
                    $"/reading-room/exams/{exam}",
                    $"/exam-room/exams/{exam}",
                    $"/dicomweb/studies/{(await clinic.ExamAsync(exam)).StudyInstanceUid}/series",
                ]
        )
        {
            var answer = await console.Opens(path);
            (answer.Status, answer.Text).Should().Be((HttpStatusCode.NotFound, missing.Text), path);
        }
        (await console.Opens("/credentials")).Status.Should().Be(HttpStatusCode.OK, "the house is open to a person");

        // As a technologist there: the room is open, and what the second job does not have is shut.
        using var technologist = new Person(clinic, "theo");
        (await technologist.EnrolsBrowser(await CodeAsync(clinic, "exam-room-1"))).Location.Should().Be("/sign-in");
        (await technologist.Opens($"/exam-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
        (await technologist.Posts($"/exam-room/exams/{exam}/start")).Status.Should().Be(HttpStatusCode.NotFound);

        // A new code made another browser the console: the first is none any more. Who also is a technologist gains nothing by it.
        var outside = await console.Peeks("/sign-in");
        outside.Document.QuerySelector("[data-place]").Should().BeNull();
        (await console.Opens($"/reading-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.NotFound);
        // Who is none reads from outside as before.
        (await clinic.Radiologist.Opens($"/reading-room/exams/{exam}"))
            .Status.Should()
            .Be(HttpStatusCode.OK);
        (await clinic.Technologist.Opens($"/exam-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);

        // At the reading room's own workstation the same person reads.
        using var reader = new Person(clinic, "theo") { WorksAs = "RAD" };
        await reader.EnrolsBrowser(await RegistersAsync(clinic, "station-1", "reading room"));
        (await reader.Opens($"/reading-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_role_that_the_place_does_not_offer_cannot_be_chosen_there_and_a_session_from_elsewhere_opens_nothing()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var code = await RegistersAsync(clinic, "desk-1", "front desk");
        using var rado = new Person(clinic, "rado");
        await rado.EnrolsBrowser(code);
        var answer = await rado.TriesPassword(Person.Password);
        answer.Location.Should().Be("/sign-in?failed=place");
        (await rado.Peeks(answer.Location!)).Refusal.Should().Contain("here one works as front desk, coordinator");
        (await rado.Peeks("/reading-room")).Location.Should().Be("/sign-in?return=%2Freading-room");
        (
            await clinic.InDatabaseAsync(db =>
                db.Set<AuditEntry>().Where(a => a.What == "no role of this place").CountAsync()
            )
        )
            .Should()
            .Be(1);

        // A session that began before the browser was enrolled, and one that is carried there.
        using var early = new Person(clinic, "rado");
        (await early.Opens("/reading-room")).Status.Should().Be(HttpStatusCode.OK);
        await early.EnrolsBrowser(await CodeAsync(clinic, "desk-1"));
        (await early.Opens("/reading-room")).Location.Should().Be("/sign-in?return=%2Freading-room");

        using var clara = early.Copy("clara");
        clara.Forgets("fiducial");
        (await clara.Opens("/front-desk")).Status.Should().Be(HttpStatusCode.OK);
        await clinic.Administrator.Posts($"{Register}/revoke", ("workstation", "desk-1"));
        (await clara.Peeks("/sign-in")).Document.QuerySelector("[data-place]").Should().BeNull("it is out of use");
        (await early.Opens("/reading-room"))
            .Status.Should()
            .Be(HttpStatusCode.OK, "it is a browser from outside again");
        (await clinic.Administrator.Posts($"{Register}/code", ("workstation", "desk-1")))
            .Location.Should()
            .Be(Register);
        (await clinic.Administrator.Opens(Register)).Refusal.Should().Contain("No workstation that is in use");
    }

    [Fact]
    public async Task A_code_opens_once_and_within_an_hour_and_a_forged_cookie_is_no_workstation()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var code = await RegistersAsync(clinic, "station-1", "reading room");
        using var first = new Person(clinic, "rado");
        (await first.EnrolsBrowser(code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)))
            .Location.Should()
            .Be("/sign-in");
        using var second = new Person(clinic, "rado");
        (await second.EnrolsBrowser(code)).Location.Should().Be("/workstation");
        (await second.Peeks("/workstation")).Refusal.Should().Contain("This code opens nothing");

        var late = await CodeAsync(clinic, "station-1");
        clinic.Clock.Turn(TimeSpan.FromMinutes(61));
        (await second.EnrolsBrowser(late)).Location.Should().Be("/workstation");

        foreach (var forged in (string[])["station-1", "CfDJ8" + new string('A', 200), "%00"])
        {
            second.Forges(Cookie, forged);
            (await second.Peeks("/workstation"))
                .Words.Should()
                .Contain("This browser is no workstation of the clinic", forged);
        }
        (await first.Peeks("/workstation")).Words.Should().Contain("station-1, reading room");
        await clinic.RestartAsync();
        (await first.Peeks("/workstation")).Words.Should().Contain("station-1, reading room", "it lasts");
    }

    [Fact]
    public async Task A_report_is_signed_at_the_displays_of_the_workstation_that_asks()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Written);
        await RegistersAsync(clinic, "office-pc", "office");
        var code = await RegistersAsync(clinic, "station-1", "reading room");
        var path = $"/reading-room/exams/{exam}";
        (await clinic.Radiologist.Opens(path))
            .Document.QuerySelectorAll("[name=displaySet] option")
            .Should()
            .HaveCount(2, "no browser is enrolled yet");
        await clinic.Administrator.Posts(
            $"{Register}/displays",
            ("workstation", "station-1"),
            ("name", "two of 2048 x 2560"),
            ("pixels", "10485760"),
            ("days", "365")
        );
        using var other = new Person(clinic, "rado");
        await other.EnrolsBrowser(code);
        (await clinic.Radiologist.Opens(path)).Words.Should().Contain("No display is registered");
        var page = await clinic.Radiologist.TypesCode(
            exam,
            async (_, code) =>
                await clinic.Radiologist.FollowsAsync(
                    await clinic.Radiologist.Posts(
                        $"{path}/sign",
                        ("alertCategory", "none"),
                        ("displaySet", "station-1"),
                        ("code", code)
                    )
                )
        );
        page.Refusal.Should().Contain("no workstation of the clinic");
        (await clinic.Radiologist.EnrolsBrowser(await CodeAsync(clinic, "station-1"))).Location.Should().Be("/sign-in");
        clinic.Clock.Turn(TimeSpan.FromSeconds(60));
        await clinic.Radiologist.Signs(exam);
        (await clinic.LedgerAsync(exam)).Last(e => e.Step == "R6" && e.Taken).Device.Should().Be("station-1");
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    private static async Task<string> RegistersAsync(ClinicInABox clinic, string id, string zone)
    {
        var answer = await clinic.Administrator.FillsIn(
            Register,
            $"{Register}/register",
            ("workstation", id),
            ("name", id),
            ("zone", zone)
        );
        answer.Refusal.Should().BeNull();
        return await CodeAsync(clinic, id);
    }

    private static async Task<string> CodeAsync(ClinicInABox clinic, string id)
    {
        await clinic.Administrator.Posts($"{Register}/code", ("workstation", id));
        return (await clinic.Administrator.Opens(Register)).Document.QuerySelector("[data-code]")!.TextContent;
    }

    private static async Task HireTwoJobsAsync(ClinicInABox clinic, string name)
    {
        using var person = await clinic.HireAsync(name, "TECH", "DX");
        await clinic.WithAsync(async s =>
        {
            var people = s.GetRequiredService<UserManager<People.Person>>();
            return await people.AddClaimAsync(
                (await people.FindByNameAsync(name))!,
                new Claim(SignedIn.JobClaim, "RAD")
            );
        });
    }
}
