using Microsoft.AspNetCore.Http.HttpResults;

namespace Fiducial.Server.Doors;

/// <summary>An address within this house, to which a form may lead back.</summary>
internal static class LocalAddress
{
    /// <summary>The address, or the other one when a browser would read it as another host's.</summary>
    public static string Or(string? address, string otherwise) =>
        address is ['/', ..] && RedirectHttpResult.IsLocalUrl(address) ? address : otherwise;
}
