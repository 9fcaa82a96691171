using System.Globalization;

namespace Fiducial.Benchmarks.Results;

/// <summary>Numbers as a person reads them: three digits that mean something.</summary>
internal static class Format
{
    public static string Speed(Row row, Work work) => Speed(row.SpeedAs(work.Speed), work.Speed);

    public static string Speed(double value, Speed speed) =>
        speed switch
        {
            Results.Speed.PerSecond => $"{Number(value)} /s",
            Results.Speed.MegabytesPerSecond => $"{Number(value)} MB/s",
            _ => $"{Number(value)} ms",
        };

    public static string Cpu(Row row, Work work) => Cpu(row.CpuAs(work.Cpu), work.Cpu);

    public static string Cpu(double value, CpuPer per) =>
        per is CpuPer.Gigabyte ? $"{Number(value)} s/GB" : $"{Number(value)} ms";

    public static string Megabytes(double bytes) => $"{Number(bytes / 1e6)} MB";

    public static string Times(double ratio) => $"{Number(ratio)}x";

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static string Number(double value) =>
        Math.Abs(value) >= 100 ? value.ToString("#,0", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 10 ? value.ToString("0.0", CultureInfo.InvariantCulture)
        : value.ToString("0.00", CultureInfo.InvariantCulture);
}
