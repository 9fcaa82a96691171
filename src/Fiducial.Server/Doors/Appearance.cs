using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fiducial.Server.Doors;

/// <summary>Light or dark: what the person chose in this browser, else what suits the room, else what the device says.</summary>
internal static class Appearance
{
    private const string Cookie = "fiducial-look";

    /// <summary>The class of the page: <c>dark</c>, <c>bright</c>, or none. Exam room and reading room are dim.</summary>
    public static string Of(HttpContext? http) =>
        http?.Request.Cookies[Cookie] switch
        {
            "light" => "bright",
            "dark" => "dark",
            _ => http?.User.FindFirst(SignedIn.RoleClaim)?.Value is "TECH" or "RAD" ? "dark" : "",
        };

    public static void MapAppearance(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/appearance", Choose).WithMetadata(new PublicAttribute());

    private static RedirectHttpResult Choose(IFormCollection form, HttpContext http)
    {
        if (form["look"].ToString() is "light" or "dark")
        {
            http.Response.Cookies.Append(
                Cookie,
                form["look"].ToString(),
                new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    MaxAge = TimeSpan.FromDays(365),
                }
            );
        }
        else
        {
            http.Response.Cookies.Delete(Cookie);
        }
        return TypedResults.LocalRedirect(LocalAddress.Or(form["back"], "/"));
    }
}
