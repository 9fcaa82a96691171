using System.Diagnostics;
using System.Globalization;

namespace Fiducial.EndToEnd;

/// <summary>The programs of dcmtk, as a modality would use them.</summary>
internal static class Dcmtk
{
    public static bool IsInstalled(string program) => Find(program) is not null;

    /// <summary>Sends files over one association and ends when the last was answered; each must be stored.</summary>
    public static Task StoreAsync(int port, IReadOnlyList<string> files) =>
        RunAsync(
            "storescu",
            ["-aet", "MODALITY", "-aec", "FIDUCIAL", "127.0.0.1", port.ToString(CultureInfo.InvariantCulture), .. files]
        );

    /// <summary>Writes attributes of the main data set into a file: "(0010,0020)" to value.</summary>
    public static Task ModifyAsync(string file, params IEnumerable<(string Tag, string Value)> attributes) =>
        RunAsync("dcmodify", ["-nb", .. attributes.SelectMany(a => (string[])["-i", $"{a.Tag}={a.Value}"]), file]);

    private static async Task RunAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var words = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, $"{program} said: {string.Concat(words)}");
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
