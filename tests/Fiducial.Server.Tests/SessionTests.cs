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
}
