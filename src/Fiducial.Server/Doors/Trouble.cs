using Fiducial.Server.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fiducial.Server.Doors;

/// <summary>
/// What a person sees when a page cannot be shown: the same words for everyone, so that a closed door says nothing. Programs, which do
/// not ask for a page, get the bare status.
/// </summary>
internal static class Trouble
{
    public static void UseTroublePages(this WebApplication app)
    {
        app.Use(
            async (http, next) =>
            {
                await next(http);
                if (http.Response.StatusCode >= 400 && !http.Response.HasStarted && AsksForPage(http.Request))
                {
                    await new RazorComponentResult<TroublePage>(
                        new Dictionary<string, object?> { [nameof(TroublePage.Status)] = http.Response.StatusCode }
                    )
                    {
                        StatusCode = http.Response.StatusCode,
                    }.ExecuteAsync(http);
                }
            }
        );
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                // The reason is in the log; the status alone goes out, and the page below makes words of it.
                ExceptionHandler = http =>
                {
                    http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                    return Task.CompletedTask;
                },
                AllowStatusCode404Response = true,
            }
        );
    }

    private static bool AsksForPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsPost(request.Method))
        // As every browser says when a person goes to an address; programs that read pages do not.
        && request.Headers.Accept.ToString().Contains("application/xhtml+xml", StringComparison.Ordinal);
}
