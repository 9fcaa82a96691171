using System.Security.Claims;
using Fiducial.Server.Commands;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.People;

/// <summary>
/// The clinic's own OpenID Connect provider, as the section <c>Oidc</c> of fiducial.json names it: <c>{ "Authority":
/// "https://login.clinic.example", "ClientId": "fiducial", "ClientSecretFile": "/etc/fiducial/oidc" }</c>.
/// </summary>
/// <param name="Authority">Where its discovery document is: https, or http on this machine.</param>
public sealed record ClinicProvider(Uri Authority, string ClientId, string ClientSecret)
{
    /// <summary>The claim of the ID token that is somebody's name here; empty: only who has linked an account comes in.</summary>
    public string NameClaim { get; init; } = "";

    /// <summary>A value of <c>acr</c> that says that a second factor was shown there; empty: none does.</summary>
    public string SecondFactorAcr { get; init; } = "";

    /// <summary>A value of <c>amr</c> (RFC 8176), such as <c>mfa</c>, that says so; empty: none does.</summary>
    public string SecondFactorAmr { get; init; } = "";

    /// <summary>The address of this house in browsers, where it stands behind a proxy; null: that of each request.</summary>
    public Uri? Address { get; init; }

    /// <exception cref="CommandException">Something is missing, or not of its form.</exception>
    internal static ClinicProvider? Read(IConfigurationSection oidc)
    {
        if (!oidc.Exists())
        {
            return null;
        }
        return new ClinicProvider(
            Address(nameof(Authority)),
            Setting(nameof(ClientId)),
            Secret(Setting("ClientSecretFile"))
        )
        {
            NameClaim = oidc[nameof(NameClaim)] ?? "",
            SecondFactorAcr = oidc[nameof(SecondFactorAcr)] ?? "",
            SecondFactorAmr = oidc[nameof(SecondFactorAmr)] ?? "",
            Address = oidc[nameof(ClinicProvider.Address)] is { Length: > 0 }
                ? Address(nameof(ClinicProvider.Address))
                : null,
        };
        string Setting(string key) =>
            oidc[key] is { Length: > 0 } value
                ? value
                : throw new CommandException(2, $"fiducial.json: Oidc needs its {key}.");
        Uri Address(string key) =>
            Uri.TryCreate(Setting(key), UriKind.Absolute, out var uri)
            && (uri.Scheme is "https" || (uri.Scheme is "http" && uri.IsLoopback))
                ? uri
                : throw new CommandException(
                    2,
                    $"fiducial.json: the {key} of Oidc is '{oidc[key]}': write https://login.clinic.example."
                );
    }

    /// <summary>
    /// Whom the provider means, of those who are known here: who has linked this subject, else, where the site says so, whose name it is.
    /// A name opens no account that is linked to another subject: names are given anew (OpenID Connect Core 5.7).
    /// </summary>
    internal async Task<Person?> WhoAsync(UserManager<Person> people, ClaimsPrincipal token)
    {
        if (await people.FindByLoginAsync(IssuerOf(token), SubjectOf(token)) is { } linked)
        {
            return linked;
        }
        var named =
            NameClaim.Length > 0 && IsProved(token) && token.FindFirst(NameClaim)?.Value is { Length: > 0 } name
                ? await people.FindByNameAsync(name)
                : null;
        return named is not null && await LinkOfAsync(people, named, IssuerOf(token)) is null ? named : null;
    }

    /// <summary>From now on this subject is this person; false when it is somebody else already, or the person is linked to another.</summary>
    internal static async Task<bool> LinkAsync(UserManager<Person> people, Person person, ClaimsPrincipal token)
    {
        var (issuer, subject) = (IssuerOf(token), SubjectOf(token));
        if (await LinkOfAsync(people, person, issuer) is { } link)
        {
            return link.ProviderKey == subject;
        }
        return (await people.AddLoginAsync(person, new UserLoginInfo(issuer, subject, "OpenID Connect"))).Succeeded;
    }

    /// <summary>Whether the provider says that a second factor was shown there, in the way that this site has written down.</summary>
    internal bool SaysSecondFactor(ClaimsPrincipal token) =>
        (SecondFactorAcr.Length > 0 && token.HasClaim("acr", SecondFactorAcr))
        || (SecondFactorAmr.Length > 0 && token.HasClaim("amr", SecondFactorAmr));

    private static async Task<UserLoginInfo?> LinkOfAsync(UserManager<Person> people, Person person, string issuer) =>
        (await people.GetLoginsAsync(person)).FirstOrDefault(l => l.LoginProvider == issuer);

    // An address that nobody has verified is what anybody may have typed.
    private bool IsProved(ClaimsPrincipal token) =>
        NameClaim is not "email" || (bool.TryParse(token.FindFirst("email_verified")?.Value, out var yes) && yes);

    // A subject is one only together with its issuer (OpenID Connect Core 2).
    private static string IssuerOf(ClaimsPrincipal token) => token.FindFirst("iss")!.Value;

    private static string SubjectOf(ClaimsPrincipal token) => token.FindFirst("sub")!.Value;

    private static string Secret(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } secret
                ? secret
                : throw new CommandException(2, $"fiducial.json: the ClientSecretFile of Oidc, '{path}', is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(2, $"fiducial.json: the ClientSecretFile of Oidc: {e.Message}");
        }
    }
}
