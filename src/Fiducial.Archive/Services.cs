using Fiducial.Archive.Codecs;
using Fiducial.Archive.Commitment;
using Fiducial.Archive.Devices;
using Fiducial.Archive.Export;
using Fiducial.Archive.Files;
using Fiducial.Archive.Index;
using Fiducial.Archive.Previews;
using Fiducial.Archive.Receiving;
using Fiducial.Archive.Rejection;
using Fiducial.Archive.Retention;
using Fiducial.Archive.Tokens;
using Fiducial.Archive.Verification;
using Fiducial.Archive.Web;
using Fiducial.Dicom.Network;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive;

public static class Services
{
    /// <summary>An archive in a folder: receiving, index, full-fidelity door, feed, previews, verification and DICOMweb.</summary>
    /// <exception cref="IOException">When first used: another process has the folder open.</exception>
    public static IServiceCollection AddArchive(this IServiceCollection services, ArchiveOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<ArchiveFolder>();
        services.AddSingleton(s =>
            StorePlace.Open(
                s.GetRequiredService<ArchiveOptions>(),
                s.GetRequiredService<ArchiveFolder>(),
                s.GetRequiredService<ILoggerFactory>()
            )
        );
        services.AddSingleton(OpenIndex);
        services.AddSingleton<CommitSignal>();
        services.AddSingleton<IndexWriter>();
        services.AddSingleton(s => new CodecPool(
            Path.Combine(s.GetRequiredService<ArchiveFolder>().Root, "codecs"),
            s.GetRequiredService<ILogger<CodecPool>>()
        ));
        services.AddSingleton<ImageArchive>();
        services.AddSingleton<IImageArchive>(s => s.GetRequiredService<ImageArchive>());
        services.AddSingleton<IStoredInstanceFeed>(s => s.GetRequiredService<ImageArchive>());
        services.AddSingleton<IQuarantine, Quarantine>();
        services.AddSingleton<Commitments>();
        services.AddSingleton<IStorageCommitments>(s => s.GetRequiredService<Commitments>());
        services.AddSingleton<RegisterChanges>();
        services.AddSingleton(s => new RegisteredDevices(
            s.GetRequiredService<ArchiveIndex>(),
            s.GetRequiredService<RegisterChanges>()
        ));
        services.AddSingleton(s => new AccessTokens(
            s.GetRequiredService<ArchiveIndex>(),
            s.GetRequiredService<RegisterChanges>(),
            s.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<Allowances>();
        services.AddSingleton<StoreService>();
        services.AddSingleton<IStoreService>(s => s.GetRequiredService<StoreService>());
        services.AddSingleton<MetadataStore>();
        services.AddSingleton<IFolderImport, FolderImport>();
        services.AddSingleton<IImageVerification, ImageVerification>();
        services.AddSingleton<IRejectionNotes, RejectionNotes>();
        services.AddSingleton<IStudyExport, StudyExport>();
        services.AddSingleton<PreviewFiles>();
        services.AddSingleton<IPreviewDoor, PreviewDoor>();
        services.TryAddSingleton<IDicomWebGate, OpenGate>();
        services.AddSingleton(s => new IndexTransaction(s.GetRequiredService<IndexWriter>()));
        services.AddSingleton(s => new LegalHolds(
            s.GetRequiredService<ArchiveIndex>(),
            s.GetRequiredService<IndexTransaction>(),
            s.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(s => new Deletions(
            s.GetRequiredService<ArchiveIndex>(),
            s.GetRequiredService<IndexTransaction>(),
            s.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton<IRetentionGuard, NothingElseKnown>();
        services.AddSingleton(s => new RetentionSchedule(
            s.GetRequiredService<ArchiveIndex>(),
            options.Retention,
            s.GetRequiredService<IRetentionGuard>(),
            s.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<Entombment>();
        services.AddSingleton<ICarryOutDeletions, CarryOutDeletions>();
        if (options.RunsWorkers)
        {
            services.AddHostedService<OlderSeries>();
            services.AddHostedService<DeletionRound>();
            services.AddHostedService<VerificationRound>();
        }
        if (options is { RunsWorkers: true, MakesPreviews: true })
        {
            // Without previews they are compiled for the first who asks for a compressed picture: it takes memory that storing never needs.
            services.AddHostedService<CodecWarmer>();
            services.AddHostedService<PreviewWorker>();
        }
        return services;
    }

    // What a crash left is put aside before anyone can store or find anything.
    private static ArchiveIndex OpenIndex(IServiceProvider services)
    {
        var folder = services.GetRequiredService<ArchiveFolder>();
        var index = IndexPlace.Open(services.GetRequiredService<ArchiveOptions>(), folder);
        Recovery.Run(
            index,
            folder,
            services.GetRequiredService<IObjectStore>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Recovery))
        );
        return index;
    }
}
