using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Results;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Stages;

/// <summary>Sending that is not measured, and sending that is and whose result is counted.</summary>
internal static class Loading
{
    /// <summary>A server that has run for a while: its code is compiled, its files are open.</summary>
    public static async Task WarmAsync(Bench bench, IReadOnlyList<Peer> peers)
    {
        foreach (var (kind, instances) in new[] { (ObjectKind.Mr, 200), (ObjectKind.Ct, 100), (ObjectKind.Dx, 2) })
        {
            await bench.WithStudiesAsync(kind, 1, instances, studies => SendAsync(peers, studies, associations: 1));
        }
    }

    /// <exception cref="InvalidOperationException">A peer did not take it.</exception>
    public static async Task SendAsync(IReadOnlyList<Peer> peers, IReadOnlyList<Study> studies, int associations)
    {
        foreach (var peer in peers)
        {
            var sent = await StoreClients.StorescuAsync(peer, studies, associations);
            if (!sent.IsDone)
            {
                throw new InvalidOperationException($"{peer.Name} took no load: {sent.Word}");
            }
        }
    }

    /// <summary>Measures sending to each peer; what a peer does not hold afterwards makes its speed void.</summary>
    public static Task MeasureAsync(
        Bench bench,
        Work work,
        IReadOnlyList<Peer> peers,
        int repeat,
        IReadOnlyList<Study> studies,
        Func<Peer, IReadOnlyList<Study>, Task<Outcome>> send,
        int? level = null
    ) =>
        bench.MeasureAsync(
            work,
            peers,
            repeat,
            peer => send(peer, studies),
            level,
            async peer =>
            {
                var held = 0;
                foreach (var study in studies)
                {
                    held += await peer.CountAsync(study);
                }
                var due = studies.Sum(s => s.Instances);
                return held == due ? null : $"{held} of {due} are held";
            }
        );
}
