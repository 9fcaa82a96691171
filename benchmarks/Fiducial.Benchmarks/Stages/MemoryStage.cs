using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Results;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Stages;

/// <summary>The most memory that a new server ever held while it took large objects.</summary>
internal static class MemoryStage
{
    public static async Task RunAsync(Bench bench)
    {
        IReadOnlyList<Peer> peers = [bench.Fiducial, bench.OrthancSqlite, bench.Storescp];
        for (var repeat = 0; repeat < bench.Options.Repeats; repeat++)
        {
            await MeasureAsync(bench, peers, repeat, Works.FourLarge, ObjectKind.Dx, associations: 4);
            await MeasureAsync(bench, peers, repeat, Works.HugeObject, ObjectKind.Cine, associations: 1);
        }
    }

    private static Task MeasureAsync(
        Bench bench,
        IReadOnlyList<Peer> peers,
        int repeat,
        Work work,
        ObjectKind kind,
        int associations
    ) =>
        bench.WithAsync(
            peers,
            () =>
                bench.WithStudiesAsync(
                    kind,
                    associations,
                    1,
                    studies =>
                        Loading.MeasureAsync(
                            bench,
                            work,
                            peers,
                            repeat,
                            studies,
                            (peer, s) => StoreClients.StorescuAsync(peer, s, associations)
                        )
                )
        );
}
