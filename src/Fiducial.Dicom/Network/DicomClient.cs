using System.Buffers;
using System.Net.Sockets;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>The association was not accepted, or ended against our will.</summary>
public sealed class AssociationException(string sentence) : IOException(sentence);

/// <summary>A requestor: opens an association and sends objects as they are. Not for use by several threads at once.</summary>
public sealed class DicomClient : IAsyncDisposable
{
    private const int LargestFragment = 256 * 1024;

    private readonly PduConnection _connection;
    private readonly Dictionary<(string Class, string Syntax), byte> _accepted = [];
    private uint _peerLimit;
    private ushort _messageId;
    private bool _isOpen;

    private DicomClient(PduConnection connection) => _connection = connection;

    /// <summary>
    /// Opens an association. Each context should have one transfer syntax, that of the objects: then none can be accepted in
    /// a syntax in which it would have to be converted.
    /// </summary>
    /// <exception cref="AssociationException">The peer rejected it.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<DicomClient> ConnectAsync(
        string host,
        int port,
        string callingAE,
        string calledAE,
        IReadOnlyList<ProposedContext> contexts,
        CancellationToken ct = default
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, ct);
            var client = new DicomClient(new PduConnection(socket));
            await client.NegotiateAsync(
                new AssociateRequest
                {
                    CalledAE = calledAE,
                    CallingAE = callingAE,
                    Contexts = contexts,
                },
                ct
            );
            return client;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The contexts for these objects, at most 128.</summary>
    public static IReadOnlyList<ProposedContext> ContextsFor(IEnumerable<DicomFile> files) =>
        [
            .. files
                .Select(f => (Class: f.DataSet.GetString(DicomTags.SOPClassUID) ?? "", f.TransferSyntax.Uid))
                .Distinct()
                .Take(128)
                .Select((c, i) => new ProposedContext((byte)(2 * i + 1), c.Class, [c.Uid])),
        ];

    public async Task<DimseStatus> EchoAsync(CancellationToken ct = default)
    {
        var context = _accepted.FirstOrDefault(c => c.Key.Class is DicomUids.Verification).Value;
        if (context == 0)
        {
            throw new AssociationException("The peer did not accept Verification.");
        }
        await _connection.SendAsync(DataPdus.Command(context, CommandSet.EchoRequest(++_messageId), _peerLimit), ct);
        return await ResponseAsync(ct);
    }

    /// <summary>Sends one object, byte for byte as it stands in its file after group 0002.</summary>
    /// <param name="file">Its description.</param>
    /// <param name="part10">The file itself.</param>
    /// <exception cref="AssociationException">The peer did not accept class and transfer syntax, or ended the association.</exception>
    public async Task<DimseStatus> StoreAsync(DicomFile file, Stream part10, CancellationToken ct = default)
    {
        var sopClass = file.DataSet.GetString(DicomTags.SOPClassUID) ?? "";
        var sopInstance = file.DataSet.GetString(DicomTags.SOPInstanceUID) ?? "";
        if (!_accepted.TryGetValue((sopClass, file.TransferSyntax.Uid), out var context))
        {
            throw new AssociationException(
                $"The peer did not accept {DicomUids.NameOf(sopClass)} in {file.TransferSyntax.Name}."
            );
        }
        var request = CommandSet.StoreRequest(++_messageId, sopClass, sopInstance);
        await _connection.SendAsync(DataPdus.Command(context, request, _peerLimit), ct);
        part10.Position = file.DataSetOffset;
        var largest = DataPdus.LargestFragment(_peerLimit, LargestFragment);
        var buffer = ArrayPool<byte>.Shared.Rent(largest + DataPdus.HeaderLength);
        try
        {
            var left = part10.Length - part10.Position;
            do
            {
                var length = (int)Math.Min(left, largest);
                await part10.ReadExactlyAsync(buffer.AsMemory(DataPdus.HeaderLength, length), ct);
                left -= length;
                // An odd object is padded: peers abort at odd fragments.
                var padded = length;
                if (left == 0 && (length & 1) == 1)
                {
                    buffer[DataPdus.HeaderLength + padded++] = 0;
                }
                DataPdus.WriteHeader(buffer, context, isCommand: false, left == 0, padded);
                await _connection.SendAsync(buffer.AsMemory(0, DataPdus.HeaderLength + padded), ct);
            } while (left > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return await ResponseAsync(ct);
    }

    /// <summary>Ends the association cleanly: some archives take a study as complete only then.</summary>
    public async Task ReleaseAsync(CancellationToken ct = default)
    {
        await _connection.SendAsync(ShortPdus.ReleaseRequest(), ct);
        await ReadPduAsync(PduType.ReleaseResponse, ct);
        _isOpen = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOpen)
        {
            await _connection.AbortAsync(AbortReason.ServiceUser);
        }
        _connection.Dispose();
    }

    private async Task NegotiateAsync(AssociateRequest request, CancellationToken ct)
    {
        await _connection.SendAsync(request.ToBytes(), ct);
        var accept = AssociateAccept.Parse(await ReadPduAsync(PduType.AssociateAccept, ct));
        _peerLimit = accept.MaxPduLength;
        _isOpen = true;
        foreach (var answer in accept.Contexts.Where(a => a.Result is ContextResult.Acceptance))
        {
            var proposed = request.Contexts.First(c => c.Id == answer.Id);
            _accepted[(proposed.AbstractSyntax, answer.TransferSyntax)] = answer.Id;
        }
    }

    private async Task<DimseStatus> ResponseAsync(CancellationToken ct)
    {
        using var command = new MemoryStream();
        while (true)
        {
            var pdu = await ReadPduAsync(PduType.Data, ct);
            for (var at = 0; at + 6 <= pdu.Length; )
            {
                var length = (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(pdu.AsSpan(at));
                if (length < 2 || length > pdu.Length - at - 4)
                {
                    throw new AssociationException("The peer's response is malformed.");
                }
                command.Write(pdu, at + 6, length - 2);
                if ((pdu[at + 5] & 2) == 2)
                {
                    var response = CommandSet.Parse(command.ToArray());
                    return new DimseStatus(response.Status, response.ErrorComment is { Length: > 0 } c ? c : null);
                }
                at += 4 + length;
            }
        }
    }

    private async Task<byte[]> ReadPduAsync(PduType due, CancellationToken ct)
    {
        var (type, length) =
            await _connection.ReadHeaderAsync(ct) ?? throw new AssociationException("The peer closed the connection.");
        if (length > 16 * 1024 * 1024)
        {
            throw new AssociationException("The peer sent a PDU of more than 16 MiB.");
        }
        var body = await _connection.ReadBodyAsync((int)length, ct);
        if (type == due)
        {
            return body;
        }
        _isOpen = type is not (PduType.Abort or PduType.AssociateReject) && _isOpen;
        throw new AssociationException(
            type switch
            {
                PduType.AssociateReject =>
                    $"The peer rejected the association (result {body[1]}, source {body[2]}, reason {body[3]}).",
                PduType.Abort => "The peer aborted the association.",
                _ => $"The peer sent {type} where {due} was due.",
            }
        );
    }
}
