using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Protocols;
using Microsoft.AspNetCore.Http;

namespace Fiducial.ExamRoom;

/// <summary>
/// In an emergency an exam begins before anyone knows who the patient is (E2): under a temporary identity and a number of its own, which
/// the technologist types at the modality.
/// </summary>
internal static class ReceiveUnidentified
{
    public static async Task<IResult> RunAsync(
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        BusinessCalendar calendar,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var typed = TypedForm.Of(form);
        var number = NewNumber(calendar.LocalDate(clock.GetUtcNow()));
        var evidence = new JsonObject
        {
            ["emergency"] = form.ContainsKey("emergency"),
            ["temporaryId"] = $"TEMP-{number}",
            ["accessionNumber"] = $"E{number}",
            ["protocolCode"] = typed["protocolCode"],
        };
        if (ProtocolBook.Find(typed["protocolCode"]) is { } protocol)
        {
            evidence["modality"] = protocol.Modality;
            evidence["procedure"] = protocol.Procedure;
            evidence["bodyPart"] = protocol.BodyPart;
            evidence["laterality"] = protocol.Paired ? typed["laterality"] : "";
        }
        var exam = Guid.CreateVersion7();
        var outcome = await pathway.TakeAsync(new StepRequest(exam, "E2", http.Actor(), evidence), ct);
        return outcome.Taken
            ? TypedResults.LocalRedirect($"/exam-room/exams/{exam}")
            : Refusals.Back("/exam-room/emergency", outcome, http, form);
    }

    private static string NewNumber(DateOnly day) =>
        day.ToString("yyMMdd", CultureInfo.InvariantCulture)
        + RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
}
