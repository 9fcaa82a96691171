using System.Buffers.Binary;
using System.Text;

namespace Fiducial.Dicom.Network.Pdu;

/// <summary>The items within the user information that both PDUs may have (PS3.7 D.3.3).</summary>
internal static class UserItems
{
    public static void Write(ItemWriter writer, RoleSelection role) =>
        writer.Item(
            0x54,
            r =>
                r.UInt16((ushort)Encoding.Latin1.GetByteCount(role.SopClassUid))
                    .Text(role.SopClassUid)
                    .UInt8(role.Scu ? (byte)1 : (byte)0)
                    .UInt8(role.Scp ? (byte)1 : (byte)0)
        );

    public static void Write(ItemWriter writer, ExtendedNegotiation extension) =>
        writer.Item(
            0x56,
            e =>
                e.UInt16((ushort)Encoding.Latin1.GetByteCount(extension.SopClassUid))
                    .Text(extension.SopClassUid)
                    .Bytes(extension.Value.Span)
        );

    public static void Write(ItemWriter writer, UserIdentity identity) =>
        writer.Item(
            0x58,
            i =>
                i.UInt8(identity.Type)
                    .UInt8(identity.WantsResponse ? (byte)1 : (byte)0)
                    .UInt16((ushort)identity.Primary.Length)
                    .Bytes(identity.Primary.Span)
                    .UInt16((ushort)identity.Secondary.Length)
                    .Bytes(identity.Secondary.Span)
        );

    public static RoleSelection Role(ReadOnlySpan<byte> value)
    {
        var uid = Uid(value, out var rest);
        return rest.Length >= 2
            ? new RoleSelection(uid, rest[0] == 1, rest[1] == 1)
            : throw new DicomFormatException("A role selection is cut off.", 0);
    }

    public static ExtendedNegotiation Extension(ReadOnlySpan<byte> value) =>
        new(Uid(value, out var rest), rest.ToArray());

    public static UserIdentity Identity(ReadOnlySpan<byte> value)
    {
        if (value.Length < 2)
        {
            throw CutOff();
        }
        var primary = Field(value[2..], out var rest);
        return new UserIdentity(value[0], value[1] == 1, primary, rest.Length >= 2 ? Field(rest, out _) : default);
    }

    private static byte[] Field(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> rest)
    {
        if (value.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(value) is var length && length > value.Length - 2)
        {
            throw CutOff();
        }
        rest = value[(2 + length)..];
        return value.Slice(2, length).ToArray();
    }

    private static string Uid(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> rest) =>
        ItemReader.Text(Field(value, out rest));

    private static DicomFormatException CutOff() => new("An item of the user information is cut off.", 0);
}
