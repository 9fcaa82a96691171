using System.Buffers.Binary;
using System.Text;

namespace Fiducial.Dicom.Network;

/// <summary>A DIMSE command: group 0000 in implicit VR little endian (PS3.7 6.3.1, annex E).</summary>
public sealed class CommandSet
{
    private const ushort NoDataSet = 0x0101;
    private const ushort WithDataSet = 0x0001;
    private const ushort ErrorCommentElement = 0x0902;

    private readonly SortedDictionary<ushort, byte[]> _elements = [];

    private CommandSet() { }

    public ushort CommandField => UInt16(0x0100);
    public ushort MessageId => UInt16(0x0110);
    public ushort MessageIdBeingRespondedTo => UInt16(0x0120);
    public string MoveDestination => Text(0x0600);
    public bool HasDataSet => _elements.ContainsKey(0x0800) && UInt16(0x0800) != NoDataSet;
    public ushort Status => UInt16(0x0900);
    public string ErrorComment => Text(ErrorCommentElement);
    public ushort EventTypeId => UInt16(0x1002);
    public ushort ActionTypeId => UInt16(0x1008);
    public string MoveOriginatorAETitle => Text(0x1030);
    public ushort MoveOriginatorMessageId => UInt16(0x1031);

    /// <summary>Affected SOP Class UID, or that which is requested (N-SET, N-ACTION …).</summary>
    public string SopClassUid => Text(0x0002) is { Length: > 0 } affected ? affected : Text(0x0003);

    /// <summary>Affected SOP Instance UID, or that which is requested.</summary>
    public string SopInstanceUid => Text(0x1000) is { Length: > 0 } affected ? affected : Text(0x1001);

    /// <summary>Of a response of C-MOVE or C-GET; what is missing is 0.</summary>
    public SubOperations SubOperations => new(UInt16(0x1020), UInt16(0x1021), UInt16(0x1022), UInt16(0x1023));

    internal bool IsResponse => (CommandField & Network.CommandField.Response) != 0;
    internal DimseStatus DimseStatus => new(Status, ErrorComment is { Length: > 0 } comment ? comment : null);

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

    /// <summary>A request that names its class and instance as Affected.</summary>
    public static CommandSet Request(ushort field, ushort messageId, string sopClassUid, bool hasDataSet) =>
        new CommandSet()
            .Set(0x0002, sopClassUid)
            .Set(0x0100, field)
            .Set(0x0110, messageId)
            .Set(0x0800, hasDataSet ? WithDataSet : NoDataSet);

    public static CommandSet StoreRequest(ushort messageId, string sopClassUid, string sopInstanceUid) =>
        Request(Network.CommandField.CStoreRequest, messageId, sopClassUid, hasDataSet: true)
            .Set(0x0700, 0)
            .Set(0x1000, sopInstanceUid);

    /// <summary>C-FIND, C-MOVE or C-GET, of medium priority.</summary>
    public static CommandSet Query(ushort field, ushort messageId, string sopClassUid, string? destination = null)
    {
        var command = Request(field, messageId, sopClassUid, hasDataSet: true).Set(0x0700, 0);
        return destination is null ? command : command.Set(0x0600, destination);
    }

    /// <summary>N-SET, N-ACTION and N-GET name their class and instance as Requested (PS3.7 10.3).</summary>
    public static CommandSet Requested(
        ushort field,
        ushort messageId,
        string sopClassUid,
        string sopInstanceUid,
        bool hasDataSet
    ) =>
        new CommandSet()
            .Set(0x0003, sopClassUid)
            .Set(0x0100, field)
            .Set(0x0110, messageId)
            .Set(0x0800, hasDataSet ? WithDataSet : NoDataSet)
            .Set(0x1001, sopInstanceUid);

    public static CommandSet Cancel(ushort messageId) =>
        new CommandSet().Set(0x0100, Network.CommandField.CCancelRequest).Set(0x0120, messageId).Set(0x0800, NoDataSet);

    /// <summary>The response to a request, with the fields that every response repeats.</summary>
    public static CommandSet Response(CommandSet request, DimseStatus status, bool hasDataSet = false)
    {
        var response = new CommandSet()
            .Set(0x0100, (ushort)(request.CommandField | Network.CommandField.Response))
            .Set(0x0120, request.MessageId)
            .Set(0x0800, hasDataSet ? WithDataSet : NoDataSet)
            .Set(0x0900, status.Code);
        if (request.SopClassUid is { Length: > 0 } sopClass)
        {
            response.Set(0x0002, sopClass);
        }
        if (request.SopInstanceUid is { Length: > 0 } instance)
        {
            response.Set(0x1000, instance);
        }
        foreach (var repeated in (ReadOnlySpan<ushort>)[0x1002, 0x1008])
        {
            if (request._elements.TryGetValue(repeated, out var value))
            {
                response._elements[repeated] = value;
            }
        }
        if (status.ErrorId is { } errorId)
        {
            response.Set(0x0903, errorId);
        }
        return status.Comment is { } comment
            ? response.Set(ErrorCommentElement, comment.Length > 64 ? comment[..64] : comment)
            : response;
    }

    public CommandSet WithInstance(string sopInstanceUid) => Set(0x1000, sopInstanceUid);

    public CommandSet WithAction(ushort type) => Set(0x1008, type);

    public CommandSet WithEvent(ushort type) => Set(0x1002, type);

    /// <summary>Who asked for the C-MOVE of which this C-STORE is a part (PS3.7 9.3.1.1).</summary>
    public CommandSet WithMoveOriginator(string aeTitle, ushort messageId) =>
        Set(0x1030, aeTitle).Set(0x1031, messageId);

    public CommandSet WithSubOperations(SubOperations counts, bool isFinal)
    {
        if (!isFinal)
        {
            Set(0x1020, (ushort)counts.Remaining);
        }
        return Set(0x1021, (ushort)counts.Completed)
            .Set(0x1022, (ushort)counts.Failed)
            .Set(0x1023, (ushort)counts.Warning);
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

    // UIDs are padded with NUL, titles and comments with a space (PS3.5 6.2).
    private CommandSet Set(ushort element, string text)
    {
        var padding = element is 0x0600 or 0x1030 or ErrorCommentElement ? ' ' : '\0';
        var padded = (text.Length & 1) == 0 ? text : text + padding;
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

/// <summary>How far a C-MOVE or C-GET is (PS3.4 C.4.2.1.6).</summary>
public readonly record struct SubOperations(int Remaining, int Completed, int Failed, int Warning);
