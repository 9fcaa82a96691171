using System.Net;
using System.Net.Http.Headers;

namespace Fiducial.Server.Tests;

/// <summary>A plain archive that can be reached by others: HTTPS, and a bearer token for everything but its health.</summary>
public sealed class ArchiveTokenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-tokens-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_token_opens_what_its_scope_names_until_it_is_ended()
    {
        await using var server = await ServerProcess.OpenAsync("archive", _folder, "--tokens");
        var reader = await Issue("viewer");
        var sender = await Issue("gateway", "--scope", "store");
        using var http = new HttpClient { BaseAddress = server.Address };
        async Task<HttpResponseMessage> Ask(string? token, string path = "/dicomweb/studies", HttpMethod? method = null)
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return await http.SendAsync(request);
        }
        (await Ask(null, "/health")).StatusCode.Should().Be(HttpStatusCode.OK);
        using (var nobody = await Ask(null))
        {
            nobody.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
            nobody.Headers.WwwAuthenticate.ToString().Should().Be("Bearer realm=\"fiducial\"");
        }
        (await Ask(reader + "x")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await Ask(reader)).IsSuccessStatusCode.Should().BeTrue();
        using (var refused = await Ask(reader, method: HttpMethod.Post))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
            refused.Headers.WwwAuthenticate.ToString().Should().Contain("insufficient_scope").And.Contain("store");
        }
        (await Ask(sender)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Ask(sender, method: HttpMethod.Post)).StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await Ask(reader, "/dicomweb/studies/1.2.3/medium")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Ask(sender, "/dicomweb/studies/1.2.3/medium")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Ask(reader, "/quarantine")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Ask(reader, "/metrics")).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        (await ServerProcess.RunAsync("archive", "token", "end", "viewer", "--data", _folder)).ExitCode.Should().Be(0);
        (await Ask(reader)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);

        var (_, listed) = await ServerProcess.RunAsync("archive", "token", "list", "--data", _folder);
        listed.Should().Contain("viewer").And.Contain("ended").And.NotContain(reader);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "archive"), "index.db*"))
        {
            using var held = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await held.CopyToAsync(bytes);
            System.Text.Encoding.Latin1.GetString(bytes.ToArray()).Should().NotContain(sender, "only its hash is kept");
        }
    }

    [Fact]
    public async Task Devices_are_registered_from_the_command_line_while_the_archive_is_open()
    {
        await using var server = await ServerProcess.OpenAsync("archive", _folder);
        async Task<(int ExitCode, string Said)> Run(params string[] words) =>
            await ServerProcess.RunAsync(["device", .. words, "--data", _folder]);
        (await Run("add", "WS1@10.0.0.9:4242", "--role", "workstation", "--most-associations", "3"))
            .ExitCode.Should()
            .Be(0);
        (await Run("add", "WS1@10.0.0.9:4242")).ExitCode.Should().Be(1);
        (await Run("change", "WS1@10.0.0.10:4242", "--certificate", new string('A', 64))).ExitCode.Should().Be(0);
        (await Run("change", "WS1@10.0.0.10:4242", "--most-bytes-a-day", "2G", "--largest-object", "500M"))
            .ExitCode.Should()
            .Be(0);
        (await Run("change", "WS1@10.0.0.10:4242", "--largest-object", "much")).ExitCode.Should().Be(2);
        (await Run("list"))
            .Said.Should()
            .Contain("WS1\t10.0.0.10:4242\tWorkstation\tcertificate AAAA")
            .And.Contain("at most 3")
            .And.Contain("at most 2147483648 bytes a day")
            .And.Contain("objects of at most 524288000 bytes");
        (await Run("remove", "WS1")).ExitCode.Should().Be(0);
        (await Run("remove", "WS1")).ExitCode.Should().Be(1);
        (await Run("log")).Said.Should().Contain("device added: WS1").And.Contain("device removed: WS1");
    }

    [Fact]
    public async Task Beyond_this_machine_an_archive_speaks_https_and_asks_for_a_token()
    {
        TestCertificate.Write(Path.Combine(_folder, "archive.pem"));
        // In a network of its own, because it listens on every address there is.
        var script = """
            ip link set lo up 2>/dev/null || ifconfig lo up
            cd "$1"; mkdir data
            export FIDUCIAL__CERTIFICATE="$1/archive.pem" FIDUCIAL__CORSORIGINS__0=https://viewer.example
            "$0" archive --data data --listen 0.0.0.0 --http 15080 --dicom 0 > said 2>&1 & server=$!
            for i in $(seq 600); do curl -sk https://127.0.0.1:15080/health > /dev/null && break; sleep 0.1; done
            token=$("$0" archive token add viewer --data data)
            url=https://127.0.0.1:15080/dicomweb/studies
            code() { curl -sk -o /dev/null -w '%{http_code} ' "$@"; }
            code $url
            code -H "Authorization: Bearer $token" $url
            code http://127.0.0.1:15080/dicomweb/studies
            code -X OPTIONS -H 'Origin: https://viewer.example' -H 'Access-Control-Request-Method: GET' -H 'Access-Control-Request-Headers: authorization' $url
            curl -sk -D - -o /dev/null -H 'Origin: https://viewer.example' -H "Authorization: Bearer $token" $url | grep -i '^access-control-allow-origin'
            kill $server; wait $server
            """;
        var (output, error) = await PrivateNetwork.RunAsync(script, _folder);
        output.Trim().Should().Be("401 200 000 204 access-control-allow-origin: https://viewer.example", error);
    }

    private async Task<string> Issue(string name, params string[] options)
    {
        var (code, said) = await ServerProcess.RunAsync([
            "archive",
            "token",
            "add",
            name,
            .. options,
            "--data",
            _folder,
        ]);
        code.Should().Be(0, said);
        return said.Trim();
    }
}
