using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>What the acceptor answers to the contexts, roles and extensions that are proposed (PS3.8 9.3.3, PS3.7 D.3.3).</summary>
internal sealed class Negotiation(
    DicomServerOptions options,
    IAssociationPolicy policy,
    IReadOnlyDictionary<string, IDimseService> services,
    bool takesObjects,
    ISentSyntaxes? sent
)
{
    public AssociateAccept Answer(AssociateRequest request, AssociationPeer peer)
    {
        var contexts = request.Contexts.Select(c => Answer(c, request, peer)).ToList();
        var accepted = contexts
            .Where(a => a.Result is ContextResult.Acceptance)
            .Select(a => request.Contexts.First(c => c.Id == a.Id).AbstractSyntax)
            .ToHashSet(StringComparer.Ordinal);
        return new AssociateAccept
        {
            CalledAE = request.CalledAE,
            CallingAE = request.CallingAE,
            Contexts = contexts,
            MaxPduLength = options.MaxPduLength,
            // Only what was proposed is answered, and only for what was accepted.
            Roles =
            [
                .. request
                    .Roles.Where(r => accepted.Contains(r.SopClassUid))
                    .Select(r => r with { Scp = r.Scp && RequestorMayBeScp(r.SopClassUid, peer) }),
            ],
            // One operation at a time; a requestor that sends several is answered in their order.
            AnswersAsynchronousOperations = request.ProposesAsynchronousOperations,
            IdentityResponse = request.WantsIdentityResponse,
            Extensions =
            [
                .. request
                    .Extensions.Where(e => accepted.Contains(e.SopClassUid))
                    .Select(e => (e.SopClassUid, Value: ServiceOf(e.SopClassUid)?.Negotiate(e.SopClassUid, e.Value)))
                    .Where(e => e.Value is not null)
                    .Select(e => new ExtendedNegotiation(e.SopClassUid, e.Value)),
            ],
        };
    }

    /// <summary>
    /// Of several syntaxes for an object the one in which its sender will not have to convert anything: the first that is not one of the
    /// uncompressed ones that every sender must offer besides.
    /// </summary>
    public static string ChooseForSender(IReadOnlyList<string> offered) =>
        offered.FirstOrDefault(s => !IsUncompressed(s))
        ?? offered.FirstOrDefault(s => s is not DicomUids.ImplicitVRLittleEndian)
        ?? offered.FirstOrDefault()
        ?? "";

    /// <summary>Explicit VR, little endian first; null when none is uncompressed.</summary>
    public static string? ChooseUncompressed(IReadOnlyList<string> offered) =>
        offered.FirstOrDefault(s => s is DicomUids.ExplicitVRLittleEndian)
        ?? offered.FirstOrDefault(s => s is DicomUids.ImplicitVRLittleEndian)
        ?? offered.FirstOrDefault(IsUncompressed);

    private AnsweredContext Answer(ProposedContext context, AssociateRequest request, AssociationPeer peer)
    {
        AnsweredContext Refused(ContextResult why) =>
            new(context.Id, why, context.TransferSyntaxes.FirstOrDefault() ?? "");
        var sopClass = context.AbstractSyntax;
        var isStorage = IsStorage(sopClass);
        if (!isStorage && ServiceOf(sopClass) is null)
        {
            return Refused(ContextResult.AbstractSyntaxNotSupported);
        }
        if (!policy.MayUse(peer, sopClass))
        {
            return Refused(ContextResult.UserRejection);
        }
        var offered = context.TransferSyntaxes;
        var isForUs = request.Roles.FirstOrDefault(r => r.SopClassUid == sopClass) is not { Scp: true };
        var chosen =
            !isStorage ? ChooseUncompressed(offered)
            : isForUs || sent is null ? ChooseForSender(offered)
            : sent.Choose(sopClass, offered);
        return string.IsNullOrEmpty(chosen)
            ? Refused(ContextResult.TransferSyntaxesNotSupported)
            : new AnsweredContext(context.Id, ContextResult.Acceptance, chosen);
    }

    private bool IsStorage(string sopClass) =>
        takesObjects
        && DicomUids.IsStorageSopClass(sopClass)
        && (options.TakesUnknownSopClasses || DicomUids.NameOf(sopClass) != sopClass);

    private bool RequestorMayBeScp(string sopClass, AssociationPeer peer) =>
        IsStorage(sopClass) ? MayGet(peer) : ServiceOf(sopClass)?.AllowsRequestorAsScp ?? false;

    private bool MayGet(AssociationPeer peer) =>
        RetrieveClasses.Get.Any(c => services.ContainsKey(c) && policy.MayUse(peer, c));

    private IDimseService? ServiceOf(string sopClass) => services.GetValueOrDefault(sopClass);

    private static bool IsUncompressed(string syntax) =>
        syntax is DicomUids.ImplicitVRLittleEndian or DicomUids.ExplicitVRLittleEndian or DicomUids.ExplicitVRBigEndian;
}

/// <summary>The SOP classes of Query/Retrieve (PS3.4 C.6).</summary>
public static class RetrieveClasses
{
    public static IReadOnlyList<string> Find { get; } =
    [DicomUids.PatientRootQueryRetrieveInformationModelFind, DicomUids.StudyRootQueryRetrieveInformationModelFind];
    public static IReadOnlyList<string> Move { get; } =
    [DicomUids.PatientRootQueryRetrieveInformationModelMove, DicomUids.StudyRootQueryRetrieveInformationModelMove];
    public static IReadOnlyList<string> Get { get; } =
    [DicomUids.PatientRootQueryRetrieveInformationModelGet, DicomUids.StudyRootQueryRetrieveInformationModelGet];
}
