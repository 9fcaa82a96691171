using System.Net;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Server.Bridges;

/// <summary>Who may open an association: from this machine anyone; from elsewhere nobody until devices are registered.</summary>
internal sealed class Modalities : IAssociationPolicy
{
    public AssociationRejection? Judge(AssociateRequest request, AssociationPeer peer) =>
        IPAddress.IsLoopback(
            peer.Address.Address.IsIPv4MappedToIPv6 ? peer.Address.Address.MapToIPv4() : peer.Address.Address
        )
            ? null
            : AssociationRejection.CallingAENotRecognized;
}

/// <summary>Runs the DICOM server as long as the house is open.</summary>
internal sealed class DicomHost(
    ClinicOptions options,
    IAssociationPolicy policy,
    IStoreService store,
    ILoggerFactory logs
) : IHostedService
{
    private readonly DicomServer _server = new(
        new DicomServerOptions { Listen = options.Listen, Port = options.Dicom },
        policy,
        store,
        logs
    );

    /// <summary>The port on which it listens.</summary>
    public int Port => _server.Port;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _server.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync();
}
