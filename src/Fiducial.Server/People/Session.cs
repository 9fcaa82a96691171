using System.Security.Claims;
using Fiducial.Pathway.Access;

namespace Fiducial.Server.People;

/// <summary>What a session says of its person: the claims from which every room makes its actor.</summary>
internal static class Session
{
    public static ClaimsPrincipal Of(Person person, string scheme)
    {
        var claims = new List<Claim>
        {
            new(ClaimTypes.Name, person.UserName!),
            new(SignedIn.NameClaim, person.DisplayName),
            new(SignedIn.RoleClaim, person.Role),
            new("fiducial:title", Title(person.Role)),
            new(SignedIn.CredentialClaim, person.Credential),
            new(SignedIn.LicenceClaim, person.LicenceActive ? "active" : "inactive"),
        };
        claims.AddRange(
            person
                .Modalities.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(m => new Claim(SignedIn.ModalityClaim, m))
        );
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }

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
            _ => "/sign-in",
        };
}
