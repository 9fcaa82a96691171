using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Http;

namespace Fiducial.FrontDesk;

/// <summary>The clerk books a slot (O7): time, room, leaflet, access needs.</summary>
internal static class BookExam
{
    public static async Task<IResult> RunAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        BusinessCalendar calendar,
        CancellationToken ct
    )
    {
        // Outside this span a slot is a slip of the keyboard, and a clock that is turned could not hold it.
        var slot =
            DateTime.TryParse(form["slot"], CultureInfo.InvariantCulture, out var local)
            && local.Year is >= 1900 and < 3000
                ? calendar
                    .At(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local))
                    .ToString("O", CultureInfo.InvariantCulture)
                : "";
        var evidence = new JsonObject
        {
            ["slot"] = slot,
            ["room"] = form["room"].ToString(),
            ["leaflet"] = form["leaflet"].ToString(),
            ["accessNeeds"] = form["accessNeeds"].ToString(),
        };
        return Refusals.Back(
            $"/front-desk/exams/{exam}",
            await pathway.TakeAsync(new StepRequest(exam, "O7", http.Actor(), evidence), ct),
            http,
            form
        );
    }
}
