using System.Net;
using Fiducial.Pathway.Access;
using OpenTelemetry.Metrics;

namespace Fiducial.Server.Doors;

/// <summary>
/// What a watchman asks: is the house alive, and how does the process fare. Neither says anything of a patient, so neither
/// counts what depends on one: no request, no step and no route is measured, only runtime and received objects as a whole.
/// </summary>
internal static class HealthEndpoints
{
    public static void AddHealth(this IServiceCollection services) =>
        services.AddOpenTelemetry().WithMetrics(m => m.AddMeter("System.Runtime").AddPrometheusExporter());

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", () => TypedResults.Text("healthy")).WithMetadata(new PublicAttribute());
        routes
            .MapPrometheusScrapingEndpoint("/metrics")
            .AddEndpointFilter(
                async (invocation, next) =>
                    invocation.HttpContext.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
                        ? await next(invocation)
                        : TypedResults.NotFound()
            )
            .WithMetadata(new PublicAttribute());
    }
}
