namespace Fiducial.Dicom.Network;

/// <summary>A request that a service answers: what was asked, by whom, and the way back. Of one association, on its thread.</summary>
public sealed class DimseRequest
{
    private readonly Association _association;
    private readonly AgreedContext _context;
    private readonly IReadOnlyDictionary<(string Class, string Syntax), AgreedContext> _ours;
    private ushort _messageId;
    private bool _isCancelled;

    internal DimseRequest(
        Association association,
        AgreedContext context,
        IReadOnlyDictionary<(string Class, string Syntax), AgreedContext> ours
    ) => (_association, _context, _ours) = (association, context, ours);

    public required CommandSet Command { get; init; }

    /// <summary>Null when the request has none.</summary>
    public required DicomDataSet? DataSet { get; init; }
    public required AssociationPeer Peer { get; init; }
    public required string CalledAE { get; init; }

    /// <summary>What a service agreed to by extended negotiation for this SOP class; empty when nothing.</summary>
    public required ReadOnlyMemory<byte> Negotiated { get; init; }

    /// <summary>Abstract syntax of the presentation context.</summary>
    public string SopClassUid => _context.SopClassUid;

    /// <summary>True after the final response.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Class and transfer syntax of the contexts in which the requestor takes objects on this association (C-GET).</summary>
    public IEnumerable<(string SopClassUid, string TransferSyntaxUid)> TakenHere => _ours.Keys;

    /// <summary>Sends a response: pending ones as often as wanted, then one that is final.</summary>
    /// <param name="status">What became of the request.</param>
    /// <param name="dataSet">Goes with it, or null.</param>
    /// <param name="counts">Of sub-operations, for C-MOVE and C-GET.</param>
    public ValueTask RespondAsync(
        DimseStatus status,
        DicomDataSet? dataSet = null,
        SubOperations? counts = null,
        CancellationToken ct = default
    ) => _association.SendAsync(_context, Response(status, dataSet, counts), dataSet, ct);

    /// <summary>
    /// A pending response that goes out together with what is sent next: the next one, the next object, or the final one. For services
    /// that go on at once.
    /// </summary>
    public ValueTask RespondWithNextAsync(
        DimseStatus status,
        DicomDataSet? dataSet = null,
        SubOperations? counts = null,
        CancellationToken ct = default
    ) => _association.SendWithNextAsync(_context, Response(status, dataSet, counts), dataSet, ct);

    /// <summary>Sends the responses that wait: before something that takes its time.</summary>
    public ValueTask FlushAsync(CancellationToken ct) => _association.Connection.FlushAsync(ct);

    private CommandSet Response(DimseStatus status, DicomDataSet? dataSet, SubOperations? counts)
    {
        if (IsAnswered)
        {
            throw new InvalidOperationException("The request was answered before.");
        }
        IsAnswered = !status.IsPending;
        var response = CommandSet.Response(Command, status, dataSet is not null);
        if (counts is { } sub)
        {
            // Remaining is told while it goes on, and when it was cancelled (PS3.7 9.1.4.1.7).
            response.WithSubOperations(sub, isFinal: !status.IsPending && status.Code != DimseStatus.Cancelled.Code);
        }
        return response;
    }

    /// <summary>Has the requestor cancelled (C-CANCEL)? Looks without waiting; asked before each pending response.</summary>
    /// <exception cref="PeerAbortedException">It is gone.</exception>
    public async ValueTask<bool> IsCancelledAsync(CancellationToken ct) =>
        _isCancelled = _isCancelled || await _association.IsCancelledAsync(Command.MessageId, ct);

    /// <summary>
    /// Sends an object to the requestor on this association: a C-STORE sub-operation of C-GET (PS3.4 C.4.3). Its answer must be taken
    /// before anything else is sent.
    /// </summary>
    /// <param name="item">In class and syntax one of <see cref="TakenHere"/>.</param>
    public async Task SendObjectAsync(ObjectToSend item, CancellationToken ct)
    {
        var context = _ours[(item.SopClassUid, item.TransferSyntaxUid)];
        var command = CommandSet.StoreRequest(++_messageId, item.SopClassUid, item.SopInstanceUid);
        using var sender = _association.OpenDataSet(context, command);
        await item.Send(sender, ct);
        await sender.CompleteAsync(ct);
    }

    /// <summary>What the requestor answers to the object that was sent last.</summary>
    public async Task<DimseStatus> ObjectAnswerAsync(CancellationToken ct)
    {
        while (await _association.ReceiveCommandAsync(ct) is var (_, answer))
        {
            if (answer.CommandField is CommandField.CCancelRequest)
            {
                _isCancelled = true;
            }
            else if (answer.IsResponse && answer.MessageIdBeingRespondedTo == _messageId && !answer.HasDataSet)
            {
                return answer.DimseStatus;
            }
            else
            {
                throw new AssociationAbortException(
                    Pdu.AbortReason.UnexpectedParameter,
                    "The answer to a sub-operation was due."
                );
            }
        }
        throw new AssociationException("The peer ended the association within a C-GET.");
    }
}
