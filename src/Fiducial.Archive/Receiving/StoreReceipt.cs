using Fiducial.Archive.Files;
using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Receiving;

/// <summary>One object on its way into the archive.</summary>
internal sealed partial class StoreReceipt : IStoreReceipt
{
    private readonly StoreRequest _request;
    private readonly bool _isCommand;
    private readonly string? _studyInstanceUid;
    private readonly Allowances.Allowance? _allowance;
    private readonly ArchiveFolder _folder;
    private readonly IObjectStore _store;
    private readonly IndexWriter _writer;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly InstanceFile _file;

    // Null when what stands in the command cannot be an address.
    private readonly string? _sopClassUid;
    private readonly string? _sopInstanceUid;

    public StoreReceipt(
        StoreRequest request,
        bool isCommand,
        string? studyInstanceUid,
        Allowances.Allowance? allowance,
        ArchiveFolder folder,
        IObjectStore store,
        IndexWriter writer,
        TimeProvider clock,
        ILogger log
    )
    {
        (_request, _isCommand, _studyInstanceUid) = (request, isCommand, studyInstanceUid);
        _allowance = allowance;
        (_folder, _store, _writer, _clock, _log) = (folder, store, writer, clock, log);
        _sopClassUid = InstanceFacts.IsUid(request.SopClassUid) ? request.SopClassUid : null;
        _sopInstanceUid = InstanceFacts.IsUid(request.SopInstanceUid) ? request.SopInstanceUid : null;
        _file = new InstanceFile(folder, folder.NewFile(request.SopInstanceUid), FileMeta);
    }

    /// <summary>What was read of the object when it was complete; null before, and when it cannot be read.</summary>
    public InstanceFacts? Facts { get; private set; }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> dataSetBytes, CancellationToken ct)
    {
        _allowance?.Take(dataSetBytes.Length);
        try
        {
            _file.Append(dataSetBytes.Span);
            return ValueTask.CompletedTask;
        }
        catch (IOException e)
        {
            LogNotWritten(_log, e, _file.Name);
            throw new DimseException(DimseStatus.OutOfResources("The archive's disk is full or failed"));
        }
    }

    public async ValueTask<DimseStatus> CompleteAsync(CancellationToken ct)
    {
        try
        {
            _file.End();
            var facts = Facts = ReadFacts();
            if (
                _isCommand
                && (
                    Contradicts(facts.SopInstanceUid, _request.SopInstanceUid)
                    || Contradicts(facts.SopClassUid, _request.SopClassUid)
                )
            )
            {
                return DimseStatus.DataSetMismatch("SOP class or instance UID is not that of the command");
            }
            if (_studyInstanceUid is not null && facts.Study.Uid != _studyInstanceUid)
            {
                return DimseStatus.DataSetMismatch("The object belongs to another study");
            }
            var sha256 = _file.Finish();
            // Not given up by a cancelled association any more: what is committed must also be kept.
            return await CommitAsync(facts, sha256);
        }
        catch (DicomFormatException e)
        {
            LogNotUnderstood(_log, _request.CallingAE, e.Message);
            return DimseStatus.CannotUnderstand(e.Message);
        }
        catch (Exception e) when (e is IOException or IndexUnavailableException { IsRolledBack: true })
        {
            // Rolled back for certain: nobody will ever ask for its bytes.
            await _store.RemoveAsync(_file.Name);
            LogNotWritten(_log, e, _file.Name);
            return DimseStatus.OutOfResources(
                e switch
                {
                    StoreUnavailableException => "The archive's object storage is out of reach",
                    IOException => "The archive's disk is full or failed",
                    _ => "The archive's index cannot be written",
                }
            );
        }
        catch (IndexUnavailableException e)
        {
            // Whether it was committed is not known: the file stays, and the next start judges it.
            LogNotWritten(_log, e, _file.Name);
            return DimseStatus.OutOfResources("The archive's index cannot be written");
        }
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        _allowance?.End(isKept: false);
        return ValueTask.CompletedTask;
    }

    // What is no UID says nothing, and contradicts nothing: a sender makes such of UIDs that are encoded as UN.
    private static bool Contradicts(string ofObject, string ofCommand) =>
        ofObject != ofCommand && InstanceFacts.IsStrictUid(ofCommand);

    private InstanceFacts ReadFacts()
    {
        if (Head(out var isComplete) is { } head && (isComplete || _file.Length == _file.Head.Length))
        {
            return Of(head);
        }
        return Of(DicomFile.Read(_folder.PathOf(_file.Name), InstanceFacts.Reading).DataSet);
    }

    private InstanceFacts Of(DicomDataSet head) => InstanceFacts.Of(head, _sopClassUid, _sopInstanceUid);

    private DicomDataSet? Head(out bool isComplete)
    {
        isComplete = false;
        return _request.TransferSyntax.IsDeflated
            ? null
            : DicomFile.ReadDataSet(_file.Head, _request.TransferSyntax, InstanceFacts.Reading, out isComplete);
    }

    // Asked for when the head is there: the object itself may have to say what the command does not.
    private byte[] FileMeta()
    {
        var (sopClass, sopInstance) = (_sopClassUid ?? "", _sopInstanceUid ?? "");
        if (!IsNamedByCommand && ReadableHead() is { } head)
        {
            sopClass = head.GetString(DicomTags.SOPClassUID) ?? sopClass;
            sopInstance = head.GetString(DicomTags.SOPInstanceUID) ?? sopInstance;
        }
        return DicomFile.FileMetaBytes(sopClass, sopInstance, _request.TransferSyntax.Uid, _request.CallingAE);
    }

    private bool IsNamedByCommand =>
        _isCommand
        && InstanceFacts.IsStrictUid(_request.SopClassUid)
        && InstanceFacts.IsStrictUid(_request.SopInstanceUid);

    // What cannot be read is refused when all of it is there.
    private DicomDataSet? ReadableHead()
    {
        try
        {
            return Head(out _);
        }
        catch (DicomFormatException)
        {
            return null;
        }
    }

    private async Task<DimseStatus> CommitAsync(InstanceFacts facts, byte[] sha256)
    {
        await _store.KeepAsync(_file.Name);
        // Should the commit fail in an unknown way, the file stays and the next start judges it.
        _file.Keep();
        var outcome = await _writer.CommitAsync(
            new Arrival
            {
                Facts = facts,
                TransferSyntaxUid = _request.TransferSyntax.Uid,
                CallingAE = _request.CallingAE,
                Sha256 = sha256,
                Length = _file.Length,
                File = _file.Name,
                DataSetOffset = _file.DataSetOffset,
                At = _clock.GetUtcNow(),
            }
        );
        if (outcome is Outcome.AlreadyStored or Outcome.AlreadyQuarantined)
        {
            await _store.RemoveAsync(_file.Name);
        }
        else
        {
            _store.Kept(_file.Name);
            _allowance?.End(isKept: true);
        }
        if (outcome is Outcome.Quarantined or Outcome.AlreadyQuarantined)
        {
            LogQuarantined(_log, _request.SopInstanceUid, _request.CallingAE);
        }
        if (outcome is Outcome.QuarantinedAfterDeletion)
        {
            LogDeletedBefore(_log, facts.SopInstanceUid, _request.CallingAE);
        }
        // Also for the quarantine: its bytes are safe with us, and a sender that hears of failure repeats for ever (docs/decisions/0003).
        return DimseStatus.Success;
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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{sopInstanceUid} came from {callingAE}: it was deleted here by the retention schedule, and is in the quarantine now."
    )]
    private static partial void LogDeletedBefore(ILogger log, string sopInstanceUid, string callingAE);
}
