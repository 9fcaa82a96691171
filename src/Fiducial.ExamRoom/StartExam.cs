using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Storage;
using Microsoft.AspNetCore.Http;

namespace Fiducial.ExamRoom;

/// <summary>The time-out before the first exposure (E3): patient, exam and side are confirmed once more.</summary>
internal static class StartExam
{
    public static Task<IResult> RunAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        ClinicDb db,
        CancellationToken ct
    ) => TakeAsync("E3", exam, form, http, pathway, db, ct);

    /// <summary>The patient has come again for more pictures (E8).</summary>
    public static Task<IResult> AgainAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        ClinicDb db,
        CancellationToken ct
    ) => TakeAsync("E8", exam, form, http, pathway, db, ct);

    private static async Task<IResult> TakeAsync(
        string step,
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        ClinicDb db,
        CancellationToken ct
    )
    {
        var evidence = new JsonObject
        {
            ["patientConfirmed"] = form.ContainsKey("patient"),
            ["examConfirmed"] = form.ContainsKey("exam"),
            ["sideConfirmed"] = form.ContainsKey("side"),
            ["mpps"] = PerformedSteps.Say(await db.PerformedStepsAsync(exam, ct)),
        };
        return Refusals.Back(
            $"/exam-room/exams/{exam}",
            await pathway.TakeAsync(new StepRequest(exam, step, http.Actor(), evidence), ct)
        );
    }
}
