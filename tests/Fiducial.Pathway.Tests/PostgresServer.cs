using System.Diagnostics;

namespace Fiducial.Tests;

/// <summary>A PostgreSQL server of the tests' own, on a free port of this machine.</summary>
internal static class PostgresServer
{
    private static readonly Lazy<Task<int>> Port = new(StartAsync);

    public static async Task<string> DatabaseAsync()
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "PostgreSQL is not installed.");
        var port = await Port.Value;
        return $"Host=127.0.0.1;Port={port};Username=fiducial;Database=test{Guid.NewGuid():N}";
    }

    private static async Task<int> StartAsync()
    {
        var bin = Path.Combine(
            Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last(),
            "bin"
        );
        var folder = $"/tmp/fiducial-pg-{Environment.ProcessId}";
        var port = 54400 + Environment.ProcessId % 1000;
        var asOther = Environment.UserName == "root" ? "runuser -u postgres -- " : "";
        var script =
            $"mkdir -p {folder} && {(asOther.Length > 0 ? $"chown postgres {folder} &&" : "")} chmod 700 {folder} && cd / && "
            + $"{asOther}{bin}/initdb -D {folder}/db -U fiducial -A trust -E UTF8 --locale=C.UTF-8 --no-instructions >/dev/null && "
            + $"{asOther}{bin}/pg_ctl -D {folder}/db -w -t 60 -l {folder}/log -o '-p {port} -k {folder} -c listen_addresses=127.0.0.1' start >/dev/null";
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", script]))!;
        await process.WaitForExitAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            Process
                .Start(
                    "bash",
                    [
                        "-c",
                        $"cd / && {asOther}{bin}/pg_ctl -D {folder}/db -m immediate stop >/dev/null; rm -rf {folder}",
                    ]
                )
                ?.WaitForExit();
        return process.ExitCode == 0 ? port : throw new InvalidOperationException("PostgreSQL did not start.");
    }
}
