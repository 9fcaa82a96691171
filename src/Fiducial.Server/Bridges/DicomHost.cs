using Fiducial.Dicom.Network;

namespace Fiducial.Server.Bridges;

/// <summary>Runs the DICOM server as long as the house is open.</summary>
internal sealed class DicomHost(
    ClinicOptions options,
    IAssociationPolicy policy,
    IStoreService store,
    IEnumerable<IDimseService> services,
    ISentSyntaxes sent,
    TlsSetting tls,
    ILoggerFactory logs
) : IHostedService
{
    private readonly DicomServer _server = new(OptionsOf(options, tls), policy, store, logs, services, sent);

    public static DicomServerOptions OptionsOf(ClinicOptions options, TlsSetting tls) =>
        new()
        {
            Listen = options.Listen,
            Port = options.Dicom,
            TlsPort = options.DicomTls,
            Tls = tls.Identity,
        };

    /// <summary>The port on which it listens.</summary>
    public int Port => _server.Port;

    /// <summary>The port for TLS; 0 when on none.</summary>
    public int TlsPort => _server.TlsPort;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _server.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync();
}
