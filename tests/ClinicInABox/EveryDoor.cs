using System.Net.Http.Headers;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Tests;

/// <summary>A route of the house with the addresses of one exam in it, and what it declares.</summary>
/// <param name="Route">Method and pattern.</param>
/// <param name="Access">What it declares; null for a public route, and for one of the framework that is closed.</param>
/// <param name="IsOfExam">The address names the exam, or its study.</param>
public sealed record HouseDoor(Door Door, string Route, AccessAttribute? Access, bool IsPublic, bool IsOfExam)
{
    /// <summary>An answer that does not end: a stream of what happens.</summary>
    public bool IsStream => Route.EndsWith("/live", StringComparison.Ordinal);

    /// <summary>
    /// What is sent to it: a form without the token of a page, or JSON of nothing. It comes through the door and is turned back behind
    /// it, so that no step is taken.
    /// </summary>
    public HttpContent? NewContent() =>
        Door.Method switch
        {
            "POST" => new FormUrlEncodedContent([]),
            "PUT" => new StringContent("{}", new MediaTypeHeaderValue("application/json")),
            _ => null,
        };

    /// <summary>A file of the program itself, such as a style sheet.</summary>
    public bool IsFile { get; init; }
}

/// <summary>All routes that the running house has, whoever mapped them.</summary>
public static class EveryDoor
{
    public static async Task<IReadOnlyList<HouseDoor>> EveryDoorAsync(this ClinicInABox clinic, Guid exam)
    {
        var record = await clinic.ExamAsync(exam);
        var image = await clinic.InDatabaseAsync(db =>
            db.Set<ImageRecord>().AsNoTracking().Where(i => i.ExamId == exam).OrderBy(i => i.Id).FirstOrDefaultAsync()
        );
        return
        [
            .. clinic
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .SelectMany(r =>
                    (r.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m =>
                        Of(r, m, record, image)
                    )
                )
                // A page answers to POST as well as the route of its form at one address: the route of the form comes first.
                .DistinctBy(d => d.Route, StringComparer.OrdinalIgnoreCase)
                .OrderBy(d => d.Route, StringComparer.Ordinal),
        ];
    }

    private static HouseDoor Of(RouteEndpoint route, string method, ExamRecord exam, ImageRecord? image) =>
        new(
            new Door(method, Address(route.RoutePattern, exam, image)),
            $"{method} {route.RoutePattern.RawText}",
            route.Metadata.GetMetadata<AccessAttribute>(),
            route.Metadata.GetMetadata<PublicAttribute>() is not null,
            route.RoutePattern.Parameters.Any(p =>
                p.Name.Equals("exam", StringComparison.OrdinalIgnoreCase) || p.Name is "study"
            )
        )
        {
            IsFile =
                route.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is not null
                || route.RoutePattern.RawText is "{**path:file}",
        };

    /// <summary>The route with what it asks for: the exam, its study and image, and something of its kind wherever anything else stands.</summary>
    public static string Address(RoutePattern pattern, ExamRecord exam, ImageRecord? image = null) =>
        "/"
        + string.Join(
            '/',
            pattern.PathSegments.Select(s =>
                string.Concat(
                    s.Parts.Select(p =>
                        p switch
                        {
                            RoutePatternLiteralPart literal => literal.Content,
                            RoutePatternParameterPart parameter => Value(parameter.Name, exam, image),
                            RoutePatternSeparatorPart separator => separator.Content,
                            _ => "1",
                        }
                    )
                )
            )
        );

    private static string Value(string name, ExamRecord exam, ImageRecord? image) =>
        name.ToLowerInvariant() switch
        {
            "exam" => exam.Id.ToString(),
            "study" => exam.StudyInstanceUid,
            "series" => image?.SeriesInstanceUid ?? "1",
            "instance" => image?.SopInstanceUid ?? "1",
            "image" => image?.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "1",
            "form" => "review",
            "refusal" or "merge" => Guid.Empty.ToString(),
            _ => "1",
        };
}
