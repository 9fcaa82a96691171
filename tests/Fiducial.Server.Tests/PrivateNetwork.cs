using System.Diagnostics;

namespace Fiducial.Server.Tests;

/// <summary>A network in which nobody else is, for a program that listens on every address there is.</summary>
internal static class PrivateNetwork
{
    /// <param name="script">For bash; <c>$0</c> is the program, <c>$1</c> the folder.</param>
    /// <returns>What it printed, and what it printed as errors.</returns>
    public static async Task<(string Output, string Error)> RunAsync(string script, string folder)
    {
        Assert.SkipUnless(
            File.Exists("/usr/bin/curl") && File.Exists("/usr/bin/unshare"),
            "curl or unshare is not installed."
        );
        var start = new ProcessStartInfo(
            "unshare",
            ["-n", "bash", "-c", script, Path.Combine(AppContext.BaseDirectory, "Fiducial.Server"), folder]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.SkipWhen(
            (await error).Contains("Operation not permitted", StringComparison.Ordinal),
            "Private networks (unshare -n) are not allowed here."
        );
        return (output, await error);
    }
}
