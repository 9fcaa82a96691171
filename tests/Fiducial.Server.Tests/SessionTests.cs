using System.Net;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Tests;

/// <summary>When a session ends: decided by the server at each request, whatever the browser still holds.</summary>
public sealed class SessionTests
{
    private static readonly Dictionary<string, double> Minutes = new(StringComparer.Ordinal) { ["CLK"] = 10 };

    [Fact]
    public async Task It_ends_after_a_rest_and_asking_whose_it_is_is_no_sign_of_life()
    {
        await using var clinic = await ClinicInABox.OpenAsync(settings: o => o with { SessionMinutes = Minutes });
        await clinic.Clerk.Opens("/front-desk");
        await clinic.Technologist.Opens("/exam-room");
        for (var i = 0; i < 3; i++)
        {
            clinic.Clock.Turn(TimeSpan.FromMinutes(6));
            (await clinic.Clerk.Opens("/front-desk")).Status.Should().Be(HttpStatusCode.OK, "somebody works here");
        }
        clinic.Clock.Turn(TimeSpan.FromMinutes(6));
        (await clinic.Clerk.Peeks("/session")).Text.Should().Be("""{"who":"clara CLK"}""");
        clinic.Clock.Turn(TimeSpan.FromMinutes(5));
        (await clinic.Clerk.Peeks("/session")).Text.Should().Be("""{"who":""}""");
        (await clinic.Clerk.Peeks("/front-desk")).Location.Should().Be("/sign-in?return=%2Ffront-desk");
        (await clinic.Technologist.Peeks("/exam-room")).Status.Should().Be(HttpStatusCode.OK, "its limit is another");
    }

    [Fact]
    public async Task A_changed_password_ends_every_other_session_at_once()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        using var here = new Person(clinic, "clara");
        using var there = new Person(clinic, "clara");
        await there.Opens("/front-desk");
        (
            await here.FillsIn(
                "/account",
                "/account/password",
                ("password", Person.Password),
                ("new", "Another-password-2")
            )
        )
            .Words.Should()
            .Contain("The password is changed");
        (await here.Peeks("/front-desk")).Status.Should().Be(HttpStatusCode.OK);
        (await there.Peeks("/front-desk")).Location.Should().StartWith("/sign-in");
        using var old = new Person(clinic, "clara");
        (await old.TriesPassword(Person.Password)).Location.Should().Be("/sign-in?failed=true");
    }

    [Fact]
    public async Task Who_is_disabled_is_out_at_once_and_a_copied_cookie_is_out_with_the_sign_out()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        await clinic.Clerk.Opens("/front-desk");
        await clinic.InDatabaseAsync(db =>
            db.Set<People.Person>()
                .Where(p => p.UserName == "clara")
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.LockoutEnd, DateTimeOffset.MaxValue))
        );
        (await clinic.Clerk.Peeks("/front-desk")).Location.Should().StartWith("/sign-in");
        using var copy = clinic.Coordinator.Copy();
        (await copy.Peeks("/coordination")).Location.Should().StartWith("/sign-in");
        await clinic.Coordinator.Opens("/coordination");
        using var thief = clinic.Coordinator.Copy();
        (await thief.Peeks("/coordination")).Status.Should().Be(HttpStatusCode.OK);
        await clinic.Coordinator.Posts("/sign-out");
        (await thief.Peeks("/coordination")).Location.Should().StartWith("/sign-in");
    }

    [Fact]
    public async Task A_form_that_comes_after_the_end_is_kept_for_its_person_and_sent_after_the_next_sign_in()
    {
        await using var clinic = await ClinicInABox.OpenAsync(settings: o =>
            o with
            {
                SessionMinutes = new Dictionary<string, double>(StringComparer.Ordinal) { ["REF"] = 10 },
            }
        );
        var accession = Referrer.NewAccession();
        var order = Person.Fills(
            await clinic.Referrer.Opens("/office/refer"),
            "/office/refer",
            ("patientId", "FID-0001"),
            ("protocolCode", "XR-WRIST"),
            ("laterality", "L"),
            ("indication", "Fall on the hand, typed for a long time."),
            ("accessionNumber", accession)
        );
        clinic.Clock.Turn(TimeSpan.FromMinutes(11));
        var late = await clinic.Referrer.Sends("/office/refer", order);
        late.Location.Should().Be("/sign-in?return=%2Fsign-in%2Funsent");

        // Whoever else signs in at this browser gets nothing of it.
        using var other = clinic.Referrer.Copy("otto");
        await other.TriesPassword(Person.Password);
        (await other.Peeks("/sign-in/unsent")).Words.Should().Contain("nothing to send").And.NotContain("typed for a");

        (await clinic.Referrer.TriesPassword(Person.Password)).Location.Should().Be("/office");
        var page = await clinic.Referrer.Peeks("/sign-in/unsent");
        page.Words.Should().Contain("Not sent yet").And.Contain("typed for a long time");
        (await clinic.Referrer.Sends("/office/refer", Person.Fills(page, "/office/refer")))
            .Status.Should()
            .Be(HttpStatusCode.Redirect);
        (
            await clinic.InDatabaseAsync(db =>
                db.Set<Pathway.Exams.ExamRecord>().AnyAsync(e => e.AccessionNumber == accession)
            )
        )
            .Should()
            .BeTrue();
    }
}
