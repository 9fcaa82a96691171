using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Archive.Web;

/// <summary>What this server can do (PS3.18 8.9): OPTIONS on its root gives a WADL made of the routes themselves.</summary>
internal static class Capabilities
{
    private static readonly XNamespace Wadl = "http://wadl.dev.java.net/2009/02";

    public static async Task SendAsync(HttpContext context, CancellationToken ct)
    {
        var routes = context
            .RequestServices.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(r =>
                r.RoutePattern.RawText?.StartsWith(DicomWebAddress.Prefix + "/", StringComparison.Ordinal) is true
            )
            .GroupBy(r => r.RoutePattern.RawText![(DicomWebAddress.Prefix.Length + 1)..], StringComparer.Ordinal);
        var resources = new XElement(
            Wadl + "resources",
            new XAttribute(
                "base",
                $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}{DicomWebAddress.Prefix}"
            ),
            routes.Select(r => new XElement(
                Wadl + "resource",
                new XAttribute("path", r.Key),
                r.SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                    .Distinct(StringComparer.Ordinal)
                    .Select(m => new XElement(Wadl + "method", new XAttribute("name", m)))
            ))
        );
        context.Response.Headers.Allow = "GET, HEAD, POST, OPTIONS";
        context.Response.ContentType = "application/vnd.sun.wadl+xml";
        await context.Response.WriteAsync(new XElement(Wadl + "application", resources).ToString(), Encoding.UTF8, ct);
    }
}
