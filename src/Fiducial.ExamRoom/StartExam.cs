using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Http;

namespace Fiducial.ExamRoom;

/// <summary>The time-out before the first exposure (E3): patient, exam and side are confirmed once more.</summary>
internal static class StartExam
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
            ["patientConfirmed"] = form.ContainsKey("patient"),
            ["examConfirmed"] = form.ContainsKey("exam"),
            ["sideConfirmed"] = form.ContainsKey("side"),
            ["mpps"] = "none: started at this screen",
        };
        return Refusals.Back(
            $"/exam-room/exams/{exam}",
            await pathway.TakeAsync(new StepRequest(exam, "E3", http.Actor(), evidence), ct)
        );
    }
}
