using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Results;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Stages;

/// <summary>One request that stores a whole study.</summary>
internal static class StowStage
{
    public static Task RunAsync(Bench bench) =>
        bench.WithAsync(
            bench.WebPeers,
            async () =>
            {
                await Loading.WarmAsync(bench, bench.WebPeers);
                for (var repeat = 0; repeat < bench.Options.Repeats; repeat++)
                {
                    await bench.WithStudiesAsync(
                        ObjectKind.Ct,
                        1,
                        200,
                        studies =>
                            Loading.MeasureAsync(
                                bench,
                                Works.Stow,
                                bench.WebPeers,
                                repeat,
                                studies,
                                (peer, s) => WebClient.StowAsync(peer, s[0])
                            )
                    );
                }
            }
        );
}
