using Fiducial.Pathway.Access;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.StaticAssets;

namespace Fiducial.Server.Doors;

/// <summary>Asks of each request whether its session goes on, and tells pages whose it is.</summary>
internal static class SessionDoor
{
    /// <summary>Among the items of a request: whose session it brought, which has ended.</summary>
    public const string Ended = "fiducial ended session";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        // Asking is no sign of life; a page tells of one by POST.
        routes.MapGet("/session", Whose).WithMetadata(new PublicAttribute());
        routes.MapPost("/session", Whose).WithMetadata(new PublicAttribute());
    }

    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        // Scripts and pictures of the house are everybody's: nothing is asked for them.
        if (http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            return;
        }
        var sessions = http.RequestServices.GetRequiredService<Sessions>();
        if (
            Sessions.IdOf(context.Principal) is not { } id
            || !await sessions.GoesOnAsync(id, IsSignOfLife(http.Request), http.RequestAborted)
        )
        {
            http.Items[Ended] = context.Principal?.FindFirst("sub")?.Value;
            context.RejectPrincipal();
        }
    }

    /// <summary>A stream that stands open ends with its session.</summary>
    public static void UseEndOfStreams(this WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                if (!IsStream(http.Request) || Sessions.IdOf(http.User) is not { } id)
                {
                    await next(http);
                    return;
                }
                using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
                var watch = WatchAsync(http, id, ends.Token);
                await next(http);
                await ends.CancelAsync();
                await watch;
            }
        );

    private static async Task WatchAsync(HttpContext http, Guid id, CancellationToken ct)
    {
        var scopes = http.RequestServices.GetRequiredService<IServiceScopeFactory>();
        try
        {
            while (true)
            {
                await Task.Delay(Look, TimeProvider.System, ct);
                await using var scope = scopes.CreateAsyncScope();
                if (!await scope.ServiceProvider.GetRequiredService<Sessions>().GoesOnAsync(id, false, ct))
                {
                    http.Abort();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The stream ended before its session.
        }
    }

    private static bool IsSignOfLife(HttpRequest request) =>
        !IsStream(request) && !(HttpMethods.IsGet(request.Method) && request.Path == "/session");

    private static bool IsStream(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal);

    private static IResult Whose(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new { who = http.User.FindFirst("sub")?.Value ?? "" });
    }
}
