using System.Runtime.CompilerServices;

namespace Fiducial.Dicom.Network;

/// <summary>The operations of a requestor (PS3.7 9 and 10).</summary>
public sealed partial class DicomClient
{
    public Task<DimseStatus> EchoAsync(CancellationToken ct = default)
    {
        RequireOpen();
        var context = ContextOf(DicomUids.Verification);
        return ExchangeAsync(
            async () =>
            {
                var command = CommandSet.Request(
                    CommandField.CEchoRequest,
                    ++_messageId,
                    DicomUids.Verification,
                    hasDataSet: false
                );
                await _association.SendAsync(context, command, dataSet: null, ct);
                return (await AnswerAsync(ct)).Command.DimseStatus;
            },
            ct
        );
    }

    /// <summary>Sends one object, byte for byte as it stands in its file after group 0002.</summary>
    /// <param name="file">Its description.</param>
    /// <param name="part10">The file itself.</param>
    /// <exception cref="AssociationException">The peer did not accept class and transfer syntax, or ended the association.</exception>
    public Task<DimseStatus> StoreAsync(DicomFile file, Stream part10, CancellationToken ct = default) =>
        StoreAsync(
            new ObjectToSend(
                file.DataSet.GetString(DicomTags.SOPClassUID) ?? "",
                file.DataSet.GetString(DicomTags.SOPInstanceUID) ?? "",
                file.TransferSyntax.Uid,
                async (sender, token) =>
                {
                    part10.Position = file.DataSetOffset;
                    await sender.SendAsync(part10, part10.Length - part10.Position, token);
                }
            ),
            ct
        );

    /// <exception cref="AssociationException">The peer did not accept class and transfer syntax, or ended the association.</exception>
    public Task<DimseStatus> StoreAsync(ObjectToSend item, CancellationToken ct = default)
    {
        RequireOpen();
        if (!_accepted.TryGetValue((item.SopClassUid, item.TransferSyntaxUid), out var context))
        {
            throw new AssociationException(
                $"The peer did not accept {DicomUids.NameOf(item.SopClassUid)} in {DicomUids.NameOf(item.TransferSyntaxUid)}."
            );
        }
        return ExchangeAsync(
            async () =>
            {
                var command = CommandSet.StoreRequest(++_messageId, item.SopClassUid, item.SopInstanceUid);
                if (item.MoveOriginator is var (title, id))
                {
                    command.WithMoveOriginator(title, id);
                }
                using (var sender = _association.OpenDataSet(context, command))
                {
                    await item.Send(sender, ct);
                    await sender.CompleteAsync(ct);
                }
                return (await AnswerAsync(ct)).Command.DimseStatus;
            },
            ct
        );
    }

    /// <summary>C-FIND: the matches as they come. Leaving before the end cancels the rest.</summary>
    /// <param name="sopClassUid">The information model: patient root, study root, worklist.</param>
    /// <param name="keys">What is asked for, with the values that must match.</param>
    /// <exception cref="DimseException">The peer refused; the association goes on.</exception>
    public async IAsyncEnumerable<DicomDataSet> FindAsync(
        string sopClassUid,
        DicomDataSet keys,
        [EnumeratorCancellation] CancellationToken ct = default
    )
    {
        RequireOpen();
        var context = ContextOf(sopClassUid);
        var id = ++_messageId;
        await ExchangeAsync(
            async () =>
            {
                var command = CommandSet.Query(CommandField.CFindRequest, id, sopClassUid);
                await _association.SendAsync(context, command, keys, ct);
                return true;
            },
            ct
        );
        var isFinished = false;
        try
        {
            while (true)
            {
                var (command, dataSet) = await ExchangeAsync(() => AnswerAsync(ct).AsTask(), ct);
                var status = command.DimseStatus;
                if (!status.IsPending)
                {
                    isFinished = true;
                    if (!status.IsSuccess)
                    {
                        throw new DimseException(status);
                    }
                    yield break;
                }
                if (dataSet is not null)
                {
                    yield return dataSet;
                }
            }
        }
        finally
        {
            if (!isFinished && _isOpen)
            {
                await CancelAsync(context, id);
            }
        }
    }

    /// <summary>C-MOVE: asks the peer to send to <paramref name="destination"/>, an AE title that it knows.</summary>
    public Task<RetrieveResult> MoveAsync(
        string sopClassUid,
        string destination,
        DicomDataSet keys,
        IProgress<SubOperations>? progress = null,
        CancellationToken ct = default
    )
    {
        RequireOpen();
        var context = ContextOf(sopClassUid);
        return ExchangeAsync(
            async () =>
            {
                var command = CommandSet.Query(CommandField.CMoveRequest, ++_messageId, sopClassUid, destination);
                await _association.SendAsync(context, command, keys, ct);
                while (true)
                {
                    var (answer, dataSet) = await AnswerAsync(ct);
                    if (!answer.DimseStatus.IsPending)
                    {
                        return Result(answer, dataSet);
                    }
                    progress?.Report(answer.SubOperations);
                }
            },
            ct
        );
    }

    /// <summary>C-GET: the objects come on this association and go to <paramref name="store"/>.</summary>
    public Task<RetrieveResult> GetAsync(
        string sopClassUid,
        DicomDataSet keys,
        IStoreService store,
        IProgress<SubOperations>? progress = null,
        CancellationToken ct = default
    )
    {
        RequireOpen();
        var context = ContextOf(sopClassUid);
        return ExchangeAsync(
            async () =>
            {
                var id = ++_messageId;
                var request = CommandSet.Query(CommandField.CGetRequest, id, sopClassUid);
                await _association.SendAsync(context, request, keys, ct);
                while (true)
                {
                    var (at, command) = await ReceiveAsync(ct);
                    if (command.CommandField is CommandField.CStoreRequest && command.HasDataSet)
                    {
                        await TakeAsync(at, command, store, ct);
                        continue;
                    }
                    var dataSet = command.HasDataSet
                        ? await _association.ReceiveDataSetAsync(at, 64 * 1024 * 1024, ct)
                        : null;
                    if (!command.IsResponse || command.MessageIdBeingRespondedTo != id)
                    {
                        throw new AssociationException("The peer sent something else than the answer to C-GET.");
                    }
                    if (!command.DimseStatus.IsPending)
                    {
                        return Result(command, dataSet);
                    }
                    progress?.Report(command.SubOperations);
                }
            },
            ct
        );
    }

    /// <summary>N-CREATE: a performed procedure step with the UID that we give it (PS3.4 F.7.2.1).</summary>
    public Task<NormalizedResult> CreateAsync(
        string sopClassUid,
        string sopInstanceUid,
        DicomDataSet attributes,
        CancellationToken ct = default
    ) =>
        RequestAsync(
            sopClassUid,
            id =>
                CommandSet
                    .Request(CommandField.NCreateRequest, id, sopClassUid, hasDataSet: true)
                    .WithInstance(sopInstanceUid),
            attributes,
            ct
        );

    /// <summary>N-SET.</summary>
    public Task<NormalizedResult> SetAsync(
        string sopClassUid,
        string sopInstanceUid,
        DicomDataSet changes,
        CancellationToken ct = default
    ) =>
        RequestAsync(
            sopClassUid,
            id => CommandSet.Requested(CommandField.NSetRequest, id, sopClassUid, sopInstanceUid, hasDataSet: true),
            changes,
            ct
        );

    /// <summary>N-ACTION, such as a request for storage commitment (type 1, PS3.4 J.3.2).</summary>
    public Task<NormalizedResult> ActionAsync(
        string sopClassUid,
        string sopInstanceUid,
        ushort actionType,
        DicomDataSet information,
        CancellationToken ct = default
    ) =>
        RequestAsync(
            sopClassUid,
            id =>
                CommandSet
                    .Requested(CommandField.NActionRequest, id, sopClassUid, sopInstanceUid, hasDataSet: true)
                    .WithAction(actionType),
            information,
            ct
        );

    /// <summary>N-EVENT-REPORT, such as the answer to a request for storage commitment (PS3.4 J.3.3).</summary>
    public Task<NormalizedResult> ReportEventAsync(
        string sopClassUid,
        string sopInstanceUid,
        ushort eventType,
        DicomDataSet information,
        CancellationToken ct = default
    ) =>
        RequestAsync(
            sopClassUid,
            id =>
                CommandSet
                    .Request(CommandField.NEventReportRequest, id, sopClassUid, hasDataSet: true)
                    .WithInstance(sopInstanceUid)
                    .WithEvent(eventType),
            information,
            ct
        );

    private Task<NormalizedResult> RequestAsync(
        string sopClassUid,
        Func<ushort, CommandSet> command,
        DicomDataSet dataSet,
        CancellationToken ct
    )
    {
        RequireOpen();
        var context = ContextOf(sopClassUid);
        return ExchangeAsync(
            async () =>
            {
                await _association.SendAsync(context, command(++_messageId), dataSet, ct);
                var (answer, answered) = await AnswerAsync(ct);
                return new NormalizedResult(answer.DimseStatus, answered);
            },
            ct
        );
    }

    private async Task TakeAsync(AgreedContext context, CommandSet command, IStoreService store, CancellationToken ct)
    {
        var request = new StoreRequest(
            _options.CalledAE,
            _options.CallingAE,
            _connection.Peer,
            command.SopClassUid,
            command.SopInstanceUid,
            context.Syntax
        );
        var status = await new ArrivingObject(_association, _options.LargestObject, Quiet).ReceiveAsync(
            store,
            request,
            ct
        );
        await _association.SendAsync(context, CommandSet.Response(command, status), dataSet: null, ct);
    }

    // What is on its way still comes; then the peer confirms (PS3.4 C.4.1.1.3).
    private async Task CancelAsync(AgreedContext context, ushort id)
    {
        using var soon = new CancellationTokenSource(_options.Answering);
        await ExchangeAsync(
            async () =>
            {
                await _association.SendAsync(context, CommandSet.Cancel(id), dataSet: null, soon.Token);
                while ((await AnswerAsync(soon.Token)).Command.DimseStatus.IsPending) { }
                return true;
            },
            soon.Token
        );
    }

    private static RetrieveResult Result(CommandSet answer, DicomDataSet? dataSet) =>
        new(answer.DimseStatus, answer.SubOperations, dataSet?.GetStrings(DicomTags.FailedSOPInstanceUIDList) ?? []);
}
