using System.Buffers;
using System.Buffers.Binary;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging;

namespace Fiducial.Dicom.Network;

/// <summary>
/// One association from the acceptor's side (PS3.8 9.2): negotiation, then messages in order, however their fragments are laid out
/// in PDUs, until release or abort. The bytes of an object go from the socket's buffer to its receipt.
/// </summary>
internal sealed partial class AcceptedAssociation(
    PduConnection connection,
    DicomServerOptions options,
    IAssociationPolicy policy,
    IStoreService store,
    bool isFull,
    ILogger log
) : IAsyncDisposable
{
    private const int LargestAssociateRequest = 1024 * 1024;
    private const int LargestCommand = 64 * 1024;

    private readonly Dictionary<byte, (string AbstractSyntax, TransferSyntax Syntax)> _contexts = [];
    private readonly ArrayBufferWriter<byte> _command = new(512);
    private AssociateRequest _request = null!;
    private uint _peerLimit;
    private CommandSet? _pending;
    private byte _pendingContext;
    private IStoreReceipt? _receipt;
    private DimseStatus? _refused;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            patience.CancelAfter(options.Artim);
            if (await NegotiateAsync(patience.Token))
            {
                await ServeAsync(patience, stopping);
            }
        }
        catch (AssociationAbortException e)
        {
            LogAborted(connection.Peer.ToString(), e.Message);
            await connection.AbortAsync(e.Reason);
        }
        catch (DicomFormatException e)
        {
            LogAborted(connection.Peer.ToString(), e.Message);
            await connection.AbortAsync(AbortReason.InvalidParameter);
        }
        catch (OperationCanceledException)
        {
            LogAborted(
                connection.Peer.ToString(),
                stopping.IsCancellationRequested ? "The server stops." : "The peer was silent for too long."
            );
            await connection.AbortAsync(AbortReason.NotSpecified);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            LogAborted(connection.Peer.ToString(), "The peer is gone.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_receipt is { } unfinished)
        {
            _receipt = null;
            await unfinished.DisposeAsync();
        }
        connection.Dispose();
    }

    private async Task<bool> NegotiateAsync(CancellationToken ct)
    {
        if (await connection.ReadHeaderAsync(ct) is not { } header)
        {
            return false;
        }
        if (header.Type is not PduType.AssociateRequest || header.Length > LargestAssociateRequest)
        {
            throw new AssociationAbortException(AbortReason.UnexpectedPdu, "The first PDU is no association request.");
        }
        _request = AssociateRequest.Parse(await connection.ReadBodyAsync((int)header.Length, ct));
        if (Judge() is { } rejection)
        {
            LogRejected(connection.Peer.ToString(), _request.CallingAE, rejection.Sentence);
            await connection.SendAsync(ShortPdus.Reject(rejection), ct);
            // ARTIM: the peer closes.
            while (await connection.ReadHeaderAsync(ct) is { } rest)
            {
                await connection.ReadBodyAsync((int)Math.Min(rest.Length, 64), ct);
            }
            return false;
        }
        var answers = new List<AnsweredContext>();
        foreach (var context in _request.Contexts)
        {
            var answer = Negotiation.Answer(context);
            answers.Add(answer);
            if (answer.Result is ContextResult.Acceptance)
            {
                _contexts[context.Id] = (context.AbstractSyntax, TransferSyntax.Of(answer.TransferSyntax));
            }
        }
        _peerLimit = _request.MaxPduLength;
        var accept = new AssociateAccept
        {
            CalledAE = _request.CalledAE,
            CallingAE = _request.CallingAE,
            Contexts = answers,
            MaxPduLength = options.MaxPduLength,
            // We are SCP of all that we accept; a requestor that asks to be SCP gets no for an answer.
            Roles =
            [
                .. _request
                    .Roles.Where(r => answers.Exists(a => a.Result is ContextResult.Acceptance))
                    .Select(r => r with { Scp = false }),
            ],
            IdentityResponse = _request.WantsIdentityResponse,
        };
        await connection.SendAsync(accept.ToBytes(), ct);
        return true;
    }

    private AssociationRejection? Judge() =>
        isFull ? AssociationRejection.LocalLimitExceeded
        : _request.ApplicationContextName is not AssociateRequest.ApplicationContext
            ? AssociationRejection.ApplicationContextNotSupported
        : _request.CalledAE != options.AETitle ? AssociationRejection.CalledAENotRecognized
        : policy.Judge(_request, connection.Peer);

    private async Task ServeAsync(CancellationTokenSource patience, CancellationToken stopping)
    {
        while (true)
        {
            patience.CancelAfter(_pending is null && _command.WrittenCount == 0 ? options.Idle : options.WithinMessage);
            if (await connection.ReadHeaderAsync(patience.Token) is not { } header)
            {
                return;
            }
            switch (header.Type)
            {
                case PduType.Data:
                    patience.CancelAfter(options.WithinMessage);
                    await ReadDataAsync(header.Length, patience, stopping);
                    break;
                case PduType.ReleaseRequest:
                    await connection.ReadBodyAsync((int)Math.Min(header.Length, 64), patience.Token);
                    patience.CancelAfter(options.Artim);
                    await connection.SendAsync(ShortPdus.ReleaseResponse(), patience.Token);
                    await connection.ReadHeaderAsync(patience.Token);
                    return;
                case PduType.Abort:
                    return;
                case PduType.AssociateRequest
                or PduType.AssociateAccept
                or PduType.AssociateReject
                or PduType.ReleaseResponse:
                    throw new AssociationAbortException(
                        AbortReason.UnexpectedPdu,
                        $"A PDU of type {header.Type} is not due now."
                    );
                default:
                    throw new AssociationAbortException(
                        AbortReason.UnrecognizedPdu,
                        $"There is no PDU of type {(byte)header.Type}."
                    );
            }
        }
    }

    // PS3.8 9.3.5: any number of presentation data values in one PDU, any number of PDUs for one message.
    private async Task ReadDataAsync(uint length, CancellationTokenSource patience, CancellationToken stopping)
    {
        if (length > options.MaxPduLength || length < 6)
        {
            throw new AssociationAbortException(
                AbortReason.InvalidParameter,
                $"A P-DATA PDU has {length} bytes; {options.MaxPduLength} were agreed."
            );
        }
        var left = (int)length;
        while (left > 0)
        {
            if (left < 6)
            {
                throw new AssociationAbortException(
                    AbortReason.InvalidParameter,
                    "A presentation data value is cut off."
                );
            }
            var head = await connection.ReadBodyAsync(6, patience.Token);
            var value = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (value < 2 || value > left - 4)
            {
                throw new AssociationAbortException(
                    AbortReason.InvalidParameter,
                    "A presentation data value is longer than its PDU."
                );
            }
            left -= 4 + (int)value;
            await ReadValueAsync(head[4], head[5], (int)value - 2, patience, stopping);
        }
    }

    private async Task ReadValueAsync(
        byte context,
        byte control,
        int length,
        CancellationTokenSource patience,
        CancellationToken stopping
    )
    {
        var (isCommand, isLast) = ((control & 1) == 1, (control & 2) == 2);
        if (!_contexts.TryGetValue(context, out var agreed))
        {
            throw new AssociationAbortException(
                AbortReason.InvalidParameter,
                $"The presentation context {context} was not accepted."
            );
        }
        if (isCommand != _pending is null || (!isCommand && context != _pendingContext))
        {
            throw new AssociationAbortException(
                AbortReason.UnexpectedParameter,
                "Command and data set do not follow each other."
            );
        }
        while (length > 0)
        {
            var some = await connection.ReadSomeAsync(length, patience.Token);
            length -= some.Length;
            if (isCommand)
            {
                if (_command.WrittenCount + some.Length > LargestCommand)
                {
                    throw new AssociationAbortException(AbortReason.InvalidParameter, "The command set is too long.");
                }
                _command.Write(some.Span);
            }
            else if (_receipt is not null)
            {
                await WriteAsync(some, stopping);
            }
            patience.CancelAfter(options.WithinMessage);
        }
        if (!isLast)
        {
            return;
        }
        // Storing may be slow without the peer being at fault.
        patience.CancelAfter(Timeout.InfiniteTimeSpan);
        if (isCommand)
        {
            await BeginAsync(context, agreed, stopping);
        }
        else
        {
            await CompleteAsync(stopping);
        }
    }

    private async Task BeginAsync(
        byte context,
        (string AbstractSyntax, TransferSyntax Syntax) agreed,
        CancellationToken ct
    )
    {
        var command = CommandSet.Parse(_command.WrittenSpan);
        _command.ResetWrittenCount();
        (_pending, _pendingContext, _refused) = (command, context, null);
        if (command.CommandField is CommandSet.CStoreRequest && command.HasDataSet)
        {
            try
            {
                _receipt = await store.BeginAsync(
                    new StoreRequest(
                        _request.CallingAE,
                        _request.CalledAE,
                        connection.Peer,
                        command.AffectedSopClassUid,
                        command.AffectedSopInstanceUid,
                        agreed.Syntax
                    ),
                    ct
                );
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _refused = Refusal(e);
            }
            return;
        }
        _refused =
            command.CommandField is CommandSet.CEchoRequest ? DimseStatus.Success : DimseStatus.UnrecognizedOperation;
        if (!command.HasDataSet)
        {
            await CompleteAsync(ct);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await _receipt!.WriteAsync(bytes, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The rest is read and thrown away, then the peer is told.
            _refused = Refusal(e);
            var failed = _receipt!;
            _receipt = null;
            await failed.DisposeAsync();
        }
    }

    private async Task CompleteAsync(CancellationToken ct)
    {
        var status = _refused;
        if (_receipt is { } receipt)
        {
            _receipt = null;
            try
            {
                status = await receipt.CompleteAsync(ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                status = Refusal(e);
            }
            finally
            {
                await receipt.DisposeAsync();
            }
        }
        var response = CommandSet.Response(_pending!, status ?? DimseStatus.ProcessingFailure("Nothing was stored"));
        _pending = null;
        await connection.SendAsync(DataPdus.Command(_pendingContext, response, _peerLimit), ct);
    }

    private DimseStatus Refusal(Exception e)
    {
        if (e is DimseException known)
        {
            return known.Status;
        }
        LogFailed(e, connection.Peer.ToString());
        return DimseStatus.ProcessingFailure("The object could not be stored; see the server's log");
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The association from {peer} ({calling}) was rejected: {sentence}"
    )]
    private partial void LogRejected(string peer, string calling, string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The association from {peer} was aborted: {sentence}")]
    private partial void LogAborted(string peer, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "An object from {peer} could not be stored.")]
    private partial void LogFailed(Exception e, string peer);
}

/// <summary>The association cannot go on: it is aborted with this reason.</summary>
internal sealed class AssociationAbortException(AbortReason reason, string sentence) : Exception(sentence)
{
    public AbortReason Reason => reason;
}
