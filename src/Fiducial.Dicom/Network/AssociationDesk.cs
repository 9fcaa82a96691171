using System.Collections.Frozen;

namespace Fiducial.Dicom.Network;

/// <summary>What an acceptor offers to every association: its services by SOP class, and who may use them.</summary>
internal sealed class AssociationDesk
{
    private readonly FrozenDictionary<string, IDimseService> _services;

    public AssociationDesk(
        DicomServerOptions options,
        IAssociationPolicy policy,
        IStoreService? store,
        IEnumerable<IDimseService> services,
        ISentSyntaxes? sent
    )
    {
        (Options, Policy, Store) = (options, policy, store);
        _services = services
            .Append(new VerificationService())
            .SelectMany(s => s.SopClasses.Select(c => KeyValuePair.Create(c, s)))
            .ToFrozenDictionary(StringComparer.Ordinal);
        Negotiation = new Negotiation(options, policy, _services, store is not null, sent);
    }

    public DicomServerOptions Options { get; }
    public IAssociationPolicy Policy { get; }
    public IStoreService? Store { get; }
    public Negotiation Negotiation { get; }

    public IDimseService? ServiceOf(string sopClassUid) => _services.GetValueOrDefault(sopClassUid);
}
