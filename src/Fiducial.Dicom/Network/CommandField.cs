namespace Fiducial.Dicom.Network;

/// <summary>Command Field (0000,0100), PS3.7 annex E.</summary>
public static class CommandField
{
    public const ushort CStoreRequest = 0x0001;
    public const ushort CGetRequest = 0x0010;
    public const ushort CFindRequest = 0x0020;
    public const ushort CMoveRequest = 0x0021;
    public const ushort CEchoRequest = 0x0030;
    public const ushort NEventReportRequest = 0x0100;
    public const ushort NGetRequest = 0x0110;
    public const ushort NSetRequest = 0x0120;
    public const ushort NActionRequest = 0x0130;
    public const ushort NCreateRequest = 0x0140;
    public const ushort NDeleteRequest = 0x0150;
    public const ushort CCancelRequest = 0x0FFF;

    /// <summary>Set in the field of every response.</summary>
    public const ushort Response = 0x8000;
}
