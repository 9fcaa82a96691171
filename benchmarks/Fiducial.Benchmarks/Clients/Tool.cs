using System.Diagnostics;

namespace Fiducial.Benchmarks.Clients;

/// <summary>How a program ended: its exit code, what it said, and the time from its start to its end.</summary>
internal sealed record ToolResult(int ExitCode, string Output, TimeSpan Took)
{
    public string LastLine => Output.TrimEnd().Split('\n')[^1].Trim();
}

/// <summary>Runs the programs that make load.</summary>
internal static class Tool
{
    /// <summary>
    /// DCMTK leaves Nagle's algorithm on, and then 40 ms a message is all that is measured: TCP_NODELAY=1 switches it off, in
    /// its clients, its servers and Orthanc.
    /// </summary>
    public const string NoDelay = "TCP_NODELAY";

    public static async Task<ToolResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        bool nagle = false
    )
    {
        using var process = new Process { StartInfo = Start(program, arguments, folder, nagle) };
        var begun = Stopwatch.GetTimestamp();
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var took = Stopwatch.GetElapsedTime(begun);
        return new ToolResult(process.ExitCode, await output + await errors, took);
    }

    private static ProcessStartInfo Start(string program, IEnumerable<string> arguments, string? folder, bool nagle)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
        };
        start.Environment.Remove(NoDelay);
        if (!nagle)
        {
            start.Environment[NoDelay] = "1";
        }
        return start;
    }
}
