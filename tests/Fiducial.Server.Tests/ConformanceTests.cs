using System.Net;
using Fiducial.Server.Commands;

namespace Fiducial.Server.Tests;

/// <summary>What the statement says is what the house does, and what the documents say.</summary>
public sealed class ConformanceTests
{
    [Theory]
    [InlineData("clinic")]
    [InlineData("archive")]
    public async Task The_statement_in_the_documents_is_the_one_that_the_program_prints(string of)
    {
        await using var printed = new StringWriter();
        (await PrintConformance.RunAsync(of, printed, CancellationToken.None)).Should().Be(0);
        var kept = Path.Combine(Samples.Repository, "docs", $"conformance-{of}.md");
        printed
            .ToString()
            .Should()
            .Be(
                await File.ReadAllTextAsync(kept),
                $"fiducial conformance {of} > docs/conformance-{of}.md brings it up to date"
            );
    }

    [Fact]
    public async Task Pages_of_the_configured_origin_alone_may_call_DICOMweb_and_HEAD_is_answered_without_a_body()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-");
        await using var app = ServeArchive.Build(
            new ClinicOptions
            {
                Data = folder.FullName,
                Http = 0,
                Dicom = 0,
                CorsOrigins = ["https://viewer.example"],
            }
        );
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        async Task<(HttpStatusCode Status, string? Allowed)> AskAsync(HttpMethod method, string path, string origin)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("Origin", origin);
            if (method == HttpMethod.Options)
            {
                request.Headers.Add("Access-Control-Request-Method", "GET");
                request.Headers.Add("Access-Control-Request-Headers", "authorization");
            }
            using var answer = await http.SendAsync(request);
            return (
                answer.StatusCode,
                answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var o) ? o.Single() : null
            );
        }
        (await AskAsync(HttpMethod.Options, "/dicomweb/studies", "https://viewer.example"))
            .Should()
            .Be((HttpStatusCode.NoContent, "https://viewer.example"));
        (await AskAsync(HttpMethod.Get, "/dicomweb/studies", "https://viewer.example"))
            .Allowed.Should()
            .Be("https://viewer.example");
        (await AskAsync(HttpMethod.Get, "/dicomweb/studies", "https://elsewhere.example")).Allowed.Should().BeNull();
        (await AskAsync(HttpMethod.Get, "/health", "https://viewer.example")).Allowed.Should().BeNull();

        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/dicomweb/studies"));
        using var get = await http.GetAsync("/dicomweb/studies");
        head.StatusCode.Should().Be(get.StatusCode);
        head.Content.Headers.ContentType.Should().Be(get.Content.Headers.ContentType);
        (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        await app.StopAsync();
        folder.Delete(recursive: true);
    }
}
