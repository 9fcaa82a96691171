using System.Buffers.Binary;
using System.Text;

namespace Fiducial.Dicom.Network;

/// <summary>A DIMSE command: group 0000 in implicit VR little endian (PS3.7 6.3.1).</summary>
public sealed class CommandSet
{
    public const ushort CStoreRequest = 0x0001;
    public const ushort CStoreResponse = 0x8001;
    public const ushort CEchoRequest = 0x0030;
    public const ushort CEchoResponse = 0x8030;
    public const ushort NoDataSet = 0x0101;
    private const ushort WithDataSet = 0x0000;

    private readonly SortedDictionary<ushort, byte[]> _elements = [];

    public ushort CommandField => UInt16(0x0100);
    public ushort MessageId => UInt16(0x0110);
    public ushort MessageIdBeingRespondedTo => UInt16(0x0120);
    public ushort Status => UInt16(0x0900);
    public string ErrorComment => Text(0x0902);
    public bool HasDataSet => _elements.ContainsKey(0x0800) && UInt16(0x0800) != NoDataSet;
    public string AffectedSopClassUid => Text(0x0002);
    public string AffectedSopInstanceUid => Text(0x1000);

    /// <exception cref="DicomFormatException">The bytes are no command set.</exception>
    public static CommandSet Parse(ReadOnlySpan<byte> bytes)
    {
        var command = new CommandSet();
        var at = 0;
        while (at < bytes.Length)
        {
            if (bytes.Length - at < 8)
            {
                throw new DicomFormatException("The command set is cut off.", at);
            }
            var group = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
            var element = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at + 2)..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            at += 8;
            if (group != 0 || length > bytes.Length - at)
            {
                throw new DicomFormatException("The command set has an element that does not belong there.", at);
            }
            command._elements[element] = bytes.Slice(at, (int)length).ToArray();
            at += (int)length;
        }
        return command;
    }

    public static CommandSet EchoRequest(ushort messageId) =>
        new CommandSet()
            .Set(0x0002, DicomUids.Verification)
            .Set(0x0100, CEchoRequest)
            .Set(0x0110, messageId)
            .Set(0x0800, NoDataSet);

    public static CommandSet StoreRequest(ushort messageId, string sopClassUid, string sopInstanceUid) =>
        new CommandSet()
            .Set(0x0002, sopClassUid)
            .Set(0x0100, CStoreRequest)
            .Set(0x0110, messageId)
            .Set(0x0700, 0)
            .Set(0x0800, WithDataSet)
            .Set(0x1000, sopInstanceUid);

    /// <summary>The response to a request, with the fields that every response repeats.</summary>
    public static CommandSet Response(CommandSet request, DimseStatus status)
    {
        var response = new CommandSet()
            .Set(0x0100, (ushort)(request.CommandField | 0x8000))
            .Set(0x0120, request.MessageId)
            .Set(0x0800, NoDataSet)
            .Set(0x0900, status.Code);
        foreach (var repeated in (ReadOnlySpan<ushort>)[0x0002, 0x1000])
        {
            if (request._elements.TryGetValue(repeated, out var value))
            {
                response._elements[repeated] = value;
            }
        }
        return status.Comment is { } comment
            ? response.Set(0x0902, comment.Length > 64 ? comment[..64] : comment)
            : response;
    }

    public byte[] ToBytes()
    {
        var length = _elements.Values.Sum(v => 8 + v.Length);
        var bytes = new byte[12 + length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)length);
        var at = 12;
        foreach (var (element, value) in _elements)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 2), element);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 4), (uint)value.Length);
            value.CopyTo(bytes.AsSpan(at + 8));
            at += 8 + value.Length;
        }
        return bytes;
    }

    private CommandSet Set(ushort element, ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        _elements[element] = bytes;
        return this;
    }

    private CommandSet Set(ushort element, string text)
    {
        var padded = (text.Length & 1) == 0 ? text : text + (element == 0x0902 ? ' ' : '\0');
        _elements[element] = Encoding.Latin1.GetBytes(padded);
        return this;
    }

    private ushort UInt16(ushort element) =>
        _elements.TryGetValue(element, out var value) && value.Length >= 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(value)
            : (ushort)0;

    private string Text(ushort element) =>
        _elements.TryGetValue(element, out var value) ? Encoding.Latin1.GetString(value).Trim(' ', '\0') : "";
}
