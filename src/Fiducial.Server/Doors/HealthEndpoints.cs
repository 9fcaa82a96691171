using System.Net;
using Fiducial.Pathway.Access;
using OpenTelemetry.Metrics;

namespace Fiducial.Server.Doors;

/// <summary>
/// What a watchman asks: is the house alive, and how does the process fare. The figures are the runtime's alone, no request, step or
/// route; yet memory and work follow what is done here, so they exist for a program on this machine and for nobody else.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly string[] OfProxies = ["X-Forwarded-For", "X-Original-For", "Forwarded", "Via"];

    public static void AddHealth(this IServiceCollection services) =>
        services.AddOpenTelemetry().WithMetrics(m => m.AddMeter("System.Runtime").AddPrometheusExporter());

    /// <summary>Stands before the door of the rooms: who is no watchman comes to that door, as with any page that is missing.</summary>
    public static void UseMetrics(this IApplicationBuilder app) =>
        app.UseOpenTelemetryPrometheusScrapingEndpoint(http => http.Request.Path == "/metrics" && IsWatchman(http));

    public static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", () => TypedResults.Text("healthy")).WithMetadata(new PublicAttribute());

    // A person who is signed in comes in a role; behind a proxy on this machine everyone has its address.
    private static bool IsWatchman(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } from
        && IPAddress.IsLoopback(from)
        && http.User.Identity is not { IsAuthenticated: true }
        && !Array.Exists(OfProxies, http.Request.Headers.ContainsKey);
}
