using Fiducial.Archive.Files;
using Fiducial.Archive.Index;
using Fiducial.Dicom.Network;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Receiving;

/// <summary>Takes objects from the network (PS3.4 B): success is answered when bytes, name and index row are on the disk.</summary>
internal sealed class StoreService(
    ArchiveOptions options,
    ArchiveFolder folder,
    IObjectStore store,
    IndexWriter writer,
    Allowances allowances,
    TimeProvider clock,
    ILogger<StoreService> log
) : IStoreService
{
    public ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct) =>
        ValueTask.FromResult<IStoreReceipt>(Begin(request, isCommand: true));

    /// <param name="request">Of the object.</param>
    /// <param name="isCommand">
    /// True when its UIDs are those of a command, which the object must not contradict. Those of a file's group 0002 only say what the
    /// object itself does not: many tools leave them as they were in another file.
    /// </param>
    /// <param name="studyInstanceUid">The study to which it must belong; null for any.</param>
    /// <exception cref="DimseException">There is no room, or none for this sender.</exception>
    public StoreReceipt Begin(StoreRequest request, bool isCommand, string? studyInstanceUid = null)
    {
        if (folder.FreeSpace < options.LeastFreeSpace)
        {
            StoreReceipt.LogFull(log, folder.Root, folder.FreeSpace);
            throw new DimseException(DimseStatus.OutOfResources("The archive's disk is full"));
        }
        // Who sends by HTTP or imports a folder is no device.
        var allowance = allowances.Begin(request.CallingAE, isDevice: isCommand);
        return new StoreReceipt(request, isCommand, studyInstanceUid, allowance, folder, store, writer, clock, log);
    }
}
