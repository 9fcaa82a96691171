using Fiducial.Server.Doors;

namespace Fiducial.Server;

/// <summary>What the clinic and the plain archive have in common: listening, logging, headers.</summary>
internal static class House
{
    /// <exception cref="Commands.CommandException">It would speak plain beyond this machine.</exception>
    public static WebApplicationBuilder Builder(ClinicOptions options)
    {
        var certificate = Transport.CertificateOf(options);
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                ApplicationName = "Fiducial.Server",
            }
        );
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(
                options.Listen,
                options.Http,
                at =>
                {
                    if (certificate is not null)
                    {
                        at.UseHttps(certificate);
                    }
                }
            );
            k.AddServerHeader = false;
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        return builder;
    }

    /// <summary>A strict policy: nothing from elsewhere, no inline script, no inline style.</summary>
    public static void UseHeaders(WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                // At the start of the answer: an answer that was begun anew after an error has them too.
                http.Response.OnStarting(() =>
                {
                    var headers = http.Response.Headers;
                    headers.ContentSecurityPolicy =
                        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src 'self' data: blob:; style-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
                    headers.XContentTypeOptions = "nosniff";
                    headers["Referrer-Policy"] = "no-referrer";
                    headers["Cross-Origin-Opener-Policy"] = "same-origin";
                    return Task.CompletedTask;
                });
                return next(http);
            }
        );
}
