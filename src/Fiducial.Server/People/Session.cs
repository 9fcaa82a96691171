using System.Security.Claims;
using Fiducial.Pathway.Access;

namespace Fiducial.Server.People;

/// <summary>What a session says of its person: the claims from which every room makes its actor.</summary>
internal static class Session
{
    /// <param name="person">Who signs in.</param>
    /// <param name="scheme">Of the authentication.</param>
    /// <param name="jobs">What else the person works as.</param>
    /// <param name="role">The one role of this session: the person's own, or one of the jobs.</param>
    /// <param name="secondFactor">What was shown beside the password; empty for nothing.</param>
    /// <param name="needsSecondFactor">Whether this site asks one of those who sign and release.</param>
    public static ClaimsPrincipal Of(
        Person person,
        string scheme,
        IReadOnlyList<string>? jobs = null,
        string? role = null,
        string secondFactor = "",
        bool needsSecondFactor = false
    )
    {
        string[] all = [person.Role, .. jobs ?? []];
        var chosen = role is not null && all.Contains(role, StringComparer.Ordinal) ? role : person.Role;
        var shown =
            secondFactor.Length == 0 && needsSecondFactor && SignOrRelease.Contains(chosen)
                ? SignedIn.MissingFactor
                : secondFactor;
        var claims = new List<Claim>
        {
            new(ClaimTypes.Name, person.UserName!),
            new(SignedIn.NameClaim, person.DisplayName),
            new(SignedIn.RoleClaim, chosen),
            new("fiducial:title", Title(chosen)),
            new(SignedIn.SecondFactorClaim, shown),
            // Forms belong to the person in the role (antiforgery): they can still be sent after signing in once more.
            new("sub", $"{person.UserName} {chosen}"),
        };
        claims.AddRange(all.Where(j => j != chosen).Select(j => new Claim(SignedIn.JobClaim, j)));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
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

    /// <summary>Roles that sign or release, of which a site asks a second factor.</summary>
    public static readonly IReadOnlyList<string> SignOrRelease = ["RAD", "MDR", "REF", "COV"];

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
            "PRX" => "stands for a patient",
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
            "PRX" => "/my/for",
            "COV" or "MDR" => "/office",
            "CRD" => "/coordination",
            "PRV" => "/privacy",
            "DEL" => "/care-team",
            "ADM" => "/administration/people",
            "" => "/sign-in",
            _ => "/account",
        };
}
