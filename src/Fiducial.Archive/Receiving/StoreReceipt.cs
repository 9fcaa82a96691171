using Fiducial.Archive.Files;
using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Receiving;

/// <summary>One object on its way into the archive.</summary>
internal sealed partial class StoreReceipt(
    StoreRequest request,
    InstanceFile file,
    ArchiveFolder folder,
    IndexWriter writer,
    TimeProvider clock,
    ILogger log
) : IStoreReceipt
{
    // SQLITE_FULL: https://www.sqlite.org/rescode.html#full
    private const int SqliteFull = 13;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> dataSetBytes, CancellationToken ct)
    {
        try
        {
            file.Append(dataSetBytes.Span);
            return ValueTask.CompletedTask;
        }
        catch (IOException e)
        {
            LogNotWritten(log, e, file.Name);
            throw new DimseException(DimseStatus.OutOfResources("The archive's disk is full or failed"));
        }
    }

    public async ValueTask<DimseStatus> CompleteAsync(CancellationToken ct)
    {
        try
        {
            var sha256 = file.Finish();
            var facts = Facts();
            if (facts.SopInstanceUid != request.SopInstanceUid || facts.SopClassUid != request.SopClassUid)
            {
                return DimseStatus.DataSetMismatch("SOP class or instance UID is not that of the command");
            }
            // Not given up by a cancelled association any more: what is committed must also be kept.
            return await CommitAsync(facts, sha256);
        }
        catch (DicomFormatException e)
        {
            LogNotUnderstood(log, request.CallingAE, e.Message);
            return DimseStatus.CannotUnderstand(e.Message);
        }
        catch (Exception e) when (e is IOException or SqliteException { SqliteErrorCode: SqliteFull })
        {
            // Rolled back for certain: its bytes need not take the room that is missing.
            File.Delete(folder.PathOf(file.Name));
            LogNotWritten(log, e, file.Name);
            return DimseStatus.OutOfResources("The archive's disk is full or failed");
        }
    }

    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }

    private InstanceFacts Facts()
    {
        if (!request.TransferSyntax.IsDeflated)
        {
            var head = DicomFile.ReadDataSet(
                file.Head,
                request.TransferSyntax,
                InstanceFacts.Reading,
                out var isComplete
            );
            if (isComplete || file.Length == file.Head.Length)
            {
                return InstanceFacts.Of(head);
            }
        }
        return InstanceFacts.Of(DicomFile.Read(folder.PathOf(file.Name), InstanceFacts.Reading).DataSet);
    }

    private async Task<DimseStatus> CommitAsync(InstanceFacts facts, byte[] sha256)
    {
        // Should the commit fail in an unknown way, the file stays and the next start judges it.
        file.Keep();
        var outcome = await writer.CommitAsync(
            new Arrival
            {
                Facts = facts,
                TransferSyntaxUid = request.TransferSyntax.Uid,
                CallingAE = request.CallingAE,
                Sha256 = sha256,
                Length = file.Length,
                File = file.Name,
                DataSetOffset = file.DataSetOffset,
                At = clock.GetUtcNow(),
            }
        );
        switch (outcome)
        {
            case Outcome.Stored:
                return DimseStatus.Success;
            case Outcome.AlreadyStored:
                File.Delete(folder.PathOf(file.Name));
                return DimseStatus.Success;
            case Outcome.Quarantined:
                folder.MoveToQuarantine(file.Name);
                break;
            default:
                File.Delete(folder.PathOf(file.Name));
                break;
        }
        // A failure and no warning: a sender that hears of success may delete the only copy that anyone would look for.
        LogQuarantined(log, request.SopInstanceUid, request.CallingAE);
        return DimseStatus.DataSetMismatch("Other bytes are stored under this UID; these are quarantined");
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The archive's disk has {free} bytes free in {folder}: objects are refused until there is room."
    )]
    internal static partial void LogFull(ILogger log, string folder, long free);

    [LoggerMessage(Level = LogLevel.Error, Message = "{file} could not be written; its object was refused.")]
    private static partial void LogNotWritten(ILogger log, Exception e, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An object from {callingAE} was refused: {sentence}")]
    private static partial void LogNotUnderstood(ILogger log, string callingAE, string sentence);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Alert: {sopInstanceUid} came from {callingAE} with other bytes than those stored. The stored ones stay; the others are in the quarantine."
    )]
    private static partial void LogQuarantined(ILogger log, string sopInstanceUid, string callingAE);
}
