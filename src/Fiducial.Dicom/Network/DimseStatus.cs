using System.Globalization;

namespace Fiducial.Dicom.Network;

/// <summary>The answer to a DIMSE request (PS3.7 annex C, PS3.4 B.2.3), with a sentence of at most 64 characters for the log of the peer.</summary>
public readonly record struct DimseStatus(ushort Code, string? Comment = null, ushort? ErrorId = null)
{
    public static DimseStatus Success { get; } = new(0x0000);

    /// <summary>More follows; every key of the request is supported.</summary>
    public static DimseStatus Pending { get; } = new(0xFF00);

    /// <summary>More follows; some optional keys are not supported (PS3.4 C.4.1.1.4).</summary>
    public static DimseStatus PendingWithUnsupportedKeys { get; } = new(0xFF01);

    public static DimseStatus Cancelled { get; } = new(0xFE00, "Cancelled");

    public static DimseStatus OutOfResources(string comment) => new(0xA700, comment);

    public static DimseStatus DataSetMismatch(string comment) => new(0xA900, comment);

    public static DimseStatus CannotUnderstand(string comment) => new(0xC000, comment);

    public static DimseStatus ProcessingFailure(string comment) => new(0x0110, comment);

    public static DimseStatus SopClassNotSupported { get; } = new(0x0122, "SOP class not supported");

    public static DimseStatus UnrecognizedOperation { get; } = new(0x0211, "Operation not supported");

    public bool IsSuccess => Code == 0;
    public bool IsPending => Code is 0xFF00 or 0xFF01;

    /// <summary>Success or a warning (Bxxx): the object was kept.</summary>
    public bool IsStored => Code == 0 || (Code & 0xF000) == 0xB000;

    public override string ToString() =>
        Code.ToString("X4", CultureInfo.InvariantCulture) + (Comment is null ? "" : $" {Comment}");
}

/// <summary>A request that is answered with this status; the association goes on.</summary>
public sealed class DimseException(DimseStatus status) : Exception(status.ToString())
{
    public DimseStatus Status => status;
}
