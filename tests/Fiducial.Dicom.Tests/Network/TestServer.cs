using System.Collections.Concurrent;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Dicom.Tests.Network;

/// <summary>A real acceptor on a free port that keeps what it gets in memory.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly DicomServer _server;

    public TestServer(
        DicomServerOptions? options = null,
        Func<AssociationPeer, string, bool>? mayUse = null,
        params IDimseService[] services
    )
    {
        _server = new DicomServer(
            (options ?? new DicomServerOptions()) with
            {
                Port = 0,
            },
            new Policy(mayUse ?? ((_, _) => true)),
            Receiver,
            NullLoggerFactory.Instance,
            services
        );
        _server.Start();
    }

    public MemoryReceiver Receiver { get; } = new();
    public int Port => _server.Port;
    public int TlsPort => _server.TlsPort;

    public Task StopAsync() => _server.StopAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class Policy(Func<AssociationPeer, string, bool> mayUse) : IAssociationPolicy
    {
        public AssociationRejection? Judge(AssociateRequest request, AssociationPeer peer) => null;

        public bool MayUse(AssociationPeer peer, string sopClassUid) => mayUse(peer, sopClassUid);
    }
}

/// <summary>Keeps objects in memory, and counts those that were given up.</summary>
internal sealed class MemoryReceiver : IStoreService
{
    public int GivenUp;

    public ConcurrentDictionary<string, (StoreRequest Request, byte[] Bytes)> Objects { get; } = new();

    public ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct) =>
        ValueTask.FromResult<IStoreReceipt>(new Receipt(this, request));

    private sealed class Receipt(MemoryReceiver owner, StoreRequest request) : IStoreReceipt
    {
        private readonly MemoryStream _bytes = new();
        private bool _complete;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataSetBytes, CancellationToken ct)
        {
            _bytes.Write(dataSetBytes.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask<DimseStatus> CompleteAsync(CancellationToken ct)
        {
            _complete = true;
            owner.Objects[request.SopInstanceUid] = (request, _bytes.ToArray());
            return ValueTask.FromResult(DimseStatus.Success);
        }

        public ValueTask DisposeAsync()
        {
            if (!_complete)
            {
                Interlocked.Increment(ref owner.GivenUp);
            }
            return _bytes.DisposeAsync();
        }
    }
}
