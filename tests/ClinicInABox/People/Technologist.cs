using System.Globalization;

namespace Fiducial.Tests;

/// <summary>The technologist in the exam room.</summary>
public sealed class Technologist(ClinicInABox clinic, string name) : Person(clinic, name)
{
    /// <summary>Time-out and start.</summary>
    public Task Starts(Guid exam) =>
        Taken(
            FillsIn(
                $"/exam-room/exams/{exam}",
                $"/exam-room/exams/{exam}/start",
                ("patient", "on"),
                ("exam", "on"),
                ("side", "on")
            )
        );

    /// <param name="manifest">How many images the modality says it has sent; as many as the page counts when null.</param>
    public Task Completes(Guid exam, int? manifest = null)
    {
        List<(string, string)> fields = [("quality", "on")];
        if (manifest is { } count)
        {
            fields.Add(("manifest", count.ToString(CultureInfo.InvariantCulture)));
        }
        return Taken(FillsIn($"/exam-room/exams/{exam}", $"/exam-room/exams/{exam}/complete", fields));
    }

    public Task LetsDepart(Guid exam) =>
        Taken(FillsIn($"/exam-room/exams/{exam}", $"/exam-room/exams/{exam}/depart", ("card", "on")));
}
