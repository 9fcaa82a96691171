using System.Globalization;
using System.Text.Encodings.Web;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Fiducial.Server.People;

/// <summary>Tokens for programs: a person with their security stamp, and an end, sealed with the keys of the data folder.</summary>
internal sealed class BearerTokens(IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector _seal = protection.CreateProtector("Fiducial bearer token");

    public string Issue(Person person, TimeSpan life) =>
        _seal.Protect(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(clock.GetUtcNow() + life).UtcTicks} {person.SecurityStamp} {person.UserName}"
            )
        );

    /// <summary>The person and the stamp, or null when the token is not ours or has ended.</summary>
    public (string Person, string Stamp)? Read(string token)
    {
        try
        {
            return
                _seal.Unprotect(token).Split(' ', 3) is [var until, var stamp, var person]
                && long.Parse(until, CultureInfo.InvariantCulture) > clock.GetUtcNow().UtcTicks
                ? (person, stamp)
                : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>Signs in whoever brings such a token in the Authorization header.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    BearerTokens tokens,
    UserManager<Person> people,
    ClinicOptions clinic
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }
        if (
            tokens.Read(header["Bearer ".Length..].Trim()) is not var (name, stamp)
            || await people.FindByNameAsync(name) is not { } person
            // A changed password or a disabled person ends tokens, too.
            || person.SecurityStamp != stamp
            || LockOut.IsDisabled(person)
        )
        {
            return AuthenticateResult.Fail("The token is not valid.");
        }
        var jobs = (await people.GetClaimsAsync(person)).Where(c => c.Type == SignedIn.JobClaim).Select(c => c.Value);
        var session = Session.Of(person, Name, [.. jobs], needsSecondFactor: clinic.NeedsSecondFactor);
        return AuthenticateResult.Success(new AuthenticationTicket(session, Name));
    }
}
