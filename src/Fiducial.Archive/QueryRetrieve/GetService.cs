using Fiducial.Dicom.Network;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>C-GET (PS3.4 C.4.3): sends on the association of the request, in the contexts in which the requestor is SCP.</summary>
internal sealed partial class GetService(Selection selection, InstanceSender sender, ILogger<GetService> log)
    : IDimseService
{
    public IReadOnlyCollection<string> SopClasses => [.. RetrieveClasses.Get];

    public async Task ServeAsync(DimseRequest request, CancellationToken ct)
    {
        if (request.Command.CommandField is not CommandField.CGetRequest)
        {
            throw new DimseException(DimseStatus.UnrecognizedOperation);
        }
        var instances = await selection.OfAsync(request, ct);
        var taken = request.TakenHere.ToHashSet();
        var progress = new Progress(request, instances.Count);
        foreach (var instance in instances)
        {
            progress.Count(instance, await SendAsync(request, instance, taken, ct));
            if (!await progress.GoOnAsync(ct))
            {
                await progress.EndAsync(isCancelled: true, ct);
                return;
            }
        }
        await progress.EndAsync(isCancelled: false, ct);
    }

    // Null when it could not be sent; the association then still stands.
    private async Task<DimseStatus?> SendAsync(
        DimseRequest request,
        StoredInstance instance,
        HashSet<(string, string)> taken,
        CancellationToken ct
    )
    {
        if (sender.Prepare(instance, taken) is not { } item || !sender.IsThere(instance))
        {
            LogNotSent(instance.SopInstanceUid);
            return null;
        }
        return await request.StoreAsync(item.SopClassUid, item.SopInstanceUid, item.TransferSyntaxUid, item.Send, ct);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{sopInstanceUid} was not sent: the requestor took neither its transfer syntax nor one into which it can be converted, or its file is missing."
    )]
    private partial void LogNotSent(string sopInstanceUid);
}
