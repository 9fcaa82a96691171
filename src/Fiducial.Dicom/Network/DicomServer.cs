using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging;

namespace Fiducial.Dicom.Network;

/// <summary>The acceptor: listens, in plain and over TLS, and serves on as many associations as its limits allow.</summary>
/// <param name="options">How it listens.</param>
/// <param name="policy">Who may do what.</param>
/// <param name="store">Takes the objects of C-STORE; null takes none.</param>
/// <param name="logs">For what goes wrong.</param>
/// <param name="services">What is served besides C-ECHO and C-STORE.</param>
/// <param name="sent">Chooses syntaxes for C-GET.</param>
public sealed partial class DicomServer(
    DicomServerOptions options,
    IAssociationPolicy policy,
    IStoreService? store,
    ILoggerFactory logs,
    IEnumerable<IDimseService>? services = null,
    ISentSyntaxes? sent = null
) : IAsyncDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(3);

    private readonly ILogger _log = logs.CreateLogger<DicomServer>();
    private readonly AssociationDesk _desk = new(options, policy, store, services ?? [], sent);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Socket, IPAddress> _open = new();
    private readonly ConcurrentDictionary<Task, bool> _serving = new();
    private readonly SemaphoreSlim _rejecting = new(64);
    private readonly Lock _counting = new();
    private readonly List<Socket> _listeners = [];
    private Task _accepting = Task.CompletedTask;

    /// <summary>The port on which it listens; 0 when on none.</summary>
    public int Port { get; private set; }

    /// <summary>The port for TLS; 0 when on none.</summary>
    public int TlsPort { get; private set; }

    /// <exception cref="SocketException">The port is in use.</exception>
    public void Start()
    {
        if (options.TlsPort is not null && options.Tls is null)
        {
            throw new InvalidOperationException("TLS needs a certificate.");
        }
        var accepting = new List<Task>();
        foreach (var (port, tls) in new[] { (options.Port, false), (options.TlsPort, true) })
        {
            if (port is null)
            {
                continue;
            }
            var listener = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _listeners.Add(listener);
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            listener.Bind(new IPEndPoint(options.Listen, port.Value));
            listener.Listen(512);
            var bound = ((IPEndPoint)listener.LocalEndPoint!).Port;
            (Port, TlsPort) = tls ? (Port, bound) : (bound, TlsPort);
            accepting.Add(Task.Run(() => AcceptAsync(listener, tls)));
        }
        _accepting = Task.WhenAll(accepting);
    }

    /// <summary>Takes no more associations and aborts the open ones; objects that are not complete are given up.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _listeners.ForEach(l => l.Dispose());
        await _accepting;
        foreach (var socket in _open.Keys)
        {
            Interrupt(socket);
        }
        var serving = Task.WhenAll(_serving.Keys);
        if (await Task.WhenAny(serving, Task.Delay(LongestEnd)) != serving)
        {
            foreach (var socket in _open.Keys)
            {
                socket.Dispose();
            }
            await serving;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _rejecting.Dispose();
    }

    private async Task AcceptAsync(Socket listener, bool tls)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stopping.Token);
                var serving = TryAdmit(socket)
                    ? AssociationThread.RunAsync(() => ServeAsync(socket, tls))
                    : RejectAsync(socket, tls);
                _serving[serving] = true;
                _ = serving.ContinueWith(t => _serving.TryRemove(t, out _), TaskScheduler.Default);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // The peer was gone before it was accepted, or the process has no more sockets for a while.
                LogNotAccepted(e);
                await Task.Delay(20);
            }
        }
    }

    private bool TryAdmit(Socket socket)
    {
        var address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        lock (_counting)
        {
            return _open.Count < options.MaxAssociations
                && _open.Values.Count(address.Equals) < options.MaxAssociationsPerPeer
                && _open.TryAdd(socket, address);
        }
    }

    private async Task ServeAsync(Socket socket, bool tls)
    {
        try
        {
            var (secured, thumbprint) = tls ? Secure(socket) : default;
            using var connection = new PduConnection(socket, blocks: true, secured);
            await new AcceptedAssociation(connection, _desk, thumbprint, _log).RunAsync(_stopping.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            LogNotSecured(e.Message);
        }
        catch (Exception e)
        {
            LogFault(e);
        }
        finally
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    private (SslStream Stream, string? Thumbprint) Secure(Socket socket)
    {
        var limit = (int)options.Artim.TotalMilliseconds;
        (socket.ReceiveTimeout, socket.SendTimeout) = (limit, limit);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            stream.AuthenticateAsServer(options.Tls!.ForServer());
            return (stream, stream.RemoteCertificate is { } shown ? TlsIdentity.ThumbprintOf(shown) : null);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    // Too many: it is told so without a thread or a buffer, whatever it sends; and when too many are being told, it is closed.
    private async Task RejectAsync(Socket socket, bool tls)
    {
        using (socket)
        {
            if (tls || !_rejecting.Wait(0))
            {
                return;
            }
            try
            {
                using var soon = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                soon.CancelAfter(TimeSpan.FromSeconds(2));
                await socket.SendAsync(ShortPdus.Reject(AssociationRejection.LocalLimitExceeded), soon.Token);
                socket.Shutdown(SocketShutdown.Send);
                var waste = new byte[4096];
                for (var left = 64; left > 0 && await socket.ReceiveAsync(waste, soon.Token) > 0; left--) { }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // It is gone, or does not go: closed in either case.
            }
            finally
            {
                _rejecting.Release();
            }
        }
    }

    private static void Interrupt(Socket socket)
    {
        try
        {
            // Who waits for the peer sees its end, and aborts.
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection could not be accepted.")]
    private partial void LogNotAccepted(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection for TLS came to nothing: {reason}")]
    private partial void LogNotSecured(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An association ended by a fault of ours.")]
    private partial void LogFault(Exception e);
}
