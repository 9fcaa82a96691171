using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace Fiducial.Server.Tests;

/// <summary>Somebody's account at the provider, and how it was opened there.</summary>
internal sealed record ProviderAccount(string Subject, string Name)
{
    public string Acr { get; init; } = "";
    public ImmutableArray<string> Amr { get; init; } = ["pwd"];
    public string Email { get; init; } = "";
    public bool IsEmailVerified { get; init; }
}

/// <summary>
/// An OpenID Connect provider on a free port: OpenIddict, with the one client that a clinic is. It asks for its secret, for PKCE and for
/// the redirect URI of the clinic's callback.
/// </summary>
internal sealed class ProviderOfTheTown : IAsyncDisposable
{
    public const string Client = "fiducial";
    public const string Secret = "of the clinic and the provider";
    private readonly WebApplication _app;

    private ProviderOfTheTown(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Who sits at the browser, for the provider; null: somebody who gives up.</summary>
    public ProviderAccount? Present { get; set; }

    /// <summary>The <c>acr_values</c> of the last request.</summary>
    public string? AskedAcr { get; private set; }

    public static async Task<ProviderOfTheTown> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder
            .Services.AddOpenIddict()
            .AddServer(o =>
            {
                o.EnableDegradedMode();
                o.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
                o.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
                o.RegisterScopes(OpenIddictConstants.Scopes.Profile, OpenIddictConstants.Scopes.Email);
                o.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
                o.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();
                o.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(h =>
                    h.UseInlineHandler(context =>
                    {
                        if (
                            context.ClientId is not Client
                            || context.RedirectUri?.EndsWith("/sign-in/provider/back", StringComparison.Ordinal)
                                is not true
                        )
                        {
                            context.Reject(OpenIddictConstants.Errors.InvalidClient);
                        }
                        return default;
                    })
                );
                o.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(h =>
                    h.UseInlineHandler(context =>
                    {
                        if (context.ClientId is not Client || context.ClientSecret is not Secret)
                        {
                            context.Reject(OpenIddictConstants.Errors.InvalidClient);
                        }
                        return default;
                    })
                );
            });
        var app = builder.Build();
        var provider = new ProviderOfTheTown(app);
        app.UseAuthentication();
        app.MapGet("/authorize", provider.AuthorizeAsync);
        await app.StartAsync();
        provider.Address = new Uri(app.Urls.First());
        // Its keys are made when it is first asked for them.
        using var browser = new HttpClient();
        await browser.GetStringAsync(new Uri(provider.Address, ".well-known/jwks"));
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AuthorizeAsync(HttpContext http)
    {
        const string scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;
        var request = http.GetOpenIddictServerRequest()!;
        AskedAcr = request.AcrValues;
        if (Present is not { } account)
        {
            return http.ForbidAsync(
                scheme,
                new AuthenticationProperties(
                    new Dictionary<string, string?>(StringComparer.Ordinal)
                    {
                        [OpenIddictServerAspNetCoreConstants.Properties.Error] = OpenIddictConstants
                            .Errors
                            .AccessDenied,
                    }
                )
            );
        }
        var identity = new ClaimsIdentity("town");
        identity.SetClaim("sub", account.Subject).SetClaim("preferred_username", account.Name);
        identity.SetClaim("acr", account.Acr).SetClaims("amr", account.Amr);
        if (account.Email.Length > 0)
        {
            identity.SetClaim("email", account.Email).SetClaim("email_verified", account.IsEmailVerified);
        }
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
        return http.SignInAsync(scheme, new ClaimsPrincipal(identity));
    }
}
