using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Results;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Stages;

/// <summary>
/// The same work as the index grows. The answers stay of one size: one patient's study, twenty studies of one day, fifty of all.
/// Orthanc with PostgreSQL is left out: to fill it takes longer than all the rest.
/// </summary>
internal static class GrowthStage
{
    private const int Slices = 100;

    public static Task RunAsync(Bench bench)
    {
        IReadOnlyList<Peer> peers = [bench.Fiducial, bench.OrthancSqlite];
        return bench.WithAsync(
            peers,
            async () =>
            {
                var levels = bench.Options.Levels;
                await Loading.WarmAsync(bench, peers);
                var (ct, dx) = await Serving.LoadAsync(bench, peers, levels[0]);
                for (var i = 0; i < levels.Count; i++)
                {
                    if (i > 0)
                    {
                        await Filling.FillAsync(peers, levels[i - 1], levels[i]);
                    }
                    for (var repeat = 0; repeat < bench.Options.Repeats; repeat++)
                    {
                        await Serving.MeasureAsync(bench, peers, repeat, ct, dx, levels[i]);
                        await StoreAsync(bench, peers, repeat, Works.StoreCt1, ObjectKind.Ct, levels[i]);
                        await StoreAsync(bench, peers, repeat, Works.StoreMr1, ObjectKind.Mr, levels[i]);
                    }
                }
            }
        );
    }

    private static Task StoreAsync(
        Bench bench,
        IReadOnlyList<Peer> peers,
        int repeat,
        Work work,
        ObjectKind kind,
        int level
    ) =>
        bench.WithStudiesAsync(
            kind,
            1,
            Slices,
            studies =>
                Loading.MeasureAsync(
                    bench,
                    work,
                    peers,
                    repeat,
                    studies,
                    (peer, s) => StoreClients.StorescuAsync(peer, s, associations: 1),
                    level
                )
        );
}
