using System.Text.Json;
using Fiducial.Benchmarks.Clients;

namespace Fiducial.Benchmarks.Peers;

/// <summary>
/// Debian's Orthanc with its DICOMweb plugin. Defaults, but for ports and permissions: each file is synced
/// (<c>SyncStorageArea</c>) and hashed (MD5). With SQLite its index is not synced at each commit; with PostgreSQL it is.
/// </summary>
internal sealed class Orthanc(PostgresCluster? postgres) : Peer
{
    private const string Plugins = "/usr/share/orthanc/plugins/";
    private ServerProcess? _server;

    public override string Name => postgres is null ? Names.OrthancSqlite : Names.OrthancPostgres;
    public override string AETitle => "ORTHANC";
    public override int DicomPort => postgres is null ? 25242 : 25342;
    public override string Web => $"http://127.0.0.1:{WebPort}/dicom-web";
    public override IReadOnlyList<int> Processes => postgres is null ? [_server!.Id] : [_server!.Id, postgres.Process];

    private int WebPort => DicomPort + 1;

    public override async Task<string> VersionAsync() =>
        $"{await DebianVersionAsync("orthanc")}, {await DebianVersionAsync("orthanc-dicomweb")}"
        + (
            postgres is null
                ? ""
                : $", {await DebianVersionAsync("orthanc-postgresql")}, {await PostgresCluster.VersionAsync()}"
        );

    protected override async Task OpenAsync(string folder)
    {
        if (postgres is not null)
        {
            await postgres.StartAsync(folder);
        }
        var configuration = Path.Combine(folder, "orthanc.json");
        await File.WriteAllTextAsync(configuration, JsonSerializer.Serialize(Configuration(folder)));
        _server = await ServerProcess.StartAsync(
            Path.Combine(folder, "log"),
            "/usr/sbin/Orthanc",
            [configuration],
            WebPort,
            DicomPort
        );
    }

    protected override async Task CloseAsync()
    {
        await _server!.StopAsync();
        if (postgres is not null)
        {
            await postgres.StopAsync();
        }
    }

    private Dictionary<string, object> Configuration(string folder)
    {
        List<string> plugins = [Plugins + "libOrthancDicomWeb.so", Plugins + "libOrthancGdcm.so"];
        var configuration = new Dictionary<string, object>
        {
            ["Name"] = "benchmark",
            ["StorageDirectory"] = Path.Combine(folder, "storage"),
            ["IndexDirectory"] = Path.Combine(folder, "index"),
            ["Plugins"] = plugins,
            ["RemoteAccessAllowed"] = false,
            ["AuthenticationEnabled"] = false,
            ["HttpPort"] = WebPort,
            ["DicomPort"] = DicomPort,
            ["DicomAet"] = AETitle,
            ["DicomAlwaysAllowFind"] = true,
            ["DicomAlwaysAllowGet"] = true,
            ["DicomAlwaysAllowMove"] = true,
            ["DicomModalities"] = new Dictionary<string, object>
            {
                ["destination"] = new object[] { QueryClients.AETitle, "127.0.0.1", QueryClients.MovePort },
            },
            ["SyncStorageArea"] = true,
            ["DicomWeb"] = new Dictionary<string, object> { ["Enable"] = true, ["Root"] = "/dicom-web/" },
        };
        if (postgres is not null)
        {
            plugins.Add(Plugins + "libOrthancPostgreSQLIndex.so");
            configuration["PostgreSQL"] = postgres.OrthancConfiguration;
        }
        return configuration;
    }
}
