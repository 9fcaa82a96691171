using Fiducial.Archive.Files;
using Fiducial.Archive.Index;
using Fiducial.Dicom.Network;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Receiving;

/// <summary>Takes objects from the network (PS3.4 B): success is answered when bytes, name and index row are on the disk.</summary>
internal sealed class StoreService(
    ArchiveOptions options,
    ArchiveFolder folder,
    IndexWriter writer,
    TimeProvider clock,
    ILogger<StoreService> log
) : IStoreService
{
    public ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct) =>
        ValueTask.FromResult<IStoreReceipt>(Begin(request));

    /// <param name="request">Of the object.</param>
    /// <param name="studyInstanceUid">The study to which it must belong; null for any.</param>
    /// <exception cref="DimseException">There is no room.</exception>
    public StoreReceipt Begin(StoreRequest request, string? studyInstanceUid = null)
    {
        if (folder.FreeSpace < options.LeastFreeSpace)
        {
            StoreReceipt.LogFull(log, folder.Root, folder.FreeSpace);
            throw new DimseException(DimseStatus.OutOfResources("The archive's disk is full"));
        }
        return new StoreReceipt(request, studyInstanceUid, folder, writer, clock, log);
    }
}
