namespace Fiducial.Pathway.Proxies;

/// <summary>Those who can sign in as somebody's proxy.</summary>
public interface IProxyDirectory
{
    /// <summary>The name as others read it; null when nobody of this sign-in name can be a proxy here.</summary>
    Task<string?> NameAsync(string personId, CancellationToken ct);
}
