using System.Net;
using System.Net.Sockets;
using System.Text;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Archive.QueryRetrieve;
using Fiducial.Archive.Web;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fiducial.Fuzz;

/// <summary>A whole archive in memory's file system: the bytes of an association, and the body of a STOW-RS request, from their first to their last.</summary>
internal sealed class ArchiveUnderFire
{
    /// <summary>Separates the parts of the bodies that seeds have.</summary>
    public const string Boundary = "B";

    private static readonly Lazy<ArchiveUnderFire> Archive = new(() => new ArchiveUnderFire());

    private readonly Faults _faults = new();
    private readonly ServiceProvider _services;
    private readonly AssociationDesk _desk;
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private int _connections;

    private ArchiveUnderFire()
    {
        var folder = Path.Combine(
            Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
            $"fiducial-fuzz-{Environment.ProcessId}"
        );
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_faults);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddArchive(
            new ArchiveOptions
            {
                Folder = folder,
                RunsWorkers = false,
                LeastFreeSpace = 0,
            }
        );
        services.AddQueryRetrieve(
            s => new DeviceRegistry([], DeviceRole.PeerArchive, s.GetRequiredService<RegisteredDevices>()),
            _ => new QueryRetrieveOptions()
        );
        _services = services.BuildServiceProvider();
        _desk = new AssociationDesk(
            new DicomServerOptions(),
            _services.GetRequiredService<IAssociationPolicy>(),
            _services.GetRequiredService<IStoreService>(),
            _services.GetServices<IDimseService>(),
            _services.GetRequiredService<ISentSyntaxes>()
        );
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
    }

    /// <summary>All that a requestor sends on one association; then it closes.</summary>
    public static void Association(byte[] bytes) => Archive.Value.Associate(bytes);

    /// <summary>A body of multipart/related, with <see cref="Boundary"/> between its parts.</summary>
    public static void Multipart(byte[] bytes) => Archive.Value.Receive(bytes);

    private void Associate(byte[] bytes)
    {
        // From ever another address, because a port that was used rests for a minute.
        _connections++;
        var from = new IPAddress([127, 1, (byte)(_connections >> 16), (byte)(_connections >> 8)]);
        using var requestor = new Socket(SocketType.Stream, ProtocolType.Tcp);
        requestor.Bind(new IPEndPoint(from.MapToIPv6(), 0));
        requestor.Connect(_listener.LocalEndPoint!);
        using var acceptor = _listener.Accept();
        requestor.Send(bytes);
        requestor.Shutdown(SocketShutdown.Send);
        using var connection = new PduConnection(acceptor, blocks: true);
        new AcceptedAssociation(connection, _desk, null, _faults.CreateLogger(""))
            .RunAsync(CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        _faults.ThrowAny();
    }

    private void Receive(byte[] bytes)
    {
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = "POST";
        context.Request.Host = new HostString("archive.example");
        context.Request.ContentType = $"multipart/related; type=\"application/dicom\"; boundary={Boundary}";
        context.Request.Headers.Accept = "application/dicom+json";
        context.Request.Body = new MemoryStream(bytes);
        context.Response.Body = answer;
        StoreTransaction.ReceiveAsync(context, CancellationToken.None).GetAwaiter().GetResult();
        if (context.Response.StatusCode is not (200 or 202 or 400 or 409))
        {
            throw new InvalidDataException($"The answer was {context.Response.StatusCode}.");
        }
        // What was answered can be read, if anything was.
        DicomJson.ReadMany(answer.Length == 0 ? Encoding.ASCII.GetBytes("[]") : answer.ToArray()).ToList();
        _faults.ThrowAny();
    }

    /// <summary>What the archive calls a fault of its own is one.</summary>
    private sealed class Faults : ILoggerFactory, ILogger
    {
        private Exception? _fault;

        public void ThrowAny()
        {
            if (_fault is { } fault)
            {
                _fault = null;
                throw new InvalidOperationException(
                    $"{fault.GetType().Name}: {fault.Message}{fault.StackTrace}",
                    fault
                );
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (logLevel >= LogLevel.Error && exception is not null)
            {
                _fault = exception;
            }
        }

        public void Dispose() { }
    }
}
