using System.Globalization;
using System.Security.Claims;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Places;
using Fiducial.Server.Doors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.People;

/// <summary>Lets in whoever has shown enough, in one role, and writes down who came and who was not let in.</summary>
internal sealed class Entrance(UserManager<Person> people, Sessions sessions, AuditTrail audit, ClinicOptions clinic)
{
    private const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Begins a session in the role that was chosen, or the usual one, where the place offers it.</summary>
    /// <param name="secondFactor">What was shown beside the password, in words; empty for nothing.</param>
    /// <param name="back">The page that was wanted.</param>
    /// <returns>Where it leads: inside, or back to the sign-in, which says as what one works here.</returns>
    public async Task<string> EnterAsync(
        HttpContext http,
        Person person,
        string role,
        string secondFactor,
        string? back
    )
    {
        HalfSession.End(http);
        var session = await SessionAsync(person, role, secondFactor);
        var entered = session.Actor()!.Role;
        var isOffered = Place.Of(http).Zone.Offers(entered);
        await RecordAsync(http, person, isOffered, isOffered ? secondFactor : "no role of this place");
        if (!isOffered)
        {
            return SignInEndpoints.Door(back, failed: "place");
        }
        await BeginAsync(http, person, session);
        return LocalAddress.Or(back, Session.Home(entered.ToString()));
    }

    /// <summary>The present session goes on after the person's own security stamp has changed; all others end.</summary>
    public async Task GoOnAsync(HttpContext http, Person person, string? secondFactor = null)
    {
        var shown = http.User.FindFirst(SignedIn.SecondFactorClaim)?.Value;
        var role = http.Actor().Role.ToString();
        secondFactor ??= shown is null or SignedIn.MissingFactor ? "" : shown;
        await BeginAsync(http, person, await SessionAsync(person, role, secondFactor));
    }

    /// <summary>Somebody was not let in. What was typed as a name is not kept: it may be a password in the wrong field.</summary>
    public Task RefuseAsync(HttpContext http, Person? person, string secondFactor = "") =>
        RecordAsync(http, person, entered: false, secondFactor);

    private async Task<ClaimsPrincipal> SessionAsync(Person person, string role, string secondFactor)
    {
        var jobs = (await people.GetClaimsAsync(person)).Where(c => c.Type == SignedIn.JobClaim).Select(c => c.Value);
        return Session.Of(person, Scheme, [.. jobs], role, secondFactor, clinic.NeedsSecondFactor);
    }

    private async Task BeginAsync(HttpContext http, Person person, ClaimsPrincipal session)
    {
        if (Sessions.IdOf(http.User) is { } before)
        {
            await sessions.EndAsync(before);
        }
        var record = await sessions.BeginAsync(person, session.FindFirst(SignedIn.RoleClaim)!.Value);
        var claims = (ClaimsIdentity)session.Identity!;
        claims.AddClaim(new Claim(Sessions.IdClaim, record.Id.ToString("N")));
        claims.AddClaim(new Claim(Sessions.IdleClaim, record.IdleSeconds.ToString(CultureInfo.InvariantCulture)));
        await http.SignInAsync(Scheme, session);
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
