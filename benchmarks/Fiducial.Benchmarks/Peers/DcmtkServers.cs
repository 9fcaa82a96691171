using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Peers;

/// <summary>DCMTK's storescp, a process for each association: it neither syncs, hashes nor indexes.</summary>
internal sealed class Storescp : Peer
{
    private ServerProcess? _server;

    public override string Name => Names.Storescp;
    public override string AETitle => "STORESCP";
    public override int DicomPort => 25442;
    public override bool Queries => false;
    public override IReadOnlyList<int> Processes => [_server!.Id];

    public override Task<int> CountAsync(Study study) => Task.FromResult(DcmtkFiles.Count(Folder, study));

    public override Task<string> VersionAsync() => DebianVersionAsync("dcmtk");

    protected override async Task OpenAsync(string folder)
    {
        var storage = Directory.CreateDirectory(Path.Combine(folder, "storage")).FullName;
        _server = await ServerProcess.StartAsync(
            Path.Combine(folder, "log"),
            "storescp",
            ["--fork", "+B", "-od", storage, "--max-pdu", "131072", "-aet", AETitle, $"{DicomPort}"],
            DicomPort
        );
    }

    protected override Task CloseAsync() => _server!.StopAsync();
}

/// <summary>DCMTK's dcmqrscp, a process for each association, with an index in one flat file.</summary>
internal sealed class Dcmqrscp : Peer
{
    private ServerProcess? _server;

    public override string Name => Names.Dcmqrscp;
    public override string AETitle => "QRSCP";
    public override int DicomPort => 25542;
    public override IReadOnlyList<int> Processes => [_server!.Id];

    public override Task<int> CountAsync(Study study) => Task.FromResult(DcmtkFiles.Count(Folder, study));

    public override Task<string> VersionAsync() => DebianVersionAsync("dcmtk");

    protected override async Task OpenAsync(string folder)
    {
        var storage = Directory.CreateDirectory(Path.Combine(folder, "storage")).FullName;
        var configuration = Path.Combine(folder, "dcmqrscp.cfg");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            NetworkTCPPort = {DicomPort}
            MaxPDUSize = 131072
            MaxAssociations = 16
            HostTable BEGIN
            destination = ({QueryClients.AETitle}, 127.0.0.1, {QueryClients.MovePort})
            HostTable END
            VendorTable BEGIN
            VendorTable END
            AETable BEGIN
            {AETitle} {storage} RW (500, 1024mb) ANY
            AETable END

            """
        );
        _server = await ServerProcess.StartAsync(
            Path.Combine(folder, "log"),
            "dcmqrscp",
            ["-c", configuration],
            DicomPort
        );
    }

    protected override Task CloseAsync() => _server!.StopAsync();
}

/// <summary>
/// DCMTK's servers have nobody to ask how much they hold: their files are counted. Beside them lies dcmqrscp's index, which names the studies too.
/// dcmqrscp names a file by the second and a number that its processes draw alike: of several associations at once some overwrite each
/// other's files, and it then holds fewer than it has acknowledged.
/// </summary>
internal static class DcmtkFiles
{
    private const int Preamble = 128;

    public static int Count(string folder, Study study)
    {
        // Those of one study are told by the UID that stands in each file's head.
        var uid = System.Text.Encoding.ASCII.GetBytes(study.StudyInstanceUid);
        var head = new byte[16 * 1024];
        var count = 0;
        foreach (var file in new DirectoryInfo(Path.Combine(folder, "storage")).EnumerateFiles())
        {
            if (file.Length < study.Bytes / study.Instances / 2)
            {
                continue;
            }
            using var stream = file.OpenRead();
            var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var isPart10 = read > Preamble + 4 && head.AsSpan(Preamble, 4).SequenceEqual("DICM"u8);
            count += isPart10 && head.AsSpan(0, read).IndexOf(uid) >= 0 ? 1 : 0;
        }
        return count;
    }
}
