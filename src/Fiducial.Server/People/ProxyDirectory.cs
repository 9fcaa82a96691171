using Fiducial.Pathway.Proxies;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.People;

/// <summary>Everyone who signs in as a proxy and is not shut out.</summary>
internal sealed class ProxyDirectory(UserManager<Person> people) : IProxyDirectory
{
    public async Task<string?> NameAsync(string personId, CancellationToken ct) =>
        await people.FindByNameAsync(personId) is { Role: "PRX" } person && !LockOut.IsDisabled(person)
            ? person.DisplayName
            : null;
}
