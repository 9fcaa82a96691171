using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging;

namespace Fiducial.Dicom.Network;

/// <summary>
/// One association from the acceptor's side (PS3.8 9.2): negotiation, then messages in their order, until release or abort. It moves
/// messages to the services; the bytes of an object go from the socket's buffer to its receipt.
/// </summary>
internal sealed partial class AcceptedAssociation(
    PduConnection connection,
    AssociationDesk desk,
    string? certificateThumbprint,
    ILogger log
)
{
    private const int LargestAssociateRequest = 1024 * 1024;
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(5);

    private readonly DicomServerOptions _options = desk.Options;
    private AssociationPeer _peer = new("", connection.Peer, certificateThumbprint);
    private bool _isAdmitted;
    private AssociateRequest _request = null!;
    private AssociateAccept _accept = null!;
    private Association _association = null!;
    private readonly Dictionary<(string, string), AgreedContext> _takenByPeer = [];

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            connection.Patience = _options.Artim;
            connection.Pace = new Pace(_options.Clock, _options.Artim, 0);
            if (await NegotiateAsync(stopping))
            {
                await ServeAsync(stopping);
            }
        }
        catch (PeerAbortedException e)
        {
            LogAborted(connection.Peer.ToString(), e.Message);
        }
        catch (Exception e) when (stopping.IsCancellationRequested)
        {
            LogAborted(connection.Peer.ToString(), $"The server stops ({e.GetType().Name}).");
            await connection.AbortAsync(AbortReason.NotSpecified);
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
        catch (TimeoutException e)
        {
            LogAborted(connection.Peer.ToString(), e.Message);
            await connection.AbortAsync(AbortReason.NotSpecified);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            LogAborted(connection.Peer.ToString(), "The peer is gone.");
        }
        finally
        {
            if (_isAdmitted)
            {
                desk.Policy.Ended(_peer);
            }
        }
    }

    private async Task<bool> NegotiateAsync(CancellationToken ct)
    {
        if (await connection.ReadHeaderAsync(ct) is not var (type, length))
        {
            return false;
        }
        if (type is not PduType.AssociateRequest || length > LargestAssociateRequest)
        {
            throw new AssociationAbortException(AbortReason.UnexpectedPdu, "The first PDU is no association request.");
        }
        _request = AssociateRequest.Parse(await connection.ReadBodyAsync((int)length, ct));
        _peer = _peer with { AETitle = _request.CallingAE };
        if (Judge() is { } rejection)
        {
            LogRejected(connection.Peer.ToString(), _request.CallingAE, rejection.Sentence);
            await connection.SendAsync(ShortPdus.Reject(rejection), ct);
            await GoodbyeAsync(ct);
            return false;
        }
        _isAdmitted = true;
        _accept = desk.Negotiation.Answer(_request, _peer);
        var agreed = _accept
            .Contexts.Where(a => a.Result is ContextResult.Acceptance)
            .Select(a => new AgreedContext(
                a.Id,
                _request.Contexts.First(c => c.Id == a.Id).AbstractSyntax,
                TransferSyntax.Of(a.TransferSyntax)
            ))
            .ToDictionary(c => c.Id);
        var taken = _accept.Roles.Where(r => r.Scp).Select(r => r.SopClassUid).ToHashSet(StringComparer.Ordinal);
        foreach (var context in agreed.Values.Where(c => taken.Contains(c.SopClassUid)))
        {
            _takenByPeer.TryAdd((context.SopClassUid, context.Syntax.Uid), context);
        }
        _association = new Association(connection, agreed, _options.MaxPduLength, _request.MaxPduLength);
        await connection.SendAsync(_accept.ToBytes(), ct);
        return true;
    }

    private AssociationRejection? Judge() =>
        _request.ApplicationContextName is not AssociateRequest.ApplicationContext
            ? AssociationRejection.ApplicationContextNotSupported
        : _options.ChecksCalledAE && _request.CalledAE != _options.AETitle ? AssociationRejection.CalledAENotRecognized
        : !_options.TakesBlankCallingAE && _request.CallingAE.Length == 0 ? AssociationRejection.CallingAENotRecognized
        : desk.Policy.Judge(_request, _peer);

    private async Task ServeAsync(CancellationToken stopping)
    {
        while (true)
        {
            connection.Pace = null;
            connection.Patience = _options.Idle;
            if (await _association.ReceiveCommandAsync(stopping, MessageBegins) is not var (context, command))
            {
                break;
            }
            if (command.CommandField is CommandField.CStoreRequest && desk.Store is not null && command.HasDataSet)
            {
                await StoreAsync(context, command, stopping);
            }
            else if (command.IsResponse)
            {
                throw new AssociationAbortException(AbortReason.UnexpectedParameter, "No response is due.");
            }
            // A cancel that comes after the last response has nothing to stop.
            else if (command.CommandField is not CommandField.CCancelRequest)
            {
                await HandOverAsync(context, command, stopping);
            }
        }
        if (_association.IsReleasing)
        {
            connection.Patience = _options.Artim;
            await connection.SendAsync(ShortPdus.ReleaseResponse(), stopping);
            await GoodbyeAsync(stopping);
        }
        else if (stopping.IsCancellationRequested)
        {
            await connection.AbortAsync(AbortReason.NotSpecified);
        }
    }

    private void MessageBegins()
    {
        connection.Patience = _options.WithinMessage;
        connection.Pace = new Pace(_options.Clock, _options.WithinMessage, _options.SlowestBytesPerSecond);
    }

    private async Task StoreAsync(AgreedContext context, CommandSet command, CancellationToken ct)
    {
        var arriving = new ArrivingObject(_association, _options.LargestObject, log);
        var request = new StoreRequest(
            _request.CallingAE,
            _request.CalledAE,
            connection.Peer,
            command.SopClassUid,
            command.SopInstanceUid,
            context.Syntax
        );
        var status = await arriving.ReceiveAsync(desk.Store!, request, ct);
        connection.Patience = _options.WithinMessage;
        await _association.SendAsync(context, CommandSet.Response(command, status), dataSet: null, ct);
    }

    private async Task HandOverAsync(AgreedContext context, CommandSet command, CancellationToken ct)
    {
        DicomDataSet? dataSet = null;
        string? damage = null;
        try
        {
            dataSet = command.HasDataSet
                ? await _association.ReceiveDataSetAsync(context, _options.LargestDataSet, ct)
                : null;
        }
        catch (DicomFormatException e)
        {
            damage = e.Message;
        }
        connection.Pace = null;
        connection.Patience = _options.WithinMessage;
        var request = new DimseRequest(_association, context, _takenByPeer)
        {
            Command = command,
            DataSet = dataSet,
            Peer = _peer,
            CalledAE = _request.CalledAE,
            Negotiated = _accept.Extensions.FirstOrDefault(e => e.SopClassUid == context.SopClassUid)?.Value ?? default,
        };
        var status = DimseStatus.UnrecognizedOperation;
        try
        {
            if (damage is not null)
            {
                status = DimseStatus.CannotUnderstand(damage);
            }
            else if (desk.ServiceOf(context.SopClassUid) is { } service)
            {
                await service.ServeAsync(request, ct);
                status = DimseStatus.ProcessingFailure("The request was not answered");
            }
        }
        catch (DimseException e)
        {
            status = e.Status;
        }
        catch (Exception e)
            when (e
                    is not (
                        IOException
                        or TimeoutException
                        or OperationCanceledException
                        or System.Net.Sockets.SocketException
                    )
            )
        {
            LogFailed(e, connection.Peer.ToString());
            status = DimseStatus.ProcessingFailure("The request failed; see the server's log");
        }
        if (!request.IsAnswered)
        {
            await request.RespondAsync(status, ct: ct);
        }
    }

    // The peer closes; a peer that does not is not waited for (PS3.8 9.2.3, AR-4 and ARTIM).
    private async Task GoodbyeAsync(CancellationToken ct)
    {
        var wait = _options.Artim < LongestGoodbye ? _options.Artim : LongestGoodbye;
        connection.Patience = wait;
        connection.Pace = new Pace(_options.Clock, wait, 0);
        await connection.DrainAsync(ct);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The association from {peer} ({calling}) was rejected: {sentence}"
    )]
    private partial void LogRejected(string peer, string calling, string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The association from {peer} was aborted: {sentence}")]
    private partial void LogAborted(string peer, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request from {peer} could not be served.")]
    private partial void LogFailed(Exception e, string peer);
}
