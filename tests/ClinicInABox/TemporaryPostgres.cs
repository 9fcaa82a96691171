using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Fiducial.Tests;

/// <summary>One PostgreSQL server for the whole test program, on a free port of this machine; it ends when the program ends, however it ends.</summary>
public static class TemporaryPostgres
{
    private static readonly Lazy<Task<int>> Port = new(() => StartAsync(Folder));

    private static string? Programs { get; } =
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderBy(d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0)
                .Select(d => Path.Combine(d, "bin"))
                .LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : null;

    public static bool IsInstalled => Programs is not null;

    /// <summary>Connection text of an empty database that nobody else has.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        Assert.SkipUnless(IsInstalled, "PostgreSQL is not installed.");
        var server = $"Host=127.0.0.1;Port={await Port.Value};Username=fiducial;Database=";
        var name = $"clinic{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection($"{server}postgres");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return server + name;
    }

    /// <summary>A server that a test has for itself, to stop and to start again.</summary>
    public static async Task<OwnPostgres> OwnAsync()
    {
        Assert.SkipUnless(IsInstalled, "PostgreSQL is not installed.");
        var folder = $"{Folder}-own-{Guid.NewGuid():N}";
        return new OwnPostgres(Programs!, folder, await StartAsync(folder));
    }

    // Not below the home of root: every parent must be open to the user postgres.
    private static string Folder => $"/tmp/fiducial-pg-{Environment.ProcessId}";

    private static async Task<int> StartAsync(string folder)
    {
        var port = FreePort();
        var script = """
            set -eu
            bin=$1 dir=$2 port=$3 parent=$4
            as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
            cd /
            rm -rf "$dir"; mkdir -m 700 "$dir"; [ "$(id -u)" != 0 ] || chown postgres "$dir"
            as "$bin/initdb" -D "$dir/db" -U fiducial -A trust -E UTF8 --locale=C.UTF-8 --no-instructions --no-sync >/dev/null
            as "$bin/pg_ctl" -D "$dir/db" -w -t 60 -l "$dir/log" -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" start >/dev/null
            ( while kill -0 "$parent" 2>/dev/null; do sleep 1; done
              as "$bin/pg_ctl" -D "$dir/db" -m immediate stop; rm -rf "$dir" ) </dev/null >/dev/null 2>&1 &
            """;
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", script, "pg", Programs!, folder, $"{port}", $"{Environment.ProcessId}"])
        )!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? port : throw new InvalidOperationException("PostgreSQL did not start.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A PostgreSQL server that can be stopped as by a fault, and started again.</summary>
public sealed class OwnPostgres(string programs, string folder, int port)
{
    public string Database { get; } = $"Host=127.0.0.1;Port={port};Username=fiducial;Database=postgres";

    /// <summary>Without a checkpoint and without waiting for anyone: every connection is cut.</summary>
    public Task StopAsync() => ControlAsync("-m", "immediate", "stop");

    public Task StartAsync() =>
        ControlAsync(
            "-l",
            $"{folder}/log",
            "-o",
            $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=50",
            "start"
        );

    private async Task ControlAsync(params string[] words)
    {
        string[] command = [$"{programs}/pg_ctl", "-D", $"{folder}/db", "-w", "-t", "60", .. words];
        var start = string.Equals(Environment.UserName, "root", StringComparison.Ordinal)
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", .. command])
            : new ProcessStartInfo(command[0], command[1..]);
        start.WorkingDirectory = "/";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
