using System.Buffers.Binary;
using System.Text;

namespace Fiducial.Dicom.Network.Pdu;

/// <summary>Reads the items of an association PDU: type, a byte that is not used, a 16-bit length, the value (PS3.8 9.3.2).</summary>
internal ref struct ItemReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Next(out byte type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (_rest.IsEmpty)
        {
            return false;
        }
        if (_rest.Length < 4)
        {
            throw new DicomFormatException("An item of the association is cut off.", 0);
        }
        type = _rest[0];
        var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length > _rest.Length - 4)
        {
            throw new DicomFormatException("An item of the association is longer than its PDU.", 0);
        }
        value = _rest.Slice(4, length);
        _rest = _rest[(4 + length)..];
        return true;
    }

    /// <summary>16 characters; some devices pad with NUL, and leave what was there before behind it.</summary>
    public static string AETitle(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOf((byte)0);
        return Text(end < 0 ? value : value[..end]);
    }

    public static string Text(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value).Trim(' ', '\0');
}

/// <summary>Writes items, most significant byte first (PS3.8 9.3.1).</summary>
internal sealed class ItemWriter
{
    private readonly MemoryStream _bytes = new();

    public ItemWriter UInt8(byte value)
    {
        _bytes.WriteByte(value);
        return this;
    }

    public ItemWriter UInt16(ushort value) => UInt8((byte)(value >> 8)).UInt8((byte)value);

    public ItemWriter UInt32(uint value) => UInt16((ushort)(value >> 16)).UInt16((ushort)value);

    public ItemWriter Zeros(int count)
    {
        _bytes.Write(new byte[count]);
        return this;
    }

    public ItemWriter Text(string text)
    {
        _bytes.Write(Encoding.Latin1.GetBytes(text));
        return this;
    }

    public ItemWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public ItemWriter AETitle(string title) => Text(title.PadRight(16)[..16]);

    public ItemWriter Item(byte type, Action<ItemWriter> value)
    {
        var inner = new ItemWriter();
        value(inner);
        UInt8(type).UInt8(0).UInt16((ushort)inner._bytes.Length);
        inner._bytes.WriteTo(_bytes);
        return this;
    }

    public ItemWriter TextItem(byte type, string text) => Item(type, w => w.Text(text));

    /// <summary>The whole as a PDU: type, a byte that is not used, a 32-bit length.</summary>
    public byte[] Pdu(PduType type)
    {
        var pdu = new byte[6 + _bytes.Length];
        pdu[0] = (byte)type;
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(2), (uint)_bytes.Length);
        _bytes.ToArray().CopyTo(pdu.AsSpan(6));
        return pdu;
    }
}
