using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Server.Bridges;
using Fiducial.Server.Commands;
using Fiducial.Server.Demonstration;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Server.Tests;

/// <summary>
/// A whole clinic on a real port, one exam walked from referral to release on images that the program draws, and then the
/// technologist at every route of the application.
/// </summary>
public sealed class TechnologistAtEveryDoorTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_walk_ends_and_no_route_tells_the_technologist_a_result()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial").FullName;
        DataFolder.Claim(folder, "demonstration");
        await using var app = ClinicApp.Build(
            new ClinicOptions
            {
                Data = folder,
                Http = 0,
                Dicom = 0,
                IsDemonstration = true,
            }
        );
        await ClinicApp.PrepareAsync(app);
        await app.StartAsync();
        using var ledger = new StringWriter(CultureInfo.InvariantCulture);
        (await DemonstrationWalk.RunAsync(app.Services, app.Services.GetRequiredService<DicomHost>().Port, ledger))
            .Should()
            .BeTrue();
        ledger.ToString().Should().Contain("U11").And.Contain("L11").And.Contain("The chain verifies.");

        var exam = await FirstAsync(app);
        using var technologist = Client(app, "tessa");
        var (tried, open) = (0, 0);
        foreach (var route in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (route.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            {
                continue;
            }
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                tried++;
                using var request = new HttpRequestMessage(new HttpMethod(method), Address(route.RoutePattern, exam));
                if (method is "POST" or "PUT")
                {
                    request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
                }
                using var answer = await technologist.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var access = route.Metadata.GetMetadata<AccessAttribute>();
                if (
                    route.Metadata.GetMetadata<PublicAttribute>() is null
                    && access?.Roles.Contains(Role.TECH) is not true
                )
                {
                    answer.StatusCode.Should().Be(HttpStatusCode.NotFound, $"{method} {route.RoutePattern.RawText}");
                    (await answer.Content.ReadAsByteArrayAsync())
                        .Should()
                        .BeEmpty($"{method} {route.RoutePattern.RawText}");
                    continue;
                }
                open++;
                if (answer.Content.Headers.ContentType?.MediaType is "text/event-stream")
                {
                    continue;
                }
                var text = await answer.Content.ReadAsStringAsync();
                text.Should().NotContainAny("hairline", "fracture", "lucent", "splint", "signed", "reviewed");
            }
        }
        output.WriteLine(
            $"{tried} routes and methods tried as technologist, {open} of them open to the role or to everyone"
        );
        tried.Should().BeGreaterThan(30);
        using var unknown = await technologist.GetAsync("/there-is-no-such-page");
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
        await app.StopAsync();
    }

    [Fact]
    public async Task Every_route_says_whose_it_is()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial").FullName;
        await using var app = ClinicApp.Build(
            new ClinicOptions
            {
                Data = folder,
                Http = 0,
                Dicom = 0,
            }
        );
        await ClinicApp.PrepareAsync(app);
        await app.StartAsync();
        foreach (var route in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var isKnown =
                route.Metadata.GetMetadata<PublicAttribute>() is not null
                || route.Metadata.GetMetadata<AccessAttribute>() is not null
                || route.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
                || route.RoutePattern.RawText!.StartsWith("/dicomweb", StringComparison.Ordinal)
                || route.RoutePattern.RawText.StartsWith("/_", StringComparison.Ordinal)
                // The framework's own answer for a file that is not there: it says nothing, so the door is closed before it.
                || route.RoutePattern.RawText is "{**path:file}";
            isKnown.Should().BeTrue(route.RoutePattern.RawText);
        }
        await app.StopAsync();
    }

    private static HttpClient Client(WebApplication app, string person)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
        var token = app.Services.GetRequiredService<BearerTokens>().Issue(person, TimeSpan.FromMinutes(5));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<ExamRecord> FirstAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<ClinicDb>()
            .Set<ExamRecord>()
            .AsNoTracking()
            .SingleAsync();
    }

    // The route with the exam that was walked, its study, and 1 wherever anything else is asked for.
    private static string Address(RoutePattern pattern, ExamRecord exam) =>
        "/"
        + string.Join(
            '/',
            pattern.PathSegments.Select(s =>
                string.Concat(
                    s.Parts.Select(p =>
                        p switch
                        {
                            RoutePatternLiteralPart literal => literal.Content,
                            RoutePatternParameterPart { Name: var name }
                                when name.Equals("exam", StringComparison.OrdinalIgnoreCase) => exam.Id.ToString(),
                            RoutePatternParameterPart { Name: "study" } => exam.StudyInstanceUid,
                            RoutePatternParameterPart { Name: "Refusal" } => Guid.Empty.ToString(),
                            RoutePatternSeparatorPart separator => separator.Content,
                            _ => "1",
                        }
                    )
                )
            )
        );
}
