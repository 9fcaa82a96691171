using System.Net;

namespace Fiducial.Dicom.Network;

/// <summary>An object that a peer is about to send.</summary>
public sealed record StoreRequest(
    string CallingAE,
    string CalledAE,
    IPEndPoint Peer,
    string SopClassUid,
    string SopInstanceUid,
    TransferSyntax TransferSyntax
);

/// <summary>Takes the objects that are sent to us.</summary>
public interface IStoreService
{
    /// <exception cref="DimseException">The object is refused; its bytes are read and thrown away.</exception>
    ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct);
}

/// <summary>One object that is arriving. Disposed without <see cref="CompleteAsync"/> when the sender is gone: nothing may be left of it.</summary>
public interface IStoreReceipt : IAsyncDisposable
{
    /// <summary>The next bytes of the data set, as they were sent. The memory is only valid until the task ends.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> dataSetBytes, CancellationToken ct);

    /// <summary>All bytes have arrived. Success is only answered for what is durable.</summary>
    ValueTask<DimseStatus> CompleteAsync(CancellationToken ct);
}
