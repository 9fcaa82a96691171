using System.Net;

namespace Fiducial.ExamRoom.Tests;

/// <summary>Previews are there while the exam is, and thirty minutes longer (pathway 6.3, "t").</summary>
public sealed class ExamWindowTests
{
    [Fact]
    public async Task Half_an_hour_after_departure_the_previews_are_gone()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Departed);
        var page = await clinic.Technologist.Opens($"/exam-room/exams/{exam}");
        page.Status.Should().Be(HttpStatusCode.OK);
        var preview = $"/exam-room/exams/{exam}/previews/1";
        (await clinic.Technologist.Opens(preview)).Status.Should().Be(HttpStatusCode.OK);
        clinic.Clock.Turn(TimeSpan.FromMinutes(29));
        (await clinic.Technologist.Opens(preview)).Status.Should().Be(HttpStatusCode.OK);
        clinic.Clock.Turn(TimeSpan.FromMinutes(2));
        var gone = await clinic.Technologist.Opens(preview);
        gone.Status.Should().Be(HttpStatusCode.NotFound);
    }
}
