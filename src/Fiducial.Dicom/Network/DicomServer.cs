using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Fiducial.Dicom.Network;

/// <summary>The acceptor: listens, and serves C-ECHO and C-STORE on as many associations as its limits allow.</summary>
public sealed partial class DicomServer(
    DicomServerOptions options,
    IAssociationPolicy policy,
    IStoreService store,
    ILoggerFactory logs
) : IAsyncDisposable
{
    private readonly ILogger _log = logs.CreateLogger<DicomServer>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, IPAddress> _associations = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>The port on which it listens.</summary>
    public int Port => ((IPEndPoint?)_listener?.LocalEndPoint)?.Port ?? 0;

    /// <exception cref="SocketException">The port is in use.</exception>
    public void Start()
    {
        _listener = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(options.Listen, options.Port));
        _listener.Listen(512);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Takes no more associations and aborts the open ones; objects that are not complete are given up.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        await Task.WhenAll(_associations.Keys);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener!.AcceptAsync(_stopping.Token);
                var address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
                var isFull =
                    _associations.Count >= options.MaxAssociations
                    || _associations.Values.Count(address.Equals) >= options.MaxAssociationsPerPeer;
                var task = Task.Run(() => ServeAsync(socket, isFull));
                _associations[task] = address;
                _ = task.ContinueWith(t => _associations.TryRemove(t, out _), TaskScheduler.Default);
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

    private async Task ServeAsync(Socket socket, bool isFull)
    {
        try
        {
            var connection = new PduConnection(socket);
            await using var association = new AcceptedAssociation(connection, options, policy, store, isFull, _log);
            await association.RunAsync(_stopping.Token);
        }
        catch (Exception e)
        {
            LogFault(e);
            socket.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection could not be accepted.")]
    private partial void LogNotAccepted(Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "An association ended by a fault of ours.")]
    private partial void LogFault(Exception e);
}
