namespace Fiducial.Server.Tests;

/// <summary>Whoever feels worse is told the number of the place, on whatever page they read it.</summary>
public sealed class EmergencyLineTests
{
    [Fact]
    public async Task Where_the_emergency_line_is_999_no_page_says_911()
    {
        await using var clinic = await ClinicInABox.OpenAsync(policy: "uk");
        var exam = await clinic.ExamAsync(Chapter.Completed);
        foreach (
            var page in new[]
            {
                await clinic.Technologist.Opens($"/exam-room/exams/{exam}"),
                await clinic.Patient.Opens("/my"),
                await MissingAsync(clinic.Patient),
            }
        )
        {
            page.Words.Should().Contain("999").And.NotContain("911");
        }
    }

    // As a browser asks for a page.
    private static async Task<Page> MissingAsync(Person person)
    {
        using var answer = await person.RequestsAsync(
            HttpMethod.Get,
            "/no-such-page",
            accept: "text/html,application/xhtml+xml"
        );
        return await Page.OfAsync(answer);
    }
}
