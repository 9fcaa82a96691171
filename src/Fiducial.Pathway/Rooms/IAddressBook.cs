namespace Fiducial.Pathway.Rooms;

/// <summary>A doctor, and where results reach them.</summary>
/// <param name="Endpoint">Such as <c>portal:person</c>, the inbox of this clinic.</param>
/// <param name="VerifiedAt">Last handshake with the endpoint; null when there was none.</param>
public sealed record DoctorAddress(
    string PersonId,
    string Name,
    string Endpoint,
    DateTimeOffset? VerifiedAt,
    bool LicenceActive
)
{
    /// <summary>The endpoint as people say it: "inbox of this clinic", "fax +14035550100".</summary>
    public string Way =>
        Endpoint.StartsWith("portal:", StringComparison.Ordinal) ? "inbox of this clinic" : Endpoint.Replace(':', ' ');
}

/// <summary>Where the clinic's doctors are reached: for a room that sends and may not read what it sends.</summary>
public interface IAddressBook
{
    /// <summary>Doctors who can hold a duty, by name.</summary>
    Task<IReadOnlyList<DoctorAddress>> AllAsync(CancellationToken ct);
}
