using Fiducial.Archive.Files;
using Fiducial.Archive.Index;
using Fiducial.Dicom;
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
        if (!InstanceFacts.IsUid(request.SopInstanceUid) || !InstanceFacts.IsUid(request.SopClassUid))
        {
            throw new DimseException(DimseStatus.DataSetMismatch("The command has no valid SOP class or instance UID"));
        }
        if (folder.FreeSpace < options.LeastFreeSpace)
        {
            StoreReceipt.LogFull(log, folder.Root, folder.FreeSpace);
            throw new DimseException(DimseStatus.OutOfResources("The archive's disk is full"));
        }
        var meta = DicomFile.FileMetaBytes(
            request.SopClassUid,
            request.SopInstanceUid,
            request.TransferSyntax.Uid,
            request.CallingAE
        );
        var file = new InstanceFile(folder, folder.NewFile(request.SopInstanceUid), meta);
        return ValueTask.FromResult<IStoreReceipt>(new StoreReceipt(request, file, folder, writer, clock, log));
    }
}
