using Fiducial.Benchmarks.Clients;

namespace Fiducial.Benchmarks.Peers;

/// <summary>PostgreSQL with its default settings (fsync on), for one Orthanc. The cluster is made once and copied for each start.</summary>
internal sealed class PostgresCluster(string template)
{
    private const int Port = 25432;
    private const string Database = "orthanc";
    private ServerProcess? _server;

    public int Process => _server!.Id;

    public Dictionary<string, object> OrthancConfiguration { get; } =
        new()
        {
            ["EnableIndex"] = true,
            ["EnableStorage"] = false,
            ["Host"] = "127.0.0.1",
            ["Port"] = Port,
            ["Database"] = Database,
            ["Username"] = "postgres",
            ["Password"] = "",
            ["EnableSsl"] = false,
            ["Lock"] = false,
        };

    /// <summary>Where Debian put its programs; null when PostgreSQL is not installed.</summary>
    public static string? Programs { get; } =
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Select(d => Path.Combine(d, "bin"))
                .Where(d => File.Exists(Path.Combine(d, "initdb")))
                .OrderDescending(StringComparer.Ordinal)
                .FirstOrDefault()
            : null;

    public static async Task<string> VersionAsync() =>
        (await Tool.RunAsync(Path.Combine(Programs!, "postgres"), ["--version"])).Output.Trim();

    public async Task StartAsync(string folder)
    {
        var data = Path.Combine(folder, "postgres");
        var isNew = !Directory.Exists(template);
        if (isNew)
        {
            await MakeTemplateAsync();
        }
        await RunAsync("cp", "-a", template, data);
        _server = await ServerProcess.StartAsync(
            Path.Combine(folder, "postgres.log"),
            "setpriv",
            [
                .. AsPostgres,
                Path.Combine(Programs!, "postgres"),
                "-D",
                data,
                "-p",
                $"{Port}",
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
            ],
            Port
        );
        await RunAsync(
            Path.Combine(Programs!, "createdb"),
            "-h",
            "127.0.0.1",
            "-p",
            $"{Port}",
            "-U",
            "postgres",
            Database
        );
    }

    public Task StopAsync() => _server!.StopAsync();

    // PostgreSQL refuses to run as root.
    private static string[] AsPostgres => ["--reuid=postgres", "--regid=postgres", "--clear-groups"];

    private async Task MakeTemplateAsync()
    {
        Directory.CreateDirectory(template);
        await RunAsync("chown", "postgres:postgres", template);
        await RunAsync(
            "setpriv",
            [
                .. AsPostgres,
                Path.Combine(Programs!, "initdb"),
                "-D",
                template,
                "-A",
                "trust",
                "--no-locale",
                "-E",
                "UTF8",
            ]
        );
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var ended = await Tool.RunAsync(program, arguments);
        if (ended.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {ended.Output.Trim()}");
        }
    }
}
