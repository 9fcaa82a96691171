using System.Buffers;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>A presentation context that both sides agreed on.</summary>
internal sealed record AgreedContext(byte Id, string SopClassUid, TransferSyntax Syntax);

/// <summary>
/// An open association, of either side: it moves messages and knows nothing of what they mean. One message at a time in each direction.
/// </summary>
internal sealed class Association(
    PduConnection connection,
    IReadOnlyDictionary<byte, AgreedContext> contexts,
    uint ourLimit,
    uint peerLimit
)
{
    private const int LargestCommand = 64 * 1024;
    private const int LargestCancel = 1024;
    private const int MostHeld = 32 * 1024;

    private readonly MessageReader _reader = new(connection, ourLimit);
    private readonly ArrayBufferWriter<byte> _command = new(512);
    private AgreedContext? _current;

    public PduConnection Connection => connection;
    public IReadOnlyDictionary<byte, AgreedContext> Contexts => contexts;

    /// <summary>True after the peer has asked for release.</summary>
    public bool IsReleasing => _reader.IsReleasing;

    /// <summary>The next command; null when the peer asks for release or has closed.</summary>
    public async ValueTask<(AgreedContext Context, CommandSet Command)?> ReceiveCommandAsync(
        CancellationToken ct,
        Action? begun = null
    )
    {
        _command.ResetWrittenCount();
        while (await _reader.NextAsync(ct) is { } part)
        {
            begun?.Invoke();
            begun = null;
            if (!contexts.TryGetValue(part.Context, out var context))
            {
                throw new AssociationAbortException(
                    AbortReason.InvalidParameter,
                    $"The presentation context {part.Context} was not accepted."
                );
            }
            if (!part.IsCommand || (_command.WrittenCount > 0 && context != _current))
            {
                throw Disorder();
            }
            if (_command.WrittenCount + part.Bytes.Length > LargestCommand)
            {
                throw new AssociationAbortException(AbortReason.InvalidParameter, "The command set is too long.");
            }
            _command.Write(part.Bytes.Span);
            _current = context;
            if (part.EndsValue)
            {
                return (context, CommandSet.Parse(_command.WrittenSpan));
            }
        }
        return _command.WrittenCount == 0 ? null : throw Disorder();
    }

    /// <summary>The next bytes of the data set that belongs to the last command. The last part ends it.</summary>
    public async ValueTask<MessagePart> ReceiveDataAsync(CancellationToken ct)
    {
        var part = await _reader.NextAsync(ct) ?? throw Disorder();
        return part.IsCommand || part.Context != _current?.Id ? throw Disorder() : part;
    }

    /// <summary>A data set that is no object: a query, a step, a list of references.</summary>
    /// <exception cref="DicomFormatException">It cannot be read.</exception>
    public async ValueTask<DicomDataSet> ReceiveDataSetAsync(AgreedContext context, int most, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        MessagePart part;
        do
        {
            part = await ReceiveDataAsync(ct);
            if (bytes.Length + part.Bytes.Length > most)
            {
                throw new AssociationAbortException(
                    AbortReason.InvalidParameter,
                    $"The data set of a request is longer than {most} bytes."
                );
            }
            bytes.Write(part.Bytes.Span);
        } while (!part.EndsValue);
        return DicomFile.ReadDataSet(bytes.ToArray(), context.Syntax, WholeDataSet(most), out _);
    }

    /// <summary>Sends a message: a command and what belongs to it, in one go.</summary>
    public ValueTask SendAsync(AgreedContext context, CommandSet command, DicomDataSet? dataSet, CancellationToken ct)
    {
        Hold(context, command, dataSet);
        return connection.FlushAsync(ct);
    }

    /// <summary>A message that may wait for the next one, to go out together with it.</summary>
    public ValueTask SendWithNextAsync(
        AgreedContext context,
        CommandSet command,
        DicomDataSet? dataSet,
        CancellationToken ct
    )
    {
        Hold(context, command, dataSet);
        return connection.HeldLength >= MostHeld ? connection.FlushAsync(ct) : ValueTask.CompletedTask;
    }

    /// <summary>Begins a message whose data set is given in pieces.</summary>
    public DataSetSender OpenDataSet(AgreedContext context, CommandSet command)
    {
        Hold(context, command, dataSet: null);
        return new DataSetSender(connection, context.Id, peerLimit);
    }

    // A data set that cannot be written leaves no command behind that promises it.
    private void Hold(AgreedContext context, CommandSet command, DicomDataSet? dataSet)
    {
        using var bytes = new MemoryStream();
        if (dataSet is not null)
        {
            DicomFile.WriteDataSet(bytes, dataSet, context.Syntax);
            if ((bytes.Length & 1) == 1)
            {
                // Peers abort at odd fragments.
                bytes.WriteByte(0);
            }
        }
        DataPdus.Write(connection.Held, context.Id, isCommand: true, command.ToBytes(), peerLimit);
        if (dataSet is not null)
        {
            var written = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
            DataPdus.Write(connection.Held, context.Id, isCommand: false, written, peerLimit);
        }
    }

    /// <summary>
    /// Looks without waiting whether the peer cancels the request with this id or has aborted. Other messages that it sends before it is
    /// answered are served later, in their order.
    /// </summary>
    /// <exception cref="PeerAbortedException">The peer aborted.</exception>
    public async ValueTask<bool> IsCancelledAsync(ushort messageId, CancellationToken ct)
    {
        if (!_reader.IsBetween)
        {
            return false;
        }
        var pdu = await connection.PeekAsync(LargestCancel, ct);
        if (pdu.Length > 0 && pdu.Span[0] == (byte)PduType.Abort)
        {
            throw new PeerAbortedException();
        }
        // A command that is whole in one value, as every cancel is.
        if (pdu.Length < DataPdus.HeaderLength || pdu.Span[0] != (byte)PduType.Data || pdu.Span[11] != 3)
        {
            return false;
        }
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(pdu.Span[6..]);
        if (value != pdu.Length - 10)
        {
            return false;
        }
        var command = CommandSet.Parse(pdu.Span[DataPdus.HeaderLength..]);
        if (command.CommandField is not CommandField.CCancelRequest)
        {
            return false;
        }
        connection.Skip(pdu.Length);
        return command.MessageIdBeingRespondedTo == messageId;
    }

    private static DicomReadOptions WholeDataSet(int most) => new() { LargestValueLoaded = most };

    private static AssociationAbortException Disorder() =>
        new(AbortReason.UnexpectedParameter, "Command and data set do not follow each other.");
}
