using System.Globalization;
using System.Security.Claims;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.People;

/// <summary>Lets in whoever has shown enough, in one role, and writes down who came and who was not let in.</summary>
internal sealed class Entrance(UserManager<Person> people, Sessions sessions, AuditTrail audit, ClinicOptions clinic)
{
    /// <summary>Begins a session.</summary>
    /// <param name="secondFactor">What was shown beside the password, in words; empty for nothing.</param>
    /// <returns>The role of the session.</returns>
    public async Task<string> EnterAsync(HttpContext http, Person person, string role, string secondFactor)
    {
        HalfSession.End(http);
        await RecordAsync(http, person, entered: true, secondFactor);
        return await BeginAsync(http, person, role, secondFactor);
    }

    /// <summary>The present session goes on after the person's own security stamp has changed; all others end.</summary>
    public Task GoOnAsync(HttpContext http, Person person, string? secondFactor = null)
    {
        var shown = http.User.FindFirst(SignedIn.SecondFactorClaim)?.Value;
        return BeginAsync(
            http,
            person,
            http.Actor().Role.ToString(),
            secondFactor ?? (shown is null or SignedIn.MissingFactor ? "" : shown)
        );
    }

    /// <summary>Somebody was not let in. What was typed as a name is not kept: it may be a password in the wrong field.</summary>
    public Task RefuseAsync(HttpContext http, Person? person, string secondFactor = "") =>
        RecordAsync(http, person, entered: false, secondFactor);

    private async Task<string> BeginAsync(HttpContext http, Person person, string role, string secondFactor)
    {
        const string scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        var jobs = (await people.GetClaimsAsync(person)).Where(c => c.Type == SignedIn.JobClaim).Select(c => c.Value);
        var session = Session.Of(person, scheme, [.. jobs], role, secondFactor, clinic.NeedsSecondFactor);
        var entered = session.FindFirst(SignedIn.RoleClaim)!.Value;
        if (Sessions.IdOf(http.User) is { } before)
        {
            await sessions.EndAsync(before);
        }
        var record = await sessions.BeginAsync(person, entered);
        var claims = (ClaimsIdentity)session.Identity!;
        claims.AddClaim(new Claim(Sessions.IdClaim, record.Id.ToString("N")));
        claims.AddClaim(new Claim(Sessions.IdleClaim, record.IdleSeconds.ToString(CultureInfo.InvariantCulture)));
        await http.SignInAsync(scheme, session);
        return entered;
    }

    private Task RecordAsync(HttpContext http, Person? person, bool entered, string what)
    {
        var actor = person is null
            ? new Actor
            {
                Id = "",
                Name = "",
                Role = Role.SYS,
            }
            : Session.Of(person, "password").Actor()!;
        return audit.WriteAsync(
            new AuditEvent(actor, "sign-in", "", entered, what, http.Connection.RemoteIpAddress?.ToString() ?? "")
        );
    }
}
