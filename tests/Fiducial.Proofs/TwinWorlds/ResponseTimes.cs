using System.Diagnostics;

namespace Fiducial.Proofs.TwinWorlds;

/// <summary>
/// Response times of two worlds, taken in turns so that a noisy machine disturbs both alike. They can be told apart when the medians
/// differ by more than 2 ms and more than a quarter, and the ranks of all times say that this is no chance (Mann-Whitney, |z| above 4).
/// </summary>
internal sealed class ResponseTimes
{
    private const double LeastMilliseconds = 2;
    private const double LeastShare = 0.25;
    private const double LeastZ = 4;

    private readonly List<double> _here = [];
    private readonly List<double> _there = [];

    public static async Task<ResponseTimes> TakeAsync(Func<Task> here, Func<Task> there, int times)
    {
        var taken = new ResponseTimes();
        for (var i = -2; i < times; i++)
        {
            var (first, second) = i % 2 == 0 ? (here, there) : (there, here);
            var (a, b) = (await TimeAsync(first), await TimeAsync(second));
            if (i >= 0)
            {
                taken._here.Add(i % 2 == 0 ? a : b);
                taken._there.Add(i % 2 == 0 ? b : a);
            }
        }
        return taken;
    }

    public bool CanBeToldApart
    {
        get
        {
            var (a, b) = (Median(_here), Median(_there));
            return Math.Abs(a - b) > Math.Max(LeastMilliseconds, LeastShare * Math.Min(a, b)) && Math.Abs(Z()) > LeastZ;
        }
    }

    public override string ToString() =>
        FormattableString.Invariant($"{Median(_here):F1} and {Median(_there):F1} ms, z {Z():F1}");

    private double Z()
    {
        double wins = 0;
        foreach (var a in _here)
        {
            foreach (var b in _there)
            {
                wins +=
                    a > b ? 1
                    : a < b ? 0
                    : 0.5;
            }
        }
        double n = _here.Count,
            m = _there.Count;
        return (wins - n * m / 2) / Math.Sqrt(n * m * (n + m + 1) / 12);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<double> TimeAsync(Func<Task> ask)
    {
        var start = Stopwatch.GetTimestamp();
        await ask();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
