using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging;

namespace Fiducial.Dicom.Network;

/// <summary>The data set of a C-STORE on its way from the socket's buffer to whoever keeps it, on either side of an association.</summary>
internal sealed partial class ArrivingObject(Association association, long largest, ILogger log)
{
    /// <summary>Reads all of it, also when it is refused, and says what to answer.</summary>
    /// <exception cref="IOException">The peer is gone: nothing is kept.</exception>
    public async ValueTask<DimseStatus> ReceiveAsync(IStoreService store, StoreRequest request, CancellationToken ct)
    {
        DimseStatus? refused = null;
        IStoreReceipt? receipt = null;
        try
        {
            try
            {
                receipt = await store.BeginAsync(request, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                refused = Refusal(e);
            }
            var length = 0L;
            MessagePart part;
            do
            {
                part = await association.ReceiveDataAsync(ct);
                if ((length += part.Bytes.Length) > largest)
                {
                    throw new AssociationAbortException(
                        AbortReason.InvalidParameter,
                        $"An object is longer than {largest} bytes."
                    );
                }
                if (refused is null && part.Bytes.Length > 0)
                {
                    try
                    {
                        await receipt!.WriteAsync(part.Bytes, ct);
                    }
                    catch (Exception e) when (e is not OperationCanceledException)
                    {
                        refused = Refusal(e);
                    }
                }
            } while (!part.EndsValue);
            return refused ?? await CompleteAsync(receipt!, ct);
        }
        finally
        {
            if (receipt is not null)
            {
                await receipt.DisposeAsync();
            }
        }
    }

    private async ValueTask<DimseStatus> CompleteAsync(IStoreReceipt receipt, CancellationToken ct)
    {
        try
        {
            return await receipt.CompleteAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Refusal(e);
        }
    }

    private DimseStatus Refusal(Exception e)
    {
        if (e is DimseException known)
        {
            return known.Status;
        }
        LogFailed(e);
        return DimseStatus.ProcessingFailure("The object could not be stored; see the server's log");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An object could not be stored.")]
    private partial void LogFailed(Exception e);
}
