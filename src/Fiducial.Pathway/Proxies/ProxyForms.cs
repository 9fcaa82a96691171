using System.Globalization;
using Fiducial.Foundation.Web;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.Pathway.Proxies;

/// <summary>The forms of the rooms in which it is recorded who acts for a patient. What an actor may do of it, <see cref="KeepProxies"/> says.</summary>
public static class ProxyForms
{
    /// <summary>Maps each act to its address below the page.</summary>
    /// <param name="acts">Of: record, restrict, dispute, decide, end, died.</param>
    public static void MapProxies(
        this IEndpointRouteBuilder routes,
        string page,
        AccessAttribute access,
        params string[] acts
    )
    {
        foreach (var act in acts)
        {
            routes
                .MapPost(
                    $"{page}/{act}",
                    async (
                        IFormCollection form,
                        HttpContext http,
                        KeepProxies proxies,
                        KeptForm kept,
                        CancellationToken ct
                    ) =>
                    {
                        var typed = TypedForm.Of(form);
                        var fault = await RunAsync(act, typed, form, http.Actor(), proxies, ct);
                        if (fault is not null)
                        {
                            kept.Refuse(http, typed, fault, page);
                        }
                        return TypedResults.LocalRedirect($"{page}?patient={Uri.EscapeDataString(typed["patient"])}");
                    }
                )
                .WithMetadata(access);
        }
    }

    private static Task<string?> RunAsync(
        string act,
        TypedForm typed,
        IFormCollection form,
        Actor actor,
        KeepProxies proxies,
        CancellationToken ct
    )
    {
        var patient = typed["patient"];
        var entry = Number(typed["entry"]);
        switch (act)
        {
            case "record":
                var (from, until) = (TypedText.Day(typed["from"]), TypedText.Day(typed["until"]));
                return (from is null && typed["from"].Length > 0) || (until is null && typed["until"].Length > 0)
                    ? Task.FromResult<string?>("Give the first and the last day as dates, or none.")
                    : proxies.RecordAsync(
                        new NewProxy(patient, typed["person"], typed["basis"], typed["document"])
                        {
                            From = from,
                            Until = until,
                            Sees = typed["sees"],
                            Accessions = typed["exams"],
                        },
                        actor,
                        ct
                    );
            case "restrict":
                return proxies.RestrictAsync(patient, entry, typed["sees"], actor, ct);
            case "dispute":
                return proxies.DisputeAsync(patient, typed["what"], actor, ct);
            case "decide":
                return proxies.DecideAsync(
                    patient,
                    [.. form["stays"].Select(s => Number(s ?? ""))],
                    typed["document"],
                    actor,
                    ct
                );
            case "end":
                return proxies.EndAsync(patient, entry, typed["reason"], actor, ct);
            default:
                return TypedText.Day(typed["on"]) is { } on
                    ? proxies.DiedAsync(patient, on, typed["document"], actor, ct)
                    : Task.FromResult<string?>("Give the day of death.");
        }
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
