using System.Net;

namespace Fiducial.Dicom.Network;

/// <summary>How the acceptor listens, how long it waits and how much it takes.</summary>
public sealed record DicomServerOptions
{
    public string AETitle { get; init; } = "FIDUCIAL";
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free port; null listens on none.</summary>
    public int? Port { get; init; } = 11112;

    /// <summary>The port for TLS, beside the other; 0 takes a free port; null listens on none.</summary>
    public int? TlsPort { get; init; }

    /// <summary>Needed for <see cref="TlsPort"/>.</summary>
    public TlsIdentity? Tls { get; init; }

    /// <summary>False accepts any called AE title: for devices in which it cannot be set.</summary>
    public bool ChecksCalledAE { get; init; } = true;

    /// <summary>Some devices leave their title blank; the policy still judges them by their address.</summary>
    public bool TakesBlankCallingAE { get; init; } = true;

    /// <summary>Takes objects of classes that the standard does not know: private ones, and newer ones than our table.</summary>
    public bool TakesUnknownSopClasses { get; init; } = true;

    /// <summary>Bytes of a P-DATA PDU that we take, without its 6-byte header; 0 is no limit.</summary>
    public uint MaxPduLength { get; init; } = 256 * 1024;

    /// <summary>Bytes of an object, all fragments together; what is longer is aborted.</summary>
    public long LargestObject { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>Bytes of the data set of any other request, which is read into memory.</summary>
    public int LargestDataSet { get; init; } = 4 * 1024 * 1024;

    /// <summary>For the whole of the association request, and for the peer's close (PS3.8 9.1.5).</summary>
    public TimeSpan Artim { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait for the next message of an open association.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Wait for the next bytes within a message, and for the peer to take ours.</summary>
    public TimeSpan WithinMessage { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The rate in the mean that a message must have after <see cref="WithinMessage"/>; 0 asks for none.</summary>
    public int SlowestBytesPerSecond { get; init; } = 4 * 1024;
    public int MaxAssociations { get; init; } = 200;
    public int MaxAssociationsPerPeer { get; init; } = 100;
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
