using System.Net;

namespace Fiducial.Server.Tests;

/// <summary>A second start on the same data finds everything as it was.</summary>
public abstract class SecondStartTests(bool onPostgres)
{
    [Fact]
    public async Task After_a_restart_every_exam_goes_on_where_it_stood()
    {
        await using var clinic = await ClinicInABox.OpenAsync(onPostgres);
        Chapter[] chapters =
        [
            Chapter.Booked,
            Chapter.Imaged,
            Chapter.Completed,
            Chapter.Written,
            Chapter.Read,
            Chapter.Released,
        ];
        var exams = new List<(Guid Exam, Chapter Chapter)>();
        foreach (var chapter in chapters)
        {
            exams.Add((await clinic.ExamAsync(chapter), chapter));
        }
        var before = await PagesAsync(clinic, exams);
        await clinic.RestartAsync();
        (await PagesAsync(clinic, exams)).Should().Equal(before, "cookies are good and pages are the same");
        (await clinic.FaultsAsync()).Should().BeEmpty();
        foreach (var (exam, chapter) in exams)
        {
            await clinic.ContinueAsync(exam, chapter + 1, Chapter.Closed);
            (await clinic.ExamAsync(exam)).Duty.Should().Be("closed");
        }
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    private static async Task<List<string>> PagesAsync(ClinicInABox clinic, List<(Guid Exam, Chapter)> exams)
    {
        var pages = new List<string>();
        foreach (var (exam, _) in exams)
        {
            foreach (
                var (person, path) in ((Person, string)[])
                    [
                        (clinic.Clerk, $"/front-desk/exams/{exam}"),
                        (clinic.Technologist, $"/exam-room/exams/{exam}"),
                        (clinic.Radiologist, $"/reading-room/exams/{exam}"),
                        (clinic.Referrer, $"/office/exams/{exam}"),
                        (clinic.PrivacyOfficer, $"/privacy/exams/{exam}"),
                    ]
            )
            {
                var page = await person.Opens(path);
                // The slot that the desk offers and the code of the authenticator go with the time.
                foreach (var moving in page.Document.QuerySelectorAll("[name=slot], [data-code]"))
                {
                    moving.Remove();
                }
                pages.Add($"{path} {page.Status} {(page.Status is HttpStatusCode.OK ? page.Words : "")}");
            }
        }
        return pages;
    }
}

public sealed class SecondStartOnSqliteTests() : SecondStartTests(onPostgres: false);

public sealed class SecondStartOnPostgresTests() : SecondStartTests(onPostgres: true);
