using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Http;

namespace Fiducial.FrontDesk;

/// <summary>The patient has arrived (E1): two identifiers and a photo or health card were checked.</summary>
internal static class ReceivePatient
{
    public static async Task<IResult> RunAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        CancellationToken ct
    )
    {
        var evidence = new JsonObject
        {
            ["identifiers"] = new JsonArray([.. form["identifiers"].Select(i => JsonValue.Create(i))]),
            ["photoOrCard"] = form["photoOrCard"].ToString(),
        };
        return Refusals.Back(
            $"/front-desk/exams/{exam}",
            await pathway.TakeAsync(new StepRequest(exam, "E1", http.Actor(), evidence), ct),
            http,
            form
        );
    }
}
