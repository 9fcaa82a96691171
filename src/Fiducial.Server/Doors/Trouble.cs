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
                    await ShowAsync(http, http.Response.StatusCode, null);
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

    /// <summary>Answers with the page for a status; with a sentence of its own where there is one to say.</summary>
    public static Task ShowAsync(HttpContext http, int status, string? sentence) =>
        new RazorComponentResult<TroublePage>(
            new Dictionary<string, object?>
            {
                [nameof(TroublePage.Status)] = status,
                [nameof(TroublePage.Sentence)] = sentence,
            }
        )
        {
            StatusCode = status,
        }.ExecuteAsync(http);

    private static bool AsksForPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsPost(request.Method))
        // As every browser says when a person goes to an address; programs that read pages do not.
        && request.Headers.Accept.ToString().Contains("application/xhtml+xml", StringComparison.Ordinal);
}
