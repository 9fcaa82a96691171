using System.Security.Claims;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Law;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.Doors;

internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in", SignInAsync).WithMetadata(new PublicAttribute());
        routes.MapPost("/sign-out", SignOutAsync).WithMetadata(new PublicAttribute());
        routes
            .MapGet(
                "/",
                (HttpContext http) => TypedResults.LocalRedirect(Session.Home(http.User.Actor()?.Role.ToString() ?? ""))
            )
            .WithMetadata(new PublicAttribute());
    }

    private static async Task<IResult> SignInAsync(
        IFormCollection form,
        HttpContext http,
        UserManager<Person> people,
        AuditTrail audit
    )
    {
        var person = await people.FindByNameAsync(form["person"].ToString());
        if (person is null || await people.IsLockedOutAsync(person))
        {
            await RecordAsync(audit, http, person, entered: false);
            return TypedResults.LocalRedirect("/sign-in?failed=true");
        }
        if (!await people.CheckPasswordAsync(person, form["password"].ToString()))
        {
            await people.AccessFailedAsync(person);
            await RecordAsync(audit, http, person, entered: false);
            return TypedResults.LocalRedirect("/sign-in?failed=true");
        }
        await people.ResetAccessFailedCountAsync(person);
        await RecordAsync(audit, http, person, entered: true);
        const string scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        var jobs = (await people.GetClaimsAsync(person)).Where(c => c.Type == SignedIn.JobClaim).Select(c => c.Value);
        var session = Session.Of(person, scheme, [.. jobs], form["role"].ToString());
        await http.SignInAsync(scheme, session);
        return TypedResults.LocalRedirect(Session.Home(session.FindFirstValue(SignedIn.RoleClaim)!));
    }

    // What was typed as a name is not kept: it may be a password in the wrong field.
    private static Task RecordAsync(AuditTrail audit, HttpContext http, Person? person, bool entered)
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
            new AuditEvent(actor, "sign-in", "", entered, "", http.Connection.RemoteIpAddress?.ToString() ?? "")
        );
    }

    private static async Task<IResult> SignOutAsync(IFormCollection form, HttpContext http)
    {
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.LocalRedirect("/sign-in");
    }
}
