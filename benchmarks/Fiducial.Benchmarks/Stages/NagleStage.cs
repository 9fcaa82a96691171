using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Results;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Stages;

/// <summary>
/// storescu as it is shipped leaves Nagle's algorithm on, as senders in the field do: with delayed acknowledgements that costs
/// about 40 ms a message, unless the receiver acknowledges at once. The servers have it off, as everywhere here.
/// </summary>
internal static class NagleStage
{
    private const int Slices = 50;

    public static async Task RunAsync(Bench bench)
    {
        IReadOnlyList<Peer> peers = [bench.Fiducial, bench.OrthancSqlite, bench.Storescp];
        await bench.WithAsync(
            peers,
            async () =>
            {
                await Loading.WarmAsync(bench, peers);
                for (var repeat = 0; repeat < bench.Options.Repeats; repeat++)
                {
                    await bench.WithStudiesAsync(
                        ObjectKind.Ct,
                        1,
                        Slices,
                        studies =>
                            Loading.MeasureAsync(
                                bench,
                                Works.NagleCt,
                                peers,
                                repeat,
                                studies,
                                (peer, s) => StoreClients.StorescuAsync(peer, s, associations: 1, nagle: true)
                            )
                    );
                }
            }
        );
    }
}
