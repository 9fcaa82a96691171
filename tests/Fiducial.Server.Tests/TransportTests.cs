using System.Net;

namespace Fiducial.Server.Tests;

/// <summary>A clinic that can be reached by others speaks HTTPS, or a named proxy does so for it.</summary>
public sealed class TransportTests : IDisposable
{
    private const string Hsts = "Strict-Transport-Security";

    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-transport-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    [InlineData("archive")]
    public async Task Beyond_this_machine_a_house_without_a_certificate_does_not_open(string command)
    {
        var data = Path.Combine(_folder, "data");
        var (code, said) = await ServerProcess.RunAsync(command, "--data", data, "--listen", "0.0.0.0");
        code.Should().Be(2);
        said.Should().Contain("HTTPS").And.Contain("Fiducial:Certificate").And.Contain("--behind-proxy");
        Directory.Exists(data).Should().BeFalse("nothing was begun");
    }

    [Fact]
    public async Task Beyond_this_machine_a_clinic_speaks_https_and_its_cookies_travel_by_nothing_else()
    {
        TestCertificate.Write(Path.Combine(_folder, "house.pem"));
        const string script = """
            ip link set lo up 2>/dev/null || ifconfig lo up
            cd "$1"; mkdir data
            export FIDUCIAL__CERTIFICATE="$1/house.pem"
            "$0" serve --data data --listen 0.0.0.0 --http 15081 --dicom 0 > said 2>&1 & server=$!
            for i in $(seq 600); do curl -sk https://127.0.0.1:15081/health > /dev/null && break; sleep 0.1; done
            curl -sk -D - -o /dev/null https://127.0.0.1:15081/sign-in
            curl -s -o /dev/null -w 'plain: %{http_code}' http://127.0.0.1:15081/sign-in
            kill $server; wait $server
            """;
        var (output, error) = await PrivateNetwork.RunAsync(script, _folder);
        output.Should().Contain(" 200", error).And.ContainEquivalentOf($"{Hsts}: max-age=31536000");
        var cookies = output.Split('\n').Where(l => l.StartsWith("set-cookie", StringComparison.OrdinalIgnoreCase));
        cookies.Should().NotBeEmpty().And.OnlyContain(c => c.Contains("; secure", StringComparison.OrdinalIgnoreCase));
        output.Should().EndWith("plain: 000");
    }

    [Fact]
    public async Task Behind_a_proxy_a_clinic_believes_the_named_proxy_alone_and_answers_nobody_in_plain()
    {
        await using var server = await ServerProcess.OpenAsync("serve", _folder, "--behind-proxy", "127.0.0.1");
        using var proxied = await AskAsync(server, "https");
        proxied.StatusCode.Should().Be(HttpStatusCode.OK);
        proxied.Headers.GetValues(Hsts).Should().Equal("max-age=31536000");
        proxied.Headers.GetValues("Set-Cookie").Should().NotBeEmpty().And.OnlyContain(c => c.Contains("; secure"));
        foreach (var scheme in new[] { "http", null })
        {
            using var plain = await AskAsync(server, scheme);
            plain.StatusCode.Should().Be(HttpStatusCode.Forbidden);
            (await plain.Content.ReadAsStringAsync()).Should().Contain("HTTPS");
            plain.Headers.Contains(Hsts).Should().BeFalse();
        }
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(server.Address, "/health"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_stranger_who_says_that_it_is_a_proxy_is_not_believed()
    {
        // An archive opens sooner, and travels the same way.
        await using var server = await ServerProcess.OpenAsync("archive", _folder, "--behind-proxy", "127.0.0.2");
        using var answer = await AskAsync(server, "https", "/dicomweb/studies");
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        await using var other = await ServerProcess.OpenAsync(
            "archive",
            Path.Combine(_folder, "other"),
            "--behind-proxy",
            "127.0.0.1"
        );
        using var asked = await AskAsync(other, "https", "/dicomweb/studies");
        asked.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "behind a proxy an archive asks for a token");
    }

    private static async Task<HttpResponseMessage> AskAsync(
        ServerProcess server,
        string? scheme,
        string path = "/sign-in"
    )
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path));
        if (scheme is not null)
        {
            request.Headers.Add("X-Forwarded-Proto", scheme);
            request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        }
        return await http.SendAsync(request);
    }
}
