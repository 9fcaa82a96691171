using Fiducial.Archive.Index;
using Fiducial.Archive.Tokens;
using Fiducial.Archive.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Fiducial.Archive;

/// <summary>
/// Before DICOMweb of an archive that can be reached from other machines: who comes shows a bearer token in the Authorization header
/// (RFC 6750), as OHIF and Weasis do, and its scope decides what is opened. Only <c>/health</c> asks for none.
/// </summary>
public static class TokenDoor
{
    private const string Scheme = "Bearer ";

    /// <summary>After cross-origin answers, because a browser's preflight carries no token; before everything else.</summary>
    public static void UseTokens(this IApplicationBuilder app) => app.Use(Ask);

    private static async Task Ask(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path == "/health")
        {
            await next(http);
            return;
        }
        var shown = Shown(http.Request);
        AccessToken? token;
        try
        {
            token = shown is null ? null : http.RequestServices.GetRequiredService<AccessTokens>().Find(shown);
        }
        catch (IndexUnavailableException)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        var needed = Needed(http.Request);
        if (token is null)
        {
            Refuse(http, StatusCodes.Status401Unauthorized, shown is null ? "" : ", error=\"invalid_token\"");
        }
        else if (!token.Scope.HasFlag(needed))
        {
            var scope = needed.ToString().ToLowerInvariant();
            Refuse(http, StatusCodes.Status403Forbidden, $", error=\"insufficient_scope\", scope=\"{scope}\"");
        }
        else
        {
            await next(http);
        }
    }

    private static string? Shown(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;

    private static TokenScope Needed(HttpRequest request) =>
        !request.Path.StartsWithSegments(DicomWebAddress.Prefix, StringComparison.OrdinalIgnoreCase) ? TokenScope.Admin
        : HttpMethods.IsGet(request.Method)
        || HttpMethods.IsHead(request.Method)
        || HttpMethods.IsOptions(request.Method)
            ? TokenScope.Read
        : TokenScope.Store;

    private static void Refuse(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        http.Response.Headers[HeaderNames.WWWAuthenticate] = $"Bearer realm=\"fiducial\"{why}";
    }
}
