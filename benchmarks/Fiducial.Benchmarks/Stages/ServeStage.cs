using Fiducial.Benchmarks.Peers;

namespace Fiducial.Benchmarks.Stages;

/// <summary>Queries and retrievals, from indexes of the smallest level.</summary>
internal static class ServeStage
{
    public static Task RunAsync(Bench bench)
    {
        IReadOnlyList<Peer> peers = [.. bench.WebPeers, bench.Dcmqrscp];
        return bench.WithAsync(
            peers,
            async () =>
            {
                var (ct, dx) = await Serving.LoadAsync(bench, peers, bench.Options.Levels[0]);
                for (var repeat = 0; repeat < bench.Options.Repeats; repeat++)
                {
                    await Serving.MeasureAsync(bench, peers, repeat, ct, dx);
                }
            }
        );
    }
}
