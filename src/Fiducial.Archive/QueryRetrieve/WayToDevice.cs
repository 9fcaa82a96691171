using Fiducial.Archive.Devices;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>
/// The association to a destination. It is opened when the first object needs it, again after it broke, and anew when the objects are of
/// more classes and syntaxes than one association can have. A destination that fails twice in a row is given up.
/// </summary>
internal sealed class WayToDevice(
    Device destination,
    QueryRetrieveOptions options,
    IReadOnlyList<StoredInstance> instances
) : IAsyncDisposable
{
    private const int MostContexts = 128;
    private const int MostFailures = 2;

    private DicomClient? _client;
    private HashSet<(string, string)> _proposed = [];
    private int _failures;

    public Device Destination => destination;

    /// <summary>Classes and syntaxes that it accepted.</summary>
    public IReadOnlySet<(string, string)> Taken { get; private set; } = new HashSet<(string, string)>();

    /// <summary>An association on which this object was proposed; null when the destination was given up.</summary>
    /// <exception cref="AssociationException">It could not be opened.</exception>
    public async Task<DicomClient?> ClientForAsync(StoredInstance instance, CancellationToken ct)
    {
        var pair = (instance.SopClassUid, instance.TransferSyntaxUid);
        if (_client is not null && _proposed.Contains(pair))
        {
            return _client;
        }
        if (_failures >= MostFailures)
        {
            return null;
        }
        await EndAsync(ct);
        var position = instance.Position;
        var rest = instances.Where(i => i.Position >= position).ToList();
        var contexts = DicomClientOptions.ContextsOf(
            InstanceSender.PairsOf([instance]).Concat(InstanceSender.PairsOf(rest)).Distinct().Take(MostContexts)
        );
        _proposed = [.. contexts.Select(c => (c.AbstractSyntax, c.TransferSyntaxes[0]))];
        try
        {
            _client = await DicomClient.ConnectAsync(
                new DicomClientOptions
                {
                    Host = destination.Host,
                    Port = destination.Port,
                    CallingAE = options.AETitle,
                    CalledAE = destination.AETitle,
                    Contexts = contexts,
                    Tls = destination.CertificateThumbprint is null ? null : options.Tls,
                },
                ct
            );
        }
        catch (AssociationException)
        {
            _failures = MostFailures;
            throw;
        }
        Taken = _client.Accepted.ToHashSet();
        return _client;
    }

    /// <summary>The association broke: the next object gets another.</summary>
    public async Task BreakAsync()
    {
        _failures++;
        if (_client is not null)
        {
            await _client.DisposeAsync();
            _client = null;
        }
    }

    /// <summary>Releases it: some archives take what they got as complete only then.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        if (_client is null)
        {
            return;
        }
        try
        {
            await _client.ReleaseAsync(ct);
        }
        catch (IOException)
        {
            // Every object was answered before.
        }
        await _client.DisposeAsync();
        _client = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }
    }
}
