using System.Net;

namespace Fiducial.Server.Tests;

/// <summary>Memory and work of the process follow what it is given to do: only a watchman on this machine may read them.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Only_a_program_on_this_machine_reads_the_metrics_and_for_people_they_do_not_exist()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        using var http = new HttpClient { BaseAddress = clinic.Address };
        using (var watchman = await http.GetAsync("/metrics"))
        {
            watchman.StatusCode.Should().Be(HttpStatusCode.OK);
            (await watchman.Content.ReadAsStringAsync()).Should().Contain("dotnet_").And.NotContain("http_route");
        }
        using (var proxied = new HttpRequestMessage(HttpMethod.Get, "/metrics"))
        {
            proxied.Headers.Add("X-Forwarded-For", "203.0.113.7");
            using var answer = await http.SendAsync(proxied);
            using var missing = await http.GetAsync("/there-is-no-such-page");
            answer.StatusCode.Should().Be(missing.StatusCode);
            (await answer.Content.ReadAsStringAsync()).Should().Be(await missing.Content.ReadAsStringAsync());
        }
        (await clinic.Technologist.Opens("/metrics")).Status.Should().Be(HttpStatusCode.NotFound);
    }
}
