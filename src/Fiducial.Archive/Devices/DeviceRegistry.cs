using System.Net;
using System.Net.Sockets;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Devices;

/// <summary>
/// Who is known here. A device is known by its title together with its address or its certificate, never by the title alone.
/// </summary>
/// <param name="atStart">Those that were named at the start.</param>
/// <param name="fromThisMachine">The role of anyone who calls from this machine and is not registered; null admits none.</param>
/// <param name="registered">Those of the database, of which one takes the place of a device of the same title that was named at the start.</param>
public sealed class DeviceRegistry(
    IReadOnlyList<Device> atStart,
    DeviceRole? fromThisMachine,
    RegisteredDevices? registered = null
)
{
    private volatile IReadOnlyList<Device>? _withRegistered;

    /// <summary>As they were when they were last read.</summary>
    public IReadOnlyList<Device> Devices => _withRegistered ?? atStart;

    /// <summary>Reads the database again. While it is out of reach those that are known stay; what they ask for is refused then in any case.</summary>
    public void Refresh()
    {
        if (registered is null)
        {
            return;
        }
        try
        {
            var kept = registered.List();
            _withRegistered =
                kept.Count == 0 ? null : [.. kept, .. atStart.Where(d => !kept.Any(k => k.AETitle == d.AETitle))];
        }
        catch (Index.IndexUnavailableException) { }
    }

    /// <summary>The device that calls, or null.</summary>
    public Device? Find(AssociationPeer peer)
    {
        var address = Plain(peer.Address.Address);
        return Devices.FirstOrDefault(d => d.AETitle == peer.AETitle && IsFrom(d, address, peer.CertificateThumbprint))
            ?? (
                fromThisMachine is { } role && IPAddress.IsLoopback(address)
                    ? new Device(peer.AETitle, address.ToString(), 0, role)
                    : null
            );
    }

    /// <summary>The device of this title to which something can be sent, or null.</summary>
    public Device? Destination(string aeTitle)
    {
        Refresh();
        return Devices.FirstOrDefault(d => d.AETitle == aeTitle && d.IsReachable);
    }

    /// <summary>Is this certificate, by its SHA-256 thumbprint, that of a device?</summary>
    public bool IsRegistered(string thumbprint)
    {
        Refresh();
        return Devices.Any(d =>
            d.CertificateThumbprint is { } known
            && TlsIdentity.NormalThumbprint(known) == TlsIdentity.NormalThumbprint(thumbprint)
        );
    }

    private static bool IsFrom(Device device, IPAddress address, string? shown)
    {
        if (device.CertificateThumbprint is { } registered)
        {
            return shown is not null && TlsIdentity.NormalThumbprint(registered) == TlsIdentity.NormalThumbprint(shown);
        }
        if (IPAddress.TryParse(device.Host, out var fixedAddress))
        {
            return Plain(fixedAddress).Equals(address);
        }
        try
        {
            return Array.Exists(Dns.GetHostAddresses(device.Host), a => Plain(a).Equals(address));
        }
        catch (SocketException)
        {
            // A name that nobody knows is the name of nobody.
            return false;
        }
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
