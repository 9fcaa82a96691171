using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Server.Demonstration;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Server.Tests;

/// <summary>A clinic in which one exam was walked from referral to release, and then the technologist at every route of it.</summary>
public sealed class TechnologistAtEveryDoorTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_walk_ends_and_no_route_tells_the_technologist_a_result()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        using var ledger = new StringWriter(CultureInfo.InvariantCulture);
        (await DemonstrationWalk.RunAsync(clinic.Services, clinic.DicomPort, ledger)).Should().BeTrue();
        ledger.ToString().Should().Contain("U11").And.Contain("L11").And.Contain("The chain verifies.");

        var exam = await clinic.InDatabaseAsync(db => db.Set<ExamRecord>().AsNoTracking().SingleAsync());
        var (tried, open) = (0, 0);
        foreach (var route in Routes(clinic).Where(r => r.Metadata.GetMetadata<StaticAssetDescriptor>() is null))
        {
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                tried++;
                using var content = method is "POST" or "PUT"
                    ? new StringContent("{}", new MediaTypeHeaderValue("application/json"))
                    : null;
                using var answer = await clinic.Technologist.RequestsAsync(
                    new HttpMethod(method),
                    EveryDoor.Address(route.RoutePattern, exam),
                    content
                );
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
        (await clinic.Technologist.Opens("/there-is-no-such-page")).Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_route_says_whose_it_is()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        foreach (var route in Routes(clinic))
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
    }

    private static IEnumerable<RouteEndpoint> Routes(ClinicInABox clinic) =>
        clinic.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}
