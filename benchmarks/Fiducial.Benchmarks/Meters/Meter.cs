using System.Diagnostics;
using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Peers;

namespace Fiducial.Benchmarks.Meters;

/// <summary>One piece of work against one server, measured.</summary>
/// <param name="Seconds">Of the work.</param>
/// <param name="CpuSeconds">Of the server, until it was idle again: what it puts off (previews, checkpoints) is paid for too.</param>
/// <param name="PeakBytes">The most that the server ever held, so far.</param>
internal sealed record Measurement(Outcome Outcome, double Seconds, double CpuSeconds, long PeakBytes);

/// <summary>Measures while nothing else of ours runs.</summary>
internal static class Meter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromMinutes(3);

    /// <summary>Earlier writes are on the disk and earlier work is done before this begins.</summary>
    public static async Task<Measurement> MeasureAsync(Peer peer, Func<Task<Outcome>> work)
    {
        await SettleAsync(peer);
        var before = ProcessUse.Of(peer.Processes);
        var begun = Stopwatch.GetTimestamp();
        var (outcome, peak) = await WatchPeakAsync(peer, work);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await IdleAsync(peer);
        var after = ProcessUse.Of(peer.Processes);
        return new Measurement(
            outcome,
            outcome.Seconds ?? seconds,
            after.CpuSeconds - before.CpuSeconds,
            Math.Max(peak, after.PeakBytes)
        );
    }

    public static async Task SettleAsync(Peer peer)
    {
        await Tool.RunAsync("sync", []);
        await IdleAsync(peer);
    }

    // A child of storescp takes its peak with it when it ends: looked at while it lives, seldom enough to cost nothing.
    private static async Task<(Outcome, long)> WatchPeakAsync(Peer peer, Func<Task<Outcome>> work)
    {
        var running = work();
        var peak = 0L;
        while (await Task.WhenAny(running, Task.Delay(Pause)) != running)
        {
            peak = Math.Max(peak, ProcessUse.Of(peer.Processes).PeakBytes);
        }
        return (await running, peak);
    }

    private static async Task IdleAsync(Peer peer)
    {
        var begun = Stopwatch.GetTimestamp();
        var last = ProcessUse.Of(peer.Processes).CpuSeconds;
        while (Stopwatch.GetElapsedTime(begun) < LongestSettling)
        {
            await Task.Delay(Pause);
            var now = ProcessUse.Of(peer.Processes).CpuSeconds;
            // 0.01 s in 0.2 s: the timers of an idle server.
            if (now - last < 0.015)
            {
                return;
            }
            last = now;
        }
    }
}
