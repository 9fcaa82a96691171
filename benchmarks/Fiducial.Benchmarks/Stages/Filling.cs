using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Stages;

/// <summary>Fills an index with tiny objects, ten a study.</summary>
internal static class Filling
{
    private const int OfStudy = 10;
    private const int Associations = 4;

    /// <param name="peers">All at once: nothing is measured meanwhile.</param>
    /// <param name="from">Filler instances that they hold.</param>
    /// <param name="to">Filler instances that they shall hold; both are rounded down to tens.</param>
    public static Task FillAsync(IReadOnlyList<Peer> peers, int from, int to) =>
        Bench.WithStudiesAsync(
            ObjectKind.Filler,
            from / OfStudy,
            to / OfStudy - from / OfStudy,
            OfStudy,
            // dcmqrscp loses objects when several associations store at once.
            studies =>
                Task.WhenAll(
                    peers.Select(p => Loading.SendAsync([p], studies, p.Name == Names.Dcmqrscp ? 1 : Associations))
                )
        );
}
