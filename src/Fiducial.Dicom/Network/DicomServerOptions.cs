using System.Net;

namespace Fiducial.Dicom.Network;

/// <summary>How the acceptor listens and how long it waits.</summary>
public sealed record DicomServerOptions
{
    public string AETitle { get; init; } = "FIDUCIAL";
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; } = 11112;

    /// <summary>Bytes of a P-DATA PDU that we take, without its 6-byte header.</summary>
    public uint MaxPduLength { get; init; } = 256 * 1024;

    /// <summary>Wait for the association request and for the peer's close (PS3.8 9.1.5).</summary>
    public TimeSpan Artim { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait for the next message of an open association.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Wait for the next bytes within a message.</summary>
    public TimeSpan WithinMessage { get; init; } = TimeSpan.FromSeconds(60);
    public int MaxAssociations { get; init; } = 200;
    public int MaxAssociationsPerPeer { get; init; } = 100;
}
