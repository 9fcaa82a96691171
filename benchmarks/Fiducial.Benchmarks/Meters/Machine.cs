using System.Globalization;
using System.Runtime.InteropServices;
using Fiducial.Benchmarks.Clients;

namespace Fiducial.Benchmarks.Meters;

/// <summary>What the table says of the machine.</summary>
internal static class Machine
{
    public static string Describe(string folder)
    {
        var processor = Line("/proc/cpuinfo", "model name")?.Split(':')[1].Trim() ?? "unknown processor";
        var memory = long.Parse(
            Line("/proc/meminfo", "MemTotal")!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );
        var drive = new DriveInfo(folder);
        return $"{Environment.ProcessorCount} cores of {processor}, {memory / 1024.0 / 1024:F0} GiB, {drive.DriveFormat}, "
            + $"Linux {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>How many wanted to run in the last minute.</summary>
    public static double Load() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Bytes of the disk that a folder takes.</summary>
    public static async Task<long> DiskBytesAsync(string folder) =>
        long.Parse(
            (await Tool.RunAsync("du", ["-s", "--block-size=1", folder])).Output.Split('\t')[0],
            CultureInfo.InvariantCulture
        );

    private static string? Line(string file, string start) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal));
}
