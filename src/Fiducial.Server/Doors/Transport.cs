using System.Net;
using System.Security.Cryptography.X509Certificates;
using Fiducial.Server.Bridges;
using Fiducial.Server.Commands;
using Microsoft.AspNetCore.HttpOverrides;

namespace Fiducial.Server.Doors;

/// <summary>
/// How pages travel. On this machine in plain; beyond it by HTTPS alone: with the certificate of the house, or to a reverse proxy that is named
/// (<c>--behind-proxy</c>) and speaks HTTPS to everyone else.
/// </summary>
internal static class Transport
{
    // What a watchman asks for has nothing of anybody in it, and he need not pass by the proxy.
    private static readonly string[] InPlain = ["/health", "/metrics"];

    public static bool IsOfThisMachine(ClinicOptions options) => IPAddress.IsLoopback(options.Listen);

    /// <exception cref="CommandException">The house would speak plain beyond this machine.</exception>
    public static void Check(ClinicOptions options)
    {
        if (SpeaksHttps(options) && options.Certificate.Length == 0)
        {
            throw new CommandException(
                2,
                "beyond this machine pages travel by HTTPS alone: name a PEM file with a certificate and its private key as Fiducial:Certificate in fiducial.json; or, when a reverse proxy speaks HTTPS for it, that proxy's address with --behind-proxy; or leave --listen out."
            );
        }
    }

    /// <summary>With which the house itself speaks HTTPS; null when it speaks plain.</summary>
    /// <exception cref="CommandException">It cannot be read, or there is none where one is needed.</exception>
    public static X509Certificate2? CertificateOf(ClinicOptions options)
    {
        Check(options);
        return SpeaksHttps(options) ? Devices.CertificateOf(options) : null;
    }

    private static bool SpeaksHttps(ClinicOptions options) =>
        options.BehindProxies.Count == 0 && !IsOfThisMachine(options);

    /// <summary>
    /// Stands before everything else. Who asks, and by what scheme and host, is believed of the named proxies alone; cookies of HTTPS go by HTTPS
    /// alone, and browsers remember that (RFC 6797).
    /// </summary>
    public static void UseTransport(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ClinicOptions>();
        if (options.BehindProxies.Count > 0)
        {
            app.UseForwardedHeaders(Forwarding(options.BehindProxies));
            app.Use(
                (http, next) =>
                    http.Request.IsHttps || InPlain.Contains(http.Request.Path.Value, StringComparer.Ordinal)
                        ? next(http)
                        : RefuseAsync(http)
            );
        }
        app.UseCookiePolicy(new CookiePolicyOptions { Secure = CookieSecurePolicy.SameAsRequest });
        app.Use(
            (http, next) =>
            {
                if (http.Request.IsHttps)
                {
                    http.Response.Headers.StrictTransportSecurity = "max-age=31536000";
                }
                return next(http);
            }
        );
    }

    private static ForwardedHeadersOptions Forwarding(IReadOnlyList<IPAddress> proxies)
    {
        var forwarding = new ForwardedHeadersOptions
        {
            ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
        };
        forwarding.KnownIPNetworks.Clear();
        forwarding.KnownProxies.Clear();
        foreach (var proxy in proxies)
        {
            forwarding.KnownProxies.Add(proxy);
        }
        return forwarding;
    }

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return http.Response.WriteAsync(
            "This house is reached by HTTPS, by way of its proxy. A proxy that forwards must be one that --behind-proxy names, and say X-Forwarded-Proto: https and X-Forwarded-For."
        );
    }
}
