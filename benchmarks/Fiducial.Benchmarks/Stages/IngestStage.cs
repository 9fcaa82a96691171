using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Meters;
using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Results;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Stages;

/// <summary>C-STORE of each kind of object over one and four associations, into servers that are new each time.</summary>
internal static class IngestStage
{
    private sealed record Load(
        Work Work,
        ObjectKind Kind,
        int Associations,
        int Instances,
        Func<Peer, IReadOnlyList<Study>, Task<Outcome>> Send
    );

    public static async Task RunAsync(Bench bench)
    {
        var loads = Loads(bench.Options.Quick);
        IReadOnlyList<Peer> peers = [.. bench.WebPeers, bench.Storescp, bench.Dcmqrscp];
        for (var repeat = 0; repeat < bench.Options.Repeats; repeat++)
        {
            await bench.WithAsync(
                peers,
                async () =>
                {
                    await Loading.WarmAsync(bench, peers);
                    var before = await TakenAsync(peers);
                    var sent = 0L;
                    foreach (var load in loads)
                    {
                        await bench.WithStudiesAsync(
                            load.Kind,
                            load.Associations,
                            load.Instances / load.Associations,
                            async studies =>
                            {
                                sent += studies.Sum(s => s.Bytes);
                                await Loading.MeasureAsync(bench, load.Work, peers, repeat, studies, load.Send);
                            }
                        );
                    }
                    var after = await TakenAsync(peers);
                    foreach (var (peer, at) in peers.Select((p, i) => (p, i)))
                    {
                        bench.WriteDisk(peer, repeat, sent, after[at] - before[at]);
                    }
                }
            );
        }
    }

    private static IReadOnlyList<Load> Loads(bool quick)
    {
        static Task<Outcome> Storescu(Peer peer, IReadOnlyList<Study> studies) =>
            StoreClients.StorescuAsync(peer, studies, studies.Count);
        var (slices, images) = quick ? (200, 4) : (400, 8);
        return
        [
            new(Works.StoreCt1, ObjectKind.Ct, 1, slices, Storescu),
            new(Works.StoreCt4, ObjectKind.Ct, 4, slices, Storescu),
            new(
                Works.DcmsendCt,
                ObjectKind.Ct,
                1,
                slices,
                (peer, studies) => StoreClients.DcmsendAsync(peer, studies, 1)
            ),
            new(Works.StoreMr1, ObjectKind.Mr, 1, slices, Storescu),
            new(Works.StoreMr4, ObjectKind.Mr, 4, slices, Storescu),
            new(Works.StoreDx1, ObjectKind.Dx, 1, images, Storescu),
            new(Works.StoreDx4, ObjectKind.Dx, 4, images, Storescu),
            new(Works.StoreUs1, ObjectKind.Us, 1, 60, Storescu),
        ];
    }

    private static async Task<List<long>> TakenAsync(IReadOnlyList<Peer> peers)
    {
        var taken = new List<long>();
        foreach (var peer in peers)
        {
            await Meter.SettleAsync(peer);
            taken.Add(await Machine.DiskBytesAsync(peer.Folder));
        }
        return taken;
    }
}
