using Fiducial.Benchmarks.Clients;

namespace Fiducial.Benchmarks.Peers;

/// <summary><c>fiducial archive</c>, the Release build of this repository, as a person starts it.</summary>
internal sealed class FiducialArchive(string program) : Peer
{
    private const int WebPort = 25080;
    private ServerProcess? _server;

    public override string Name => Names.Fiducial;
    public override string AETitle => "FIDUCIAL";
    public override int DicomPort => 25112;
    public override string Web => $"http://127.0.0.1:{WebPort}/dicomweb";
    public override IReadOnlyList<int> Processes => [_server!.Id];

    public override async Task<string> VersionAsync() =>
        $"Fiducial {(await Tool.RunAsync(program, ["--version"])).Output.Trim()}";

    protected override async Task OpenAsync(string folder)
    {
        // The C-MOVE destination, in the configuration of the folder where it is started.
        await File.WriteAllTextAsync(
            Path.Combine(folder, "fiducial.json"),
            $$"""
            { "Fiducial": { "Devices": [
                { "AETitle": "{{QueryClients.AETitle}}", "Host": "127.0.0.1", "Port": {{QueryClients.MovePort}}, "Role": "peer archive" }
            ] } }
            """
        );
        _server = await ServerProcess.StartAsync(
            Path.Combine(folder, "log"),
            program,
            ["archive", "--data", Path.Combine(folder, "data"), "--http", $"{WebPort}", "--dicom", $"{DicomPort}"],
            WebPort,
            DicomPort
        );
    }

    protected override Task CloseAsync() => _server!.StopAsync();
}
