using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Storage;
using Microsoft.AspNetCore.Http;

namespace Fiducial.ExamRoom;

/// <summary>Every required view is there, or its absence has a coded reason (E5). The promise clock starts.</summary>
internal static class CompleteAcquisition
{
    public static readonly IReadOnlyList<string> Exceptions =
    [
        "patient could not be positioned",
        "patient declined",
        "equipment failure",
        "protocol changed by radiologist",
    ];

    /// <summary>Why technical numbers may be out of range. They speak of technique alone.</summary>
    public static readonly IReadOnlyList<string> QualityReasons =
    [
        "patient could not hold still",
        "patient size at the limit of the equipment",
        "positioning not possible otherwise",
        "equipment gives no such number",
    ];

    public static async Task<IResult> RunAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        ClinicDb db,
        CancellationToken ct
    )
    {
        var reported = await db.PerformedStepsAsync(exam, ct);
        var exceptions = new JsonObject();
        foreach (var field in form.Keys.Where(k => k.StartsWith("exception:", StringComparison.Ordinal)))
        {
            var code = form[field].ToString();
            if (Exceptions.Contains(code, StringComparer.Ordinal))
            {
                exceptions[field["exception:".Length..]] = code;
            }
        }
        var evidence = new JsonObject
        {
            ["exceptions"] = exceptions,
            ["qualityAccepted"] = form.ContainsKey("quality"),
            ["qualityReason"] = QualityReasons.FirstOrDefault(r => r == form["qualityReason"].ToString()) ?? "",
            ["manifestCount"] = int.TryParse(
                form["manifest"],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var n
            )
                ? n
                : 0,
            ["mpps"] = PerformedSteps.Say(reported),
            ["mppsImages"] = PerformedSteps.ImagesReported(reported),
        };
        return Refusals.Back(
            $"/exam-room/exams/{exam}",
            await pathway.TakeAsync(new StepRequest(exam, "E5", http.Actor(), evidence), ct),
            http,
            form
        );
    }
}
