using Fiducial.Dicom.Network;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>C-GET (PS3.4 C.4.3): sends on the association of the request, in the contexts in which the requestor is SCP.</summary>
internal sealed partial class GetService(Selection selection, InstanceSender sender, ILogger<GetService> log)
    : IDimseService
{
    public IReadOnlyCollection<string> SopClasses => [.. RetrieveClasses.Get];

    public byte[]? Negotiate(string sopClassUid, ReadOnlyMemory<byte> proposed) =>
        AgreedBehaviours.OfRetrieval(proposed.Span);

    public async Task ServeAsync(DimseRequest request, CancellationToken ct)
    {
        if (request.Command.CommandField is not CommandField.CGetRequest)
        {
            throw new DimseException(DimseStatus.UnrecognizedOperation);
        }
        var instances = await selection.OfAsync(request, ct);
        var taken = request.TakenHere.ToHashSet();
        var progress = new Progress(request, instances.Count);
        var next = Prepare(instances, 0, taken);
        try
        {
            for (var i = 0; i < instances.Count; i++)
            {
                using var ready = next;
                next = null;
                if (ready is not null)
                {
                    await request.SendObjectAsync(ready.ToSend, ct);
                }
                // The next is opened while the requestor keeps this one.
                next = Prepare(instances, i + 1, taken);
                progress.Count(instances[i], ready is null ? null : await request.ObjectAnswerAsync(ct));
                if (!await progress.GoOnAsync(goesOnAtOnce: true, ct))
                {
                    await progress.EndAsync(isCancelled: true, ct);
                    return;
                }
            }
        }
        finally
        {
            next?.Dispose();
        }
        await progress.EndAsync(isCancelled: false, ct);
    }

    // Null when it cannot be sent; the association then still stands.
    private ReadyObject? Prepare(IReadOnlyList<StoredInstance> instances, int at, HashSet<(string, string)> taken)
    {
        if (at >= instances.Count)
        {
            return null;
        }
        var ready = sender.Prepare(instances[at], taken);
        if (ready is null)
        {
            LogNotSent(instances[at].SopInstanceUid);
        }
        return ready;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{sopInstanceUid} was not sent: the requestor took neither its transfer syntax nor one into which it can be converted, or its file is missing."
    )]
    private partial void LogNotSent(string sopInstanceUid);
}
