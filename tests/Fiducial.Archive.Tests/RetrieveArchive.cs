using System.Collections.Concurrent;
using Fiducial.Archive.Commitment;
using Fiducial.Archive.Devices;
using Fiducial.Archive.QueryRetrieve;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Archive.Tests;

/// <summary>An archive with Query/Retrieve, for the devices that a test registers; gone with the test.</summary>
internal sealed class RetrieveArchive : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly bool _keepsFolder;

    public RetrieveArchive(
        DeviceRole? fromThisMachine = DeviceRole.PeerArchive,
        TlsIdentity? tls = null,
        ObjectStorage? store = null,
        string? folder = null,
        bool keepsFolder = false,
        string database = "",
        TimeProvider? clock = null
    )
    {
        Folder = folder ?? Directory.CreateTempSubdirectory("fiducial-retrieve-").FullName;
        _keepsFolder = keepsFolder;
        CompiledCodecs.Lend(Folder);
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddArchive(
            new ArchiveOptions
            {
                Folder = Folder,
                Database = database,
                Store = store,
                RunsWorkers = false,
                LeastFreeSpace = 0,
            }
        );
        services.AddQueryRetrieve(
            s => new DeviceRegistry(Devices, fromThisMachine, s.GetRequiredService<RegisteredDevices>()),
            _ => new QueryRetrieveOptions()
        );
        _services = services.BuildServiceProvider();
        Server = new DicomServer(
            new DicomServerOptions
            {
                Port = 0,
                TlsPort = tls is null ? null : 0,
                Tls = tls,
            },
            _services.GetRequiredService<IAssociationPolicy>(),
            _services.GetRequiredService<IStoreService>(),
            NullLoggerFactory.Instance,
            _services.GetServices<IDimseService>(),
            _services.GetRequiredService<ISentSyntaxes>()
        );
        Server.Start();
    }

    public string Folder { get; }
    public List<Device> Devices { get; } = [];
    public DicomServer Server { get; }
    public int Port => Server.Port;
    public IImageArchive Images => _services.GetRequiredService<IImageArchive>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts what answers requests for storage commitment.</summary>
    public Task AnswerCommitmentsAsync() =>
        _services.GetServices<IHostedService>().OfType<AnswerCommitments>().Single().StartAsync(CancellationToken.None);

    public Task<DicomClient> ConnectAsync(params IEnumerable<ProposedPair> pairs) => ConnectAsync("TEST", pairs);

    /// <param name="extension">Proposed to every class by SOP Class Extended Negotiation; empty proposes nothing.</param>
    public Task<DicomClient> ConnectAsync(
        string title,
        IEnumerable<ProposedPair> pairs,
        uint pduLength = 128 * 1024,
        byte[]? extension = null
    )
    {
        var list = pairs.ToList();
        return DicomClient.ConnectAsync(
            new DicomClientOptions
            {
                Host = "127.0.0.1",
                Port = Port,
                CallingAE = title,
                MaxPduLength = pduLength,
                CalledAE = "FIDUCIAL",
                Contexts = DicomClientOptions.ContextsOf(list.Select(p => (p.SopClassUid, p.TransferSyntaxUid))),
                Extensions = extension is null
                    ? []
                    :
                    [
                        .. list.Select(p => new Fiducial.Dicom.Network.Pdu.ExtendedNegotiation(
                            p.SopClassUid,
                            extension
                        )),
                    ],
                Roles =
                [
                    .. list.Where(p => p.IsTaken)
                        .Select(p => p.SopClassUid)
                        .Distinct()
                        .Select(c => new Fiducial.Dicom.Network.Pdu.RoleSelection(c, Scu: false, Scp: true)),
                ],
            }
        );
    }

    /// <summary>Sends files as they are.</summary>
    public async Task SendAsync(params IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            var file = DicomFile.Read(path);
            await using var client = await DicomClient.ConnectAsync(
                "127.0.0.1",
                Port,
                "MODALITY",
                "FIDUCIAL",
                DicomClient.ContextsFor([file])
            );
            await using var stream = File.OpenRead(path);
            (await client.StoreAsync(file, stream)).ToString().Should().Be("0000", path);
            await client.ReleaseAsync();
        }
    }

    /// <summary>Sends an object that is made for the test.</summary>
    public async Task SendAsync(DicomDataSet set)
    {
        using var file = new MemoryStream();
        DicomFile.Write(file, set, TransferSyntax.ExplicitVRLittleEndian);
        await using var client = await ConnectAsync(
            new ProposedPair(set.GetString(DicomTags.SOPClassUID)!, DicomUids.ExplicitVRLittleEndian)
        );
        (await client.StoreAsync(DicomFile.Read(file), file)).ToString().Should().Be("0000");
        await client.ReleaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        foreach (var worker in _services.GetServices<IHostedService>())
        {
            await worker.StopAsync(CancellationToken.None);
        }
        await _services.DisposeAsync();
        if (!_keepsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}

/// <param name="IsTaken">We want to be SCP of it: objects come to us.</param>
internal sealed record ProposedPair(
    string SopClassUid,
    string TransferSyntaxUid = DicomUids.ExplicitVRLittleEndian,
    bool IsTaken = false
);

/// <summary>Keeps in memory what it gets.</summary>
internal sealed class Collected : IStoreService
{
    public ConcurrentDictionary<string, (StoreRequest Request, byte[] Bytes)> Objects { get; } = new();

    public ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct) =>
        ValueTask.FromResult<IStoreReceipt>(new Receipt(this, request));

    private sealed class Receipt(Collected owner, StoreRequest request) : IStoreReceipt
    {
        private readonly MemoryStream _bytes = new();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataSetBytes, CancellationToken ct)
        {
            _bytes.Write(dataSetBytes.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask<DimseStatus> CompleteAsync(CancellationToken ct)
        {
            owner.Objects[request.SopInstanceUid] = (request, _bytes.ToArray());
            return ValueTask.FromResult(DimseStatus.Success);
        }

        public ValueTask DisposeAsync() => _bytes.DisposeAsync();
    }
}

/// <summary>What a retrieval told on its way.</summary>
internal sealed class Steps : IProgress<SubOperations>
{
    public List<SubOperations> Seen { get; } = [];

    public void Report(SubOperations value) => Seen.Add(value);
}
