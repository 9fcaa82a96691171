using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Fiducial.Server.Doors;

/// <summary>
/// Viewers on other origins (OHIF) that call DICOMweb from a browser (PS3.18 8.1.4). Only the configured origins, and never with cookies:
/// whoever calls from elsewhere brings a token or is asked for none.
/// </summary>
internal static class CrossOrigin
{
    public static void AddCrossOrigin(this IServiceCollection services, ClinicOptions options)
    {
        if (options.CorsOrigins.Count > 0)
        {
            services.AddCors(o =>
                o.AddPolicy(
                    nameof(CrossOrigin),
                    new CorsPolicyBuilder([.. options.CorsOrigins])
                        .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Options)
                        .WithHeaders("Authorization", "Accept", "Content-Type", "Range")
                        .WithExposedHeaders("Warning")
                        .SetPreflightMaxAge(TimeSpan.FromHours(1))
                        .Build()
                )
            );
        }
    }

    /// <summary>Before anyone is asked who they are: a browser's preflight carries no token.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ClinicOptions>().CorsOrigins.Count > 0)
        {
            app.UseWhen(
                http => http.Request.Path.StartsWithSegments("/dicomweb", StringComparison.OrdinalIgnoreCase),
                web => web.UseCors(nameof(CrossOrigin))
            );
        }
    }
}
