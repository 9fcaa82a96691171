using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Clients;

/// <summary>DCMTK's senders.</summary>
internal static class StoreClients
{
    /// <summary>Sends the studies over so many associations at once. <paramref name="nagle"/>: storescu as it is shipped.</summary>
    public static Task<Outcome> StorescuAsync(
        Peer peer,
        IReadOnlyList<Study> studies,
        int associations,
        bool nagle = false
    ) => SendAsync("storescu", ["--no-halt"], peer, studies, associations, nagle);

    public static Task<Outcome> DcmsendAsync(Peer peer, IReadOnlyList<Study> studies, int associations) =>
        SendAsync("dcmsend", [], peer, studies, associations, nagle: false);

    private static async Task<Outcome> SendAsync(
        string program,
        string[] options,
        Peer peer,
        IReadOnlyList<Study> studies,
        int associations,
        bool nagle
    )
    {
        string[] arguments =
        [
            "-aet",
            QueryClients.AETitle,
            "-aec",
            peer.AETitle,
            "+sd",
            .. options,
            "127.0.0.1",
            $"{peer.DicomPort}",
        ];
        var shares = studies.Index().GroupBy(s => s.Index % associations, s => s.Item.Folder);
        var sent = await Task.WhenAll(
            shares.Select(share => Tool.RunAsync(program, [.. arguments, .. share], nagle: nagle))
        );
        return sent.FirstOrDefault(s => s.ExitCode != 0) is { } failed
            ? Outcome.Failed(failed.LastLine)
            : Outcome.Of(studies.Sum(s => s.Instances), studies.Sum(s => s.Bytes));
    }
}
