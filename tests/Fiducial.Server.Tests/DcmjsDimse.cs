using System.Diagnostics;
using System.Text.Json;

namespace Fiducial.Server.Tests;

/// <summary>Devices of another make: scripts in <c>dcmjs-dimse/</c> on the library of that name, which is fetched once.</summary>
internal static class DcmjsDimse
{
    private static readonly string Folder = Path.Combine(
        Samples.Repository,
        "tests",
        "Fiducial.Server.Tests",
        "dcmjs-dimse"
    );
    private static readonly Lazy<Task<string?>> Missing = new(InstallAsync);

    /// <summary>Skips the test where the library cannot be had.</summary>
    public static async Task InstalledAsync()
    {
        var missing = await Missing.Value;
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    /// <summary>Runs a script to its end.</summary>
    /// <returns>What it was told by us, as it printed it.</returns>
    public static async Task<JsonDocument> RunAsync(string script, params string[] words)
    {
        await InstalledAsync();
        using var node = Process.Start(
            new ProcessStartInfo("node", [Path.Combine(Folder, script), .. words])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith("TOLD ", StringComparison.Ordinal));
        line.Should().NotBeNull(output + await error);
        return JsonDocument.Parse(line!["TOLD ".Length..]);
    }

    private static async Task<string?> InstallAsync()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "dcmjs-dimse")))
        {
            return null;
        }
        try
        {
            using var npm = Process.Start(
                new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
                {
                    WorkingDirectory = Folder,
                    UseShellExecute = false,
                    RedirectStandardError = true,
                }
            )!;
            await npm.WaitForExitAsync();
            return npm.ExitCode == 0 ? null : "dcmjs-dimse could not be fetched from the npm registry.";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "Node.js is not installed.";
        }
    }
}
