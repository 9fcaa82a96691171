using System.Globalization;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Rooms;
using Microsoft.AspNetCore.Http;

namespace Fiducial.PrivacyOffice;

/// <summary>One person asks for the deletion of studies whose time has come, another approves.</summary>
internal static class DecideRetention
{
    public const string Page = "/privacy/retention";

    public static async Task<IResult> RequestAsync(
        IFormCollection form,
        HttpContext http,
        IRetentionOffice office,
        CancellationToken ct
    )
    {
        var studies = form["study"].OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var asked = await office.RequestAsync(studies, http.Actor(), From(http), ct);
        return Done(asked == studies.Count && asked > 0);
    }

    public static async Task<IResult> DecideAsync(
        IFormCollection form,
        HttpContext http,
        IRetentionOffice office,
        CancellationToken ct
    )
    {
        var requests = form["request"]
            .Select(r => long.TryParse(r, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Distinct()
            .ToList();
        var decided = await office.DecideAsync(requests, form["decision"] == "approve", http.Actor(), From(http), ct);
        return Done(decided == requests.Count && decided > 0);
    }

    private static string From(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    private static IResult Done(bool all) => TypedResults.LocalRedirect(all ? Page : $"{Page}?problem=some");
}
