using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>C-MOVE (PS3.4 C.4.2): sends to a registered device on an association of its own, and tells the requestor how far it is.</summary>
internal sealed partial class MoveService(
    Selection selection,
    InstanceSender sender,
    IRetrieveGate gate,
    DeviceRegistry registry,
    QueryRetrieveOptions options,
    ILogger<MoveService> log
) : IDimseService
{
    public IReadOnlyCollection<string> SopClasses => [.. RetrieveClasses.Move];

    public byte[]? Negotiate(string sopClassUid, ReadOnlyMemory<byte> proposed) =>
        AgreedBehaviours.OfRetrieval(proposed.Span);

    public async Task ServeAsync(DimseRequest request, CancellationToken ct)
    {
        if (request.Command.CommandField is not CommandField.CMoveRequest)
        {
            throw new DimseException(DimseStatus.UnrecognizedOperation);
        }
        var instances = await selection.OfAsync(request, ct);
        var destination =
            registry.Destination(request.Command.MoveDestination)
            ?? throw new DimseException(new DimseStatus(0xA801, "The move destination is not registered here"));
        if (destination.Role is DeviceRole.Modality)
        {
            throw new DimseException(
                new DimseStatus(0xA801, "The move destination is a modality, which gets no images")
            );
        }
        var progress = new Progress(request, instances.Count);
        var mayLieThere = await MayLieAtAsync(destination, instances, ct);
        await using var way = new WayToDevice(destination, options, [.. instances.Where(mayLieThere.Contains)]);
        foreach (var instance in instances)
        {
            // What may not lie there fails as what the destination would not take.
            progress.Count(
                instance,
                mayLieThere.Contains(instance) ? await SendAsync(way, request, instance, ct) : null
            );
            if (!await progress.GoOnAsync(goesOnAtOnce: false, ct))
            {
                await way.EndAsync(ct);
                await progress.EndAsync(isCancelled: true, ct);
                return;
            }
        }
        await way.EndAsync(ct);
        await progress.EndAsync(isCancelled: false, ct);
    }

    private async Task<HashSet<StoredInstance>> MayLieAtAsync(
        Device destination,
        IReadOnlyList<StoredInstance> instances,
        CancellationToken ct
    )
    {
        var may = new HashSet<StoredInstance>(ReferenceEqualityComparer.Instance);
        foreach (var study in instances.GroupBy(i => i.StudyInstanceUid, StringComparer.Ordinal))
        {
            var access = await gate.MayLieAtAsync(destination, study.Key, ct);
            may.UnionWith(study.Where(i => access >= i.SeenWith));
        }
        return may;
    }

    private async Task<DimseStatus?> SendAsync(
        WayToDevice way,
        DimseRequest request,
        StoredInstance instance,
        CancellationToken ct
    )
    {
        try
        {
            var client = await way.ClientForAsync(instance, ct);
            using var ready = client is null ? null : sender.Prepare(instance, way.Taken);
            if (client is null || ready is null)
            {
                LogNotSent(instance.SopInstanceUid, way.Destination.AETitle);
                return null;
            }
            return await client.StoreAsync(
                ready.ToSend with
                {
                    MoveOriginator = (request.Peer.AETitle, request.Command.MessageId),
                },
                ct
            );
        }
        catch (Exception e) when (e is IOException or DicomFormatException or Codecs.CodecException)
        {
            LogBroken(instance.SopInstanceUid, way.Destination.AETitle, e.Message);
            await way.BreakAsync();
            return null;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{sopInstanceUid} was not sent to {destination}: it is not reachable, took neither the stored transfer syntax nor one into which the object can be converted, or the file is missing."
    )]
    private partial void LogNotSent(string sopInstanceUid, string destination);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{sopInstanceUid} could not be sent to {destination}: {reason}")]
    private partial void LogBroken(string sopInstanceUid, string destination, string reason);
}
