namespace Fiducial.Dicom.Network;

/// <summary>Serves the requests on the SOP classes that it names, other than C-STORE. One instance serves every association.</summary>
public interface IDimseService
{
    IReadOnlyCollection<string> SopClasses { get; }

    /// <summary>True for classes in which the requestor may be the SCP and send us events (storage commitment: PS3.4 J.3.3).</summary>
    bool AllowsRequestorAsScp => false;

    /// <summary>
    /// The answer to SOP Class Extended Negotiation (PS3.7 D.3.3.5); null gives none, because an echo claims what is not there.
    /// </summary>
    byte[]? Negotiate(string sopClassUid, ReadOnlyMemory<byte> proposed) => null;

    /// <summary>Answers the request, with pending responses first where the service has such.</summary>
    /// <exception cref="DimseException">The request is refused with this status.</exception>
    Task ServeAsync(DimseRequest request, CancellationToken ct);
}

/// <summary>
/// Which transfer syntax serves a context in which we shall send (C-GET): where a requestor offers several syntaxes in one context, only
/// who holds the objects knows.
/// </summary>
public interface ISentSyntaxes
{
    /// <summary>One of those offered.</summary>
    string Choose(string sopClassUid, IReadOnlyList<string> offered);
}

/// <summary>C-ECHO (PS3.4 A).</summary>
internal sealed class VerificationService : IDimseService
{
    public IReadOnlyCollection<string> SopClasses { get; } = [DicomUids.Verification];

    public Task ServeAsync(DimseRequest request, CancellationToken ct) =>
        request
            .RespondAsync(
                request.Command.CommandField is CommandField.CEchoRequest
                    ? DimseStatus.Success
                    : DimseStatus.UnrecognizedOperation
            )
            .AsTask();
}
