using System.Security.Claims;
using Fiducial.Pathway.Access;
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

    private static async Task<IResult> SignInAsync(IFormCollection form, HttpContext http, UserManager<Person> people)
    {
        var person = await people.FindByNameAsync(form["person"].ToString());
        if (person is null || await people.IsLockedOutAsync(person))
        {
            return TypedResults.LocalRedirect("/sign-in?failed=true");
        }
        if (!await people.CheckPasswordAsync(person, form["password"].ToString()))
        {
            await people.AccessFailedAsync(person);
            return TypedResults.LocalRedirect("/sign-in?failed=true");
        }
        await people.ResetAccessFailedCountAsync(person);
        const string scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        var jobs = (await people.GetClaimsAsync(person)).Where(c => c.Type == SignedIn.JobClaim).Select(c => c.Value);
        var session = Session.Of(person, scheme, [.. jobs], form["role"].ToString());
        await http.SignInAsync(scheme, session);
        return TypedResults.LocalRedirect(Session.Home(session.FindFirstValue(SignedIn.RoleClaim)!));
    }

    private static async Task<IResult> SignOutAsync(IFormCollection form, HttpContext http)
    {
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.LocalRedirect("/sign-in");
    }
}
