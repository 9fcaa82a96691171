using System.Text.Json.Nodes;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Http;

namespace Fiducial.DoctorsOffice;

/// <summary>The doctor answers what was asked back about a referral, and corrects it with the answer (O4).</summary>
internal static class AnswerQuestion
{
    // What an answer may change of the order.
    private static readonly string[] Changes = ["indication", "history", "laterality", "criticalContact"];

    public static async Task<IResult> RunAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        CancellationToken ct
    )
    {
        var typed = TypedForm.Of(form);
        var changes = new JsonObject();
        foreach (var field in Changes.Where(f => typed[f].Length > 0))
        {
            changes[field] = typed[field];
        }
        var evidence = new JsonObject { ["answer"] = typed["answer"], ["changes"] = changes };
        return Refusals.Back(
            $"/office/orders/{exam}",
            await pathway.TakeAsync(new StepRequest(exam, "O4", http.Actor(), evidence), ct),
            http,
            form
        );
    }
}
