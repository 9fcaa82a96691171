using System.Security.Claims;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.People;

/// <summary>What a session says of its person: the claims from which every room makes its actor.</summary>
internal static class Session
{
    /// <param name="person">Who signs in.</param>
    /// <param name="scheme">Of the authentication.</param>
    /// <param name="jobs">What else the person works as.</param>
    /// <param name="role">The one role of this session: the person's own, or one of the jobs.</param>
    public static ClaimsPrincipal Of(
        Person person,
        string scheme,
        IReadOnlyList<string>? jobs = null,
        string? role = null
    )
    {
        string[] all = [person.Role, .. jobs ?? []];
        var chosen = role is not null && all.Contains(role, StringComparer.Ordinal) ? role : person.Role;
        var claims = new List<Claim>
        {
            new(ClaimTypes.Name, person.UserName!),
            new(SignedIn.NameClaim, person.DisplayName),
            new(SignedIn.RoleClaim, chosen),
            new("fiducial:title", Title(chosen)),
        };
        claims.AddRange(all.Where(j => j != chosen).Select(j => new Claim(SignedIn.JobClaim, j)));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }

    /// <summary>Who was shut out since the sign-in is out at once.</summary>
    public static async Task StillWorksHereAsync(CookieValidatePrincipalContext session)
    {
        var people = session.HttpContext.RequestServices.GetRequiredService<UserManager<Person>>();
        if (
            session.Principal?.Identity?.Name is not { } name
            || await people.FindByNameAsync(name) is not { } person
            || KeepPeople.IsDisabled(person)
        )
        {
            session.RejectPrincipal();
        }
    }

    /// <summary>Roles in which somebody works here, one of which a person with several chooses at sign-in.</summary>
    public static readonly IReadOnlyList<string> Jobs =
    [
        "CLK",
        "TECH",
        "RES",
        "RAD",
        "MDR",
        "REF",
        "COV",
        "PRV",
        "ADM",
        "DEL",
    ];

    /// <summary>The role in words.</summary>
    public static string Title(string role) =>
        role switch
        {
            "CLK" => "front desk",
            "TECH" => "technologist",
            "RAD" => "radiologist",
            "RES" => "resident",
            "REF" => "referring doctor",
            "COV" => "covering doctor",
            "MDR" => "medical director",
            "PAT" => "patient",
            "CRD" => "coordinator",
            "PRV" => "privacy officer",
            "ADM" => "administrator",
            "DEL" => "care team",
            _ => "",
        };

    /// <summary>The room that opens after sign-in.</summary>
    public static string Home(string role) =>
        role switch
        {
            "CLK" => "/front-desk",
            "TECH" => "/exam-room",
            "RAD" => "/reading-room",
            "REF" => "/office",
            "PAT" => "/my",
            "COV" or "MDR" => "/office",
            "CRD" => "/coordination",
            "PRV" => "/privacy",
            "DEL" => "/care-team",
            "ADM" => "/administration/people",
            _ => "/sign-in",
        };
}
