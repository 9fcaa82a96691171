using System.ComponentModel;
using System.Diagnostics;

namespace Fiducial.Archive.Tests;

/// <summary>Runs DCMTK's tools; a test that needs them is skipped where they are not installed.</summary>
internal static class Dcmtk
{
    public static async Task<(int ExitCode, string Output)> RunAsync(string tool, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // DCMTK leaves Nagle's algorithm on otherwise.
            Environment = { ["TCP_NODELAY"] = "1" },
        };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await error);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"DCMTK's {tool} is not installed.");
            throw;
        }
    }
}
