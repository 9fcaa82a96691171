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
    public ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct)
    {
        if (folder.FreeSpace < options.LeastFreeSpace)
        {
            StoreReceipt.LogFull(log, folder.Root, folder.FreeSpace);
            throw new DimseException(DimseStatus.OutOfResources("The archive's disk is full"));
        }
        return ValueTask.FromResult<IStoreReceipt>(new StoreReceipt(request, folder, writer, clock, log));
    }
}
