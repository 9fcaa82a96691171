using System.Globalization;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Fiducial.EndToEnd;

/// <summary>
/// The technologist's browser session, with its cookie, at every route of the application after the result was released: what is not
/// this role's does not exist, and what is says nothing of the result and shows no picture above 307,200 pixels.
/// </summary>
internal static class TechnologistAtEveryDoor
{
    private const int MostPixels = 307_200;

    // What a door might listen to: sizes, windows, frames, formats.
    private static readonly string[] Wishes =
    [
        "",
        "?width=4000&height=4000",
        "?viewport=4000,4000",
        "?size=full&quality=100&frame=1",
        "?accept=application/dicom",
        "?rows=4096&columns=4096&window=40,400,linear",
    ];

    /// <summary>
    /// The pictures of the open exam, asked for in every way that another door might understand and decoded by the browser: none has
    /// more pixels than a preview may have.
    /// </summary>
    public static async Task<int> PreviewsStaySmallAsync(Walk walk)
    {
        var addresses = await walk.Technologist.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('main img')].map(i => i.getAttribute('src'))"
        );
        addresses.Should().NotBeEmpty();
        foreach (var address in addresses.SelectMany(a => Wishes.Select(w => a + w)))
        {
            var pixels = await walk.Technologist.Page.EvaluateAsync<int>(
                "async a => { const answer = await fetch(a, { headers: { Accept: 'image/jp2, application/dicom, image/png' } });"
                    + " const p = await createImageBitmap(await answer.blob()); return p.width * p.height; }",
                address
            );
            pixels.Should().BeInRange(1, MostPixels, address);
        }
        return addresses.Length * Wishes.Length;
    }

    public static async Task TryAsync(OpenClinic clinic, Walk walk, ITestOutputHelper output)
    {
        var exam = await clinic.ExamAsync(walk.Accession);
        var (tried, open) = (0, 0);
        foreach (
            var route in clinic.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        )
        {
            if (route.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            {
                continue;
            }
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                tried++;
                if (await TryAsync(walk.Technologist, route, method, exam))
                {
                    open++;
                }
            }
        }
        tried.Should().BeGreaterThan(30);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{tried} routes and methods tried with the technologist's cookie, {open} open to the role or to everyone"
            )
        );
    }

    private static async Task<bool> TryAsync(Visitor technologist, RouteEndpoint route, string method, ExamRecord exam)
    {
        var name = $"{method} {route.RoutePattern.RawText}";
        var isOpen =
            route.Metadata.GetMetadata<PublicAttribute>() is not null
            || route.Metadata.GetMetadata<AccessAttribute>()?.Roles.Contains(Role.TECH) is true;
        if (isOpen && name.EndsWith("/live", StringComparison.Ordinal) || name is "POST /sign-out")
        {
            return true; // The open page listens to the first; the second would end the session.
        }
        var answer = await technologist.Http.FetchAsync(
            EveryDoor.Address(route.RoutePattern, exam),
            new APIRequestContextOptions
            {
                Method = method,
                MaxRedirects = 0,
                DataString = method is "POST" or "PUT" ? "{}" : null,
                Headers = [new("Content-Type", "application/json")],
            }
        );
        if (!isOpen)
        {
            answer.Status.Should().Be(404, name);
            (await answer.BodyAsync()).Should().BeEmpty(name);
            return false;
        }
        (await answer.TextAsync()).Should().NotContainAny([.. Walk.Telling, "signed", "reviewed"], name);
        answer
            .HeadersArray.Select(h => h.Value)
            .Should()
            .NotContain(v => Walk.Telling.Any(t => v.Contains(t, StringComparison.OrdinalIgnoreCase)), name);
        return true;
    }
}
