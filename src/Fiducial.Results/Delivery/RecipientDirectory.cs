namespace Fiducial.Results.Delivery;

/// <summary>A doctor to whom results go.</summary>
/// <param name="Endpoint">Where they go: <c>portal:person</c> for the inbox of this clinic.</param>
/// <param name="EndpointVerifiedAt">Last handshake with the endpoint; null when there was none.</param>
public sealed record Recipient(
    string PersonId,
    string Name,
    bool LicenceActive,
    string Endpoint,
    DateTimeOffset? EndpointVerifiedAt
);

/// <summary>Who the doctors are, from the clinic's people.</summary>
public interface IRecipientDirectory
{
    Task<Recipient?> FindAsync(string personId, CancellationToken ct);

    /// <summary>The doctors who can hold a duty, by name.</summary>
    Task<IReadOnlyList<Recipient>> AllAsync(CancellationToken ct);

    /// <summary>The medical director, holder of last resort.</summary>
    Task<Recipient?> MedicalDirectorAsync(CancellationToken ct);
}
