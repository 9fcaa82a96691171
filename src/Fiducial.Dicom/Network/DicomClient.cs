using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Dicom.Network;

/// <summary>
/// A requestor: opens an association and speaks on it, one exchange after the other. Not for use by several threads at once. After an exchange
/// that failed midway the association is aborted and good for nothing more: nobody knows what the peer took it for.
/// </summary>
public sealed partial class DicomClient : IAsyncDisposable
{
    private readonly PduConnection _connection;
    private readonly DicomClientOptions _options;
    private readonly Dictionary<(string Class, string Syntax), AgreedContext> _accepted = [];
    private Association _association = null!;
    private ushort _messageId;
    private bool _isOpen;

    private DicomClient(PduConnection connection, DicomClientOptions options) =>
        (_connection, _options) = (connection, options);

    /// <summary>Class and transfer syntax of what the peer accepted.</summary>
    public IReadOnlyCollection<(string SopClassUid, string TransferSyntaxUid)> Accepted => _accepted.Keys;

    /// <summary>What the peer agreed to by extended negotiation.</summary>
    public IReadOnlyList<ExtendedNegotiation> Extensions { get; private set; } = [];

    /// <summary>The roles that the peer agreed to.</summary>
    public IReadOnlyList<RoleSelection> Roles { get; private set; } = [];

    /// <exception cref="AssociationException">Nobody listens there, or the peer rejected it.</exception>
    public static Task<DicomClient> ConnectAsync(
        string host,
        int port,
        string callingAE,
        string calledAE,
        IReadOnlyList<ProposedContext> contexts,
        CancellationToken ct = default
    ) =>
        ConnectAsync(
            new DicomClientOptions
            {
                Host = host,
                Port = port,
                CallingAE = callingAE,
                CalledAE = calledAE,
                Contexts = contexts,
            },
            ct
        );

    /// <exception cref="AssociationException">Nobody listens there, TLS did not come about, or the peer rejected it.</exception>
    public static async Task<DicomClient> ConnectAsync(DicomClientOptions options, CancellationToken ct = default)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        PduConnection? connection = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Connecting);
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, patience.Token);
            connection = new PduConnection(socket, blocks: false, await SecureAsync(socket, options, patience.Token))
            {
                Patience = options.Connecting,
            };
            var client = new DicomClient(connection, options);
            await client.NegotiateAsync(patience.Token);
            connection.Patience = options.Answering;
            return client;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            socket.Dispose();
            throw e switch
            {
                AssociationException => e,
                AuthenticationException or SocketException or TimeoutException or IOException =>
                    new AssociationException($"{options.CalledAE} at {options.Host}:{options.Port}: {e.Message}", e),
                OperationCanceledException when !ct.IsCancellationRequested => new AssociationException(
                    $"{options.CalledAE} at {options.Host}:{options.Port} does not answer.",
                    e
                ),
                _ => e,
            };
        }
    }

    /// <summary>The contexts for these objects, at most 128.</summary>
    public static IReadOnlyList<ProposedContext> ContextsFor(IEnumerable<DicomFile> files) =>
        DicomClientOptions.ContextsOf(
            files.Select(f => (f.DataSet.GetString(DicomTags.SOPClassUID) ?? "", f.TransferSyntax.Uid))
        );

    /// <summary>Ends the association cleanly: some archives take a study as complete only then.</summary>
    public async Task ReleaseAsync(CancellationToken ct = default)
    {
        await ExchangeAsync(
            async () =>
            {
                await _connection.SendAsync(ShortPdus.ReleaseRequest(), ct);
                while (await _connection.ReadHeaderAsync(ct) is var (type, length))
                {
                    await SkipAsync(length, ct);
                    if (type is PduType.ReleaseResponse)
                    {
                        break;
                    }
                    if (type is PduType.Abort)
                    {
                        throw new PeerAbortedException();
                    }
                    if (type is PduType.ReleaseRequest)
                    {
                        // Both at once (PS3.8 9.2, release collision).
                        await _connection.SendAsync(ShortPdus.ReleaseResponse(), ct);
                    }
                }
                return true;
            },
            ct
        );
        _isOpen = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOpen)
        {
            _isOpen = false;
            await _connection.AbortAsync(AbortReason.ServiceUser);
        }
        _connection.Dispose();
    }

    private async Task NegotiateAsync(CancellationToken ct)
    {
        var request = new AssociateRequest
        {
            CalledAE = _options.CalledAE,
            CallingAE = _options.CallingAE,
            Contexts = _options.Contexts,
            MaxPduLength = _options.MaxPduLength,
            Roles = _options.Roles,
            Extensions = _options.Extensions,
            Identity = _options.Identity,
        };
        await _connection.SendAsync(request.ToBytes(), ct);
        var accept = AssociateAccept.Parse(await ReadAcceptAsync(ct));
        var agreed = new Dictionary<byte, AgreedContext>();
        foreach (var answer in accept.Contexts.Where(a => a.Result is ContextResult.Acceptance))
        {
            var proposed =
                request.Contexts.FirstOrDefault(c => c.Id == answer.Id)
                ?? throw new AssociationException("The peer accepted a context that was not proposed.");
            var context = new AgreedContext(
                answer.Id,
                proposed.AbstractSyntax,
                TransferSyntax.Of(answer.TransferSyntax)
            );
            agreed[answer.Id] = context;
            _accepted.TryAdd((context.SopClassUid, context.Syntax.Uid), context);
        }
        (Roles, Extensions) = (accept.Roles, accept.Extensions);
        _association = new Association(_connection, agreed, _options.MaxPduLength, accept.MaxPduLength);
        _isOpen = true;
    }

    private async Task<byte[]> ReadAcceptAsync(CancellationToken ct)
    {
        var (type, length) =
            await _connection.ReadHeaderAsync(ct) ?? throw new AssociationException("The peer closed the connection.");
        if (length > 1024 * 1024)
        {
            throw new AssociationException("The peer does not speak DICOM.");
        }
        var body = await _connection.ReadBodyAsync((int)length, ct);
        return type switch
        {
            PduType.AssociateAccept => body,
            PduType.AssociateReject when body.Length >= 4 => throw new AssociationException(
                $"The peer rejected the association (result {body[1]}, source {body[2]}, reason {body[3]})."
            ),
            PduType.Abort => throw new PeerAbortedException(),
            _ => throw new AssociationException($"The peer sent {type} where the answer to the association was due."),
        };
    }

    private async Task SkipAsync(long length, CancellationToken ct)
    {
        while (length > 0)
        {
            length -= (await _connection.ReadSomeAsync(length, ct)).Length;
        }
    }

    // Whatever breaks an exchange midway ends the association: the next message would be answered by the last one's answer.
    private async Task<T> ExchangeAsync<T>(Func<Task<T>> exchange, CancellationToken ct)
    {
        RequireOpen();
        ct.ThrowIfCancellationRequested();
        try
        {
            return await exchange();
        }
        catch (Exception e)
        {
            await PoisonAsync(e);
            throw Described(e);
        }
    }

    private void RequireOpen()
    {
        if (!_isOpen)
        {
            throw new AssociationException("The association has ended: open another one.");
        }
    }

    private async Task PoisonAsync(Exception e)
    {
        _isOpen = false;
        if (e is not PeerAbortedException)
        {
            await _connection.AbortAsync(AbortReason.ServiceUser);
        }
    }

    private static Exception Described(Exception e) =>
        e switch
        {
            AssociationException => e,
            SocketException
            or EndOfStreamException
            or TimeoutException
            or IOException { InnerException: SocketException } => new AssociationException(
                $"The association broke: {e.Message}",
                e
            ),
            _ => e,
        };

    private AgreedContext ContextOf(string sopClassUid) =>
        _association.Contexts.Values.FirstOrDefault(c => c.SopClassUid == sopClassUid)
        ?? throw new AssociationException($"The peer did not accept {DicomUids.NameOf(sopClassUid)}.");

    private async ValueTask<(AgreedContext Context, CommandSet Command)> ReceiveAsync(CancellationToken ct) =>
        await _association.ReceiveCommandAsync(ct)
        ?? throw new AssociationException("The peer ended the association in place of an answer.");

    private async ValueTask<(CommandSet Command, DicomDataSet? DataSet)> AnswerAsync(CancellationToken ct)
    {
        while (true)
        {
            var (context, command) = await ReceiveAsync(ct);
            var dataSet = command.HasDataSet
                ? await _association.ReceiveDataSetAsync(context, 64 * 1024 * 1024, ct)
                : null;
            if (!command.IsResponse)
            {
                // An event that nobody here waits for is answered all the same (PS3.7 10.1.1).
                await _association.SendAsync(
                    context,
                    CommandSet.Response(command, DimseStatus.UnrecognizedOperation),
                    dataSet: null,
                    ct
                );
            }
            else if (command.MessageIdBeingRespondedTo == _messageId)
            {
                return (command, dataSet);
            }
            else
            {
                throw new AssociationException("The peer answered another message than the last.");
            }
        }
    }

    private static async Task<SslStream?> SecureAsync(Socket socket, DicomClientOptions options, CancellationToken ct)
    {
        if (options.Tls is null)
        {
            return null;
        }
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            await stream.AuthenticateAsClientAsync(options.Tls.ForClient(options.Host), ct);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static ILogger Quiet => NullLogger.Instance;
}
