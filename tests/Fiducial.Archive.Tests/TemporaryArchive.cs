using System.Collections.Concurrent;
using System.Net;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Archive.Tests;

/// <summary>
/// A real archive in a folder of its own with a real acceptor in front, and DICOMweb when it is opened; gone with the test unless
/// another takes the folder over.
/// </summary>
internal sealed class TemporaryArchive : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, string> Databases = new(StringComparer.Ordinal);

    private readonly WebApplication _app;
    private readonly bool _keepsFolder;
    private bool _isOpen;

    public TemporaryArchive(
        string? folder = null,
        bool runsWorkers = false,
        long leastFree = 0,
        bool keepsFolder = false,
        IDicomWebGate? gate = null,
        string? database = null,
        ObjectStorage? store = null,
        TimeProvider? clock = null,
        ArrivalLimits? limits = null
    )
    {
        Folder = folder ?? Directory.CreateTempSubdirectory("fiducial-archive-").FullName;
        _keepsFolder = keepsFolder;
        CompiledCodecs.Lend(Folder);
        Database = database ?? DatabaseOf(Folder);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (gate is not null)
        {
            builder.Services.AddSingleton(gate);
        }
        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);
        }
        builder.Services.AddArchive(
            new ArchiveOptions
            {
                Folder = Folder,
                Database = Database,
                Store = store,
                RunsWorkers = runsWorkers,
                LeastFreeSpace = leastFree,
                Limits = limits ?? new ArrivalLimits(),
            }
        );
        _app = builder.Build();
        _app.MapDicomWeb();
        _app.MapQuarantine();
        try
        {
            Server = new DicomServer(
                new DicomServerOptions { Listen = IPAddress.Loopback, Port = 0 },
                new AnyPeer(),
                Get<IStoreService>(),
                NullLoggerFactory.Instance
            );
        }
        catch
        {
            _app.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
        Server.Start();
        if (runsWorkers)
        {
            OpenWebAsync().GetAwaiter().GetResult();
        }
    }

    /// <summary>The same tests run a second time with <c>FIDUCIAL_TEST_DATABASE=postgres</c>.</summary>
    public static bool IsOnPostgres { get; } =
        Environment.GetEnvironmentVariable("FIDUCIAL_TEST_DATABASE") == "postgres";

    /// <summary>An archive in a folder that another leaves behind has that other's index.</summary>
    public static string DatabaseOf(string folder) =>
        IsOnPostgres ? Databases.GetOrAdd(folder, _ => TemporaryPostgres.NewDatabaseAsync().Result) : "";

    public string Folder { get; }

    /// <summary>Of the index; empty for SQLite.</summary>
    public string Database { get; }
    public DicomServer Server { get; }
    public IImageArchive Images => Get<IImageArchive>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Starts DICOMweb, once.</summary>
    /// <returns>A client of it.</returns>
    public async Task<HttpClient> OpenWebAsync()
    {
        if (!_isOpen)
        {
            await _app.StartAsync();
            _isOpen = true;
        }
        return new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    /// <summary>Sends files over one association.</summary>
    public async Task<IReadOnlyList<DimseStatus>> SendAsync(params IReadOnlyList<string> paths)
    {
        var files = paths.Select(p => DicomFile.Read(p)).ToList();
        await using var client = await DicomClient.ConnectAsync(
            "127.0.0.1",
            Server.Port,
            "MODALITY",
            "FIDUCIAL",
            DicomClient.ContextsFor(files)
        );
        var answers = new List<DimseStatus>();
        for (var i = 0; i < paths.Count; i++)
        {
            await using var stream = File.OpenRead(paths[i]);
            answers.Add(await client.StoreAsync(files[i], stream));
        }
        await client.ReleaseAsync();
        return answers;
    }

    /// <summary>Stores an object without the network.</summary>
    public async Task<DimseStatus> StoreAsync(
        DicomDataSet set,
        TransferSyntax? syntax = null,
        string? commandUid = null
    )
    {
        syntax ??= TransferSyntax.ExplicitVRLittleEndian;
        using var bytes = new MemoryStream();
        DicomFile.WriteDataSet(bytes, set, syntax);
        return await StoreAsync(
            bytes.ToArray(),
            set.GetString(DicomTags.SOPClassUID) ?? "",
            commandUid ?? set.GetString(DicomTags.SOPInstanceUID) ?? "1.2.3",
            syntax
        );
    }

    public async Task<DimseStatus> StoreAsync(
        ReadOnlyMemory<byte> dataSet,
        string sopClassUid,
        string sopInstanceUid,
        TransferSyntax syntax
    )
    {
        var request = new StoreRequest(
            "MODALITY",
            "FIDUCIAL",
            new IPEndPoint(IPAddress.Loopback, 1),
            sopClassUid,
            sopInstanceUid,
            syntax
        );
        await using var receipt = await Get<IStoreService>().BeginAsync(request, CancellationToken.None);
        for (var at = 0; at < dataSet.Length; at += 10_000)
        {
            await receipt.WriteAsync(dataSet.Slice(at, Math.Min(10_000, dataSet.Length - at)), CancellationToken.None);
        }
        return await receipt.CompleteAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_isOpen)
        {
            await _app.StopAsync();
        }
        await _app.DisposeAsync();
        if (!_keepsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private sealed class AnyPeer : IAssociationPolicy
    {
        public AssociationRejection? Judge(AssociateRequest request, AssociationPeer peer) => null;
    }
}
