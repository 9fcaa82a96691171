namespace Fiducial.Tests;

/// <summary>The privacy officer, who reads the ledgers.</summary>
public sealed class PrivacyOfficer(ClinicInABox clinic, string name) : Person(clinic, name)
{
    /// <summary>Verifies every chain on the page for it.</summary>
    public Task<Page> Verifies() => Opens("/privacy?verify=true");
}
