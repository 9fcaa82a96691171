namespace Fiducial.Archive.Devices;

/// <summary>What a device may do here.</summary>
public enum DeviceRole
{
    /// <summary>Stores, asks its worklist, reports its step, asks for commitment; nothing else is ever given to it.</summary>
    Modality,

    /// <summary>A radiologist's: stores, finds and retrieves.</summary>
    Workstation,

    /// <summary>Another archive: as a workstation.</summary>
    PeerArchive,
}

/// <summary>A device that is registered.</summary>
/// <param name="AETitle">At most 16 characters; its case counts.</param>
/// <param name="Host">An address or a name: from where it calls, and where it listens.</param>
/// <param name="Port">Where it listens; 0 when it does not.</param>
/// <param name="CertificateThumbprint">SHA-256. When it is given the device is only known over TLS with this certificate, from wherever it calls.</param>
/// <param name="MostAssociations">At once; what is above is rejected for now. 0 leaves it to the server's own limit.</param>
/// <param name="MostBytesADay">Of data sets within 24 hours; what is above is refused with A700. 0 for as many as there is room for.</param>
/// <param name="LargestObject">Bytes of one data set; a larger one is refused with A700. 0 for any.</param>
public sealed record Device(
    string AETitle,
    string Host,
    int Port,
    DeviceRole Role,
    string? CertificateThumbprint = null,
    int MostAssociations = 0,
    long MostBytesADay = 0,
    long LargestObject = 0
)
{
    /// <summary>True when something can be sent to it.</summary>
    public bool IsReachable => Port > 0 && Host.Length > 0;

    /// <summary>The role of this name, such as <c>modality</c> or <c>peer archive</c>; null when there is none.</summary>
    public static DeviceRole? RoleOf(string? name) =>
        Array.Find(
            Enum.GetValues<DeviceRole>().Cast<DeviceRole?>().ToArray(),
            r =>
                string.Equals(
                    $"{r}",
                    name?.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal),
                    StringComparison.OrdinalIgnoreCase
                )
        );

    /// <summary>Reads <c>AE@host:port</c>, as on the command line.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Device Parse(string text, DeviceRole role)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var colon = text.LastIndexOf(':');
        return
            at is > 0 and <= 16
            && colon > at + 1
            && ushort.TryParse(
                text[(colon + 1)..],
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out var port
            )
            ? new Device(text[..at], text[(at + 1)..colon].Trim('[', ']'), port, role)
            : throw new FormatException($"'{text}' is no device: write AETITLE@HOST:PORT.");
    }
}
