using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Http;

namespace Fiducial.ExamRoom;

/// <summary>The uniform departure check (E10): nobody leaves before the images are safe.</summary>
internal static class LetPatientDepart
{
    /// <summary>The card that every patient is shown, whatever was seen.</summary>
    public const string Card = "departure card 1";

    public static async Task<IResult> RunAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        CancellationToken ct
    )
    {
        var evidence = new JsonObject { ["departureCard"] = form.ContainsKey("card") ? Card : "" };
        return Refusals.Back(
            $"/exam-room/exams/{exam}",
            await pathway.TakeAsync(new StepRequest(exam, "E10", http.Actor(), evidence), ct)
        );
    }
}
