using Fiducial.Pathway.Access;
using Fiducial.Server.Pages;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Fiducial.Server.Doors;

/// <summary>
/// The way in by the clinic's own OpenID Connect provider (code flow with PKCE, RFC 7636): there, back, and the link of one's account. It
/// lets in who is known here, and makes nobody.
/// </summary>
internal static class ProviderEndpoints
{
    public const string Way = "/sign-in/provider";

    /// <summary>The address to which the provider sends back: registered there as the client's redirect URI.</summary>
    public const string Callback = "/sign-in/provider/back";

    public const string Link = $"{AccountEndpoints.Page}/provider";

    private const string Scheme = "provider";
    private const string RoleItem = "role";
    private const string ReturnItem = "return";
    private const string LinkItem = "link";

    public static void AddProvider(this AuthenticationBuilder authentication, ClinicProvider provider) =>
        authentication.AddOpenIdConnect(
            Scheme,
            o =>
            {
                o.Authority = provider.Authority.OriginalString;
                o.RequireHttpsMetadata = !provider.Authority.IsLoopback;
                o.ClientId = provider.ClientId;
                o.ClientSecret = provider.ClientSecret;
                o.ResponseType = OpenIdConnectResponseType.Code;
                // With the default, form_post, the cookies of the way would have to be open to other sites.
                o.ResponseMode = OpenIdConnectResponseMode.Query;
                o.CallbackPath = Callback;
                o.RemoteSignOutPath = default;
                o.SignedOutCallbackPath = default;
                o.BackchannelTimeout = TimeSpan.FromSeconds(10);
                o.MapInboundClaims = false;
                // The handler would drop iss and acr.
                o.ClaimActions.Clear();
                if (provider.NameClaim is "email")
                {
                    o.Scope.Add("email");
                }
                foreach (var cookie in (CookieBuilder[])[o.CorrelationCookie, o.NonceCookie])
                {
                    cookie.SameSite = SameSiteMode.Lax;
                    cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                }
                o.Events.OnRedirectToIdentityProvider = context =>
                {
                    if (provider.SecondFactorAcr.Length > 0)
                    {
                        context.ProtocolMessage.AcrValues = provider.SecondFactorAcr;
                    }
                    if (provider.Address is { } address)
                    {
                        context.ProtocolMessage.RedirectUri = new Uri(address, Callback).AbsoluteUri;
                    }
                    return Task.CompletedTask;
                };
                o.Events.OnTicketReceived = async context =>
                {
                    context.HandleResponse();
                    await ArriveAsync(context, provider);
                };
                o.Events.OnRemoteFailure = context =>
                {
                    context.HandleResponse();
                    return GoOnAsync(
                        context.HttpContext,
                        context.Properties?.Items.ContainsKey(LinkItem) is true
                            ? $"{AccountEndpoints.Page}?said=provider-silent"
                            : Refused("provider", context.Properties)
                    );
                };
            }
        );

    public static void MapProvider(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Way, LeaveAsync).WithMetadata(new PublicAttribute());
        // The provider's answer is taken before any route; the route says what it is, and leads to the sign-in where there is no provider.
        routes.MapGet(Callback, () => TypedResults.Redirect("/sign-in")).WithMetadata(new PublicAttribute());
        routes.MapPost($"{Link}/link", LinkAsync).WithMetadata(AccountEndpoints.Own);
        routes.MapPost($"{Link}/remove", UnlinkAsync).WithMetadata(AccountEndpoints.Own);
    }

    private static Task LeaveAsync(IFormCollection form, HttpContext http, ClinicOptions clinic)
    {
        var way = new AuthenticationProperties();
        way.Items[RoleItem] = form["role"].ToString();
        way.Items[ReturnItem] = form["return"].ToString();
        return ToProviderAsync(http, clinic, way, Refused("provider", way));
    }

    private static async Task LinkAsync(IFormCollection form, HttpContext http, OwnAccount own, ClinicOptions clinic)
    {
        if (await own.ConfirmedAsync(http, form) is null)
        {
            await AccountEndpoints.Back("password-wrong").ExecuteAsync(http);
            return;
        }
        var way = new AuthenticationProperties();
        way.Items[LinkItem] = Sessions.IdOf(http.User)?.ToString();
        await ToProviderAsync(http, clinic, way, $"{AccountEndpoints.Page}?said=provider-silent");
    }

    private static async Task<IResult> UnlinkAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        UserManager<Person> people,
        Entrance entrance
    )
    {
        if (await own.ConfirmedAsync(http, form) is not { } me)
        {
            return AccountEndpoints.Back("password-wrong");
        }
        foreach (var link in await people.GetLoginsAsync(me))
        {
            await people.RemoveLoginAsync(me, link.LoginProvider, link.ProviderKey);
        }
        await entrance.GoOnAsync(http, me);
        return AccountEndpoints.Back("unlinked");
    }

    private static async Task ToProviderAsync(
        HttpContext http,
        ClinicOptions clinic,
        AuthenticationProperties way,
        string otherwise
    )
    {
        if (clinic.Provider is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        string to;
        try
        {
            await http.ChallengeAsync(Scheme, way);
            to = http.Response.Headers.Location.ToString();
        }
        catch (InvalidOperationException e)
        {
            // It could not be asked for its discovery document.
            Silent(http, e);
            to = otherwise;
        }
        http.Response.Headers.Remove("Location");
        await GoOnAsync(http, to);
    }

    private static async Task ArriveAsync(TicketReceivedContext context, ClinicProvider provider)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        var (token, way) = (context.Principal!, context.Properties!);
        var people = services.GetRequiredService<UserManager<Person>>();
        if (way.Items.TryGetValue(LinkItem, out var session))
        {
            // The browser does not show the cookie of the session to a page that comes from elsewhere: the way, sealed, names it.
            var owner = Guid.TryParse(session, out var id)
                ? await services.GetRequiredService<Sessions>().WhoseAsync(id, http.RequestAborted)
                : null;
            var isLinked = owner is not null && await ClinicProvider.LinkAsync(people, owner, token);
            await GoOnAsync(http, $"{AccountEndpoints.Page}?said={(isLinked ? "linked" : "link-refused")}");
            return;
        }
        var entrance = services.GetRequiredService<Entrance>();
        var person = await provider.WhoAsync(people, token);
        // As with a passkey: what guesses have locked is open, what is disabled is not.
        if (person is null || LockOut.IsDisabled(person))
        {
            await entrance.RefuseAsync(http, person, "the clinic's provider");
            await GoOnAsync(http, Refused("unknown", way));
            return;
        }
        var (role, back) = (way.Items[RoleItem] ?? "", way.Items[ReturnItem]);
        var isShown = provider.SaysSecondFactor(token);
        if (!isShown && await services.GetRequiredService<Authenticator>().HasOwnAsync(person))
        {
            services.GetRequiredService<HalfSession>().Begin(http, person, role);
            await GoOnAsync(http, SignInEndpoints.Door(back, "/sign-in/second"));
            return;
        }
        await GoOnAsync(
            http,
            await entrance.EnterAsync(http, person, role, isShown ? "the clinic's provider" : "", back)
        );
    }

    private static string Refused(string why, AuthenticationProperties? way) =>
        SignInEndpoints.Door(way?.Items.TryGetValue(ReturnItem, out var back) is true ? back : null, failed: why);

    private static void Silent(HttpContext http, Exception e) =>
        http
            .RequestServices.GetRequiredService<ILoggerFactory>()
            .CreateLogger(typeof(ProviderEndpoints))
            .LogWarning(e, "The OpenID Connect provider cannot be asked");

    /// <summary>
    /// A page that goes on by itself. A redirection would not do: a form of ours may lead only to us (form-action), and after a
    /// redirection from another site the browser keeps our cookies back (SameSite=Strict).
    /// </summary>
    private static Task GoOnAsync(HttpContext http, string to)
    {
        http.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<OnwardPage>(new Dictionary<string, object?> { [nameof(OnwardPage.To)] = to })
        {
            StatusCode = StatusCodes.Status200OK,
        }.ExecuteAsync(http);
    }
}
