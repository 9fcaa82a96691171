using System.Diagnostics;
using System.Text.Json;

namespace Fiducial.Tests;

/// <summary>Programs of another make: scripts in a folder beside the tests, on a library that is fetched once from npm.</summary>
/// <param name="folder">Below <c>tests</c>; it has <c>package.json</c> and its lock file.</param>
/// <param name="library">Its name at npm.</param>
public sealed class NodeScripts(string folder, string library)
{
    private readonly string _folder = Path.Combine(Samples.Repository, "tests", folder);
    private readonly SemaphoreSlim _once = new(1);

    /// <summary>Skips the test where the library cannot be had.</summary>
    public async Task InstalledAsync()
    {
        await _once.WaitAsync();
        try
        {
            var missing = await MissingAsync();
            Assert.SkipWhen(missing is not null, missing ?? "");
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="input">What it reads.</param>
    /// <returns>What it says in a line that begins with <c>TOLD</c>.</returns>
    public async Task<JsonDocument> RunAsync(string script, string input, params string[] words)
    {
        await InstalledAsync();
        using var node = Process.Start(
            new ProcessStartInfo("node", [Path.Combine(_folder, script), .. words])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = node.StandardError.ReadToEndAsync();
        var output = node.StandardOutput.ReadToEndAsync();
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        var line = (await output).Split('\n').FirstOrDefault(l => l.StartsWith("TOLD ", StringComparison.Ordinal));
        return line is null
            ? throw new InvalidOperationException($"{script} told nothing: {await output}{await error}")
            : JsonDocument.Parse(line["TOLD ".Length..]);
    }

    private async Task<string?> MissingAsync()
    {
        if (Directory.Exists(Path.Combine(_folder, "node_modules", library)))
        {
            return null;
        }
        try
        {
            using var npm = Process.Start(
                new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
                {
                    WorkingDirectory = _folder,
                    UseShellExecute = false,
                    RedirectStandardError = true,
                }
            )!;
            await npm.WaitForExitAsync();
            return npm.ExitCode == 0 ? null : $"{library} could not be fetched from the npm registry.";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "Node.js is not installed.";
        }
    }
}
