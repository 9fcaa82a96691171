using System.Net;

namespace Fiducial.PatientPortal.Tests;

/// <summary>What a patient sees of an exam: truthful steps always, content once the doctor has released it.</summary>
public abstract class MyResultTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task The_patient_reads_the_note_first_and_then_the_report_once_it_is_released()
    {
        var exam = await Clinic.ExamAsync(Chapter.Released);
        (await Card(exam)).QuerySelector("a.button")!.GetAttribute("href").Should().Be($"/my/exams/{exam}");
        var page = await Clinic.Patient.OpensResult(exam);
        page.Status.Should().Be(HttpStatusCode.OK);
        page.Words.Should().Contain("There is a fine crack in your wrist").And.Contain("Hairline");
        page.Words.IndexOf("fine crack", StringComparison.Ordinal)
            .Should()
            .BeLessThan(page.Words.IndexOf("Hairline", StringComparison.Ordinal));
        await Clinic.Patient.OpensResult(exam);
        (await Clinic.LedgerAsync(exam)).Count(e => e.Step is "L11").Should().Be(1, "the first reading is the step");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Viewing_before_the_release_is_refused_and_recorded_and_looks_like_nothing()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        foreach (var chapter in (Chapter[])[Chapter.Signed, Chapter.Read, Chapter.Reviewed, Chapter.Discussed])
        {
            if (chapter > Chapter.Signed)
            {
                await Clinic.ContinueAsync(exam, chapter, chapter);
            }
            var answer = await Clinic.Patient.OpensResult(exam);
            answer.Status.Should().Be(HttpStatusCode.NotFound, $"{chapter}");
            (await Clinic.LastRefusalAsync(exam, "L11", Clinic.Patient)).Reason.Should().Contain("not released");
        }
    }

    [Fact]
    public async Task The_page_of_steps_says_where_the_exam_is_and_nothing_of_the_result()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        (int Done, Chapter Chapter)[] line = [(1, Chapter.Referred), (2, Chapter.Booked), (3, Chapter.Completed)];
        foreach (var (done, chapter) in line)
        {
            if (chapter is not Chapter.Referred)
            {
                await Clinic.ContinueAsync(exam, chapter is Chapter.Booked ? chapter : Chapter.Arrived, chapter);
            }
            (await Card(exam)).QuerySelectorAll("li.done").Length.Should().Be(done, $"{chapter}");
        }
        var before = (await Card(exam)).TextContent;
        before.Should().Contain("at the latest").And.Contain("Dr Rita Referrer");
        (await Clinic.Patient.Opens("/my")).Words.Should().Contain("911");
        await Clinic.ContinueAsync(exam, Chapter.Claimed, Chapter.Reviewed);
        var card = await Card(exam);
        card.TextContent.Should().Contain("Report sent to Dr Rita Referrer");
        card.TextContent.Should().NotContainAny("fracture", "Hairline", "reviewed", "ten days");
        card.QuerySelector("a").Should().BeNull("there is nothing to open yet");
    }

    [Fact]
    public async Task Two_results_that_differ_look_the_same_before_the_release()
    {
        var (one, other) = (await Clinic.ExamAsync(Chapter.Claimed), await Clinic.ExamAsync(Chapter.Claimed));
        var normal = Radiologist.Report;
        (normal["findings"], normal["impression"], normal["recommendations"]) = ("Normal.", "Normal.", "");
        foreach (
            var (exam, report) in ((Guid, System.Text.Json.Nodes.JsonObject)[])
                [(one, Radiologist.Report), (other, normal)]
        )
        {
            await Clinic.Radiologist.Writes(exam, report);
            await Clinic.Radiologist.LooksAtEverything(exam);
            await Clinic.Radiologist.Signs(exam);
            await Clinic.WaitAsync(exam, e => e.Delivery is "received");
        }
        string WithoutTimes(string text) =>
            System.Text.RegularExpressions.Regex.Replace(
                text,
                @"\d\d:\d\d",
                "",
                System.Text.RegularExpressions.RegexOptions.None,
                TimeSpan.FromSeconds(1)
            );
        WithoutTimes((await Card(one)).TextContent).Should().Be(WithoutTimes((await Card(other)).TextContent));
    }

    [Fact]
    public async Task Another_patients_result_does_not_exist_and_the_attempt_is_recorded()
    {
        var exam = await Clinic.ExamAsync(Chapter.Released);
        (await Clinic.OpenForOthersAsync([Clinic.Patient], Door.Get($"/my/exams/{exam}"))).Should().BeEmpty();
        (await Clinic.LedgerAsync(exam))
            .Where(e => e is { Step: "L11", Taken: false, ActorId: "petra" })
            .Should()
            .ContainSingle()
            .Which.Reason.Should()
            .Contain("not one of Petra Patient's own");
        (await Clinic.OpenForOthersAsync([Clinic.Patient, Clinic.OtherPatient], Door.Get("/my"))).Should().BeEmpty();
        (await Clinic.OtherPatient.Opens("/my"))
            .Document.QuerySelector($"[data-accession='{await Accession(exam)}']")
            .Should()
            .BeNull();
    }

    [Fact]
    public async Task The_patient_changes_how_they_get_the_result_until_it_is_released()
    {
        var exam = await Clinic.ExamAsync(Chapter.Booked);
        var address = $"/my/exams/{exam}/election";
        (await Card(exam)).TextContent.Should().Contain("after my doctor has read it");
        await Clinic.Patient.FillsIn("/my", address, ("releaseElection", "in person only"));
        (await Card(exam)).TextContent.Should().Contain("You want your result “in person only”");
        (await Clinic.LedgerAsync(exam))[^1].Step.Should().Be("L16");
        await Clinic.ContinueAsync(exam, Chapter.Arrived, Chapter.Reviewed);
        (await Clinic.ExamAsync(exam)).ReleaseElection.Should().Be("in person only");
        await Clinic.Referrer.Discusses(exam);
        await Clinic.Referrer.Releases(exam);
        (await Clinic.Patient.Opens("/my")).Form(address).Should().BeNull();
        (await Clinic.Patient.Posts(address, ("releaseElection", "after my doctor has read it")))
            .Location.Should()
            .StartWith("/my?refused=");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Script_in_the_doctors_note_is_shown_as_text()
    {
        var exam = await Clinic.ExamAsync(Chapter.Discussed);
        var path = $"/office/exams/{exam}";
        await Clinic.Referrer.FillsIn(path, $"{path}/release", ("note", "<script>alert(1)</script> & 'all'"));
        var page = await Clinic.Patient.OpensResult(exam);
        page.Document.Scripts.Should().OnlyContain(s => s.Source != null && s.Source.Length > 0);
        page.Words.Should().Contain("<script>alert(1)</script> & 'all'");
    }

    [Theory]
    [InlineData("/my/exams/1")]
    [InlineData("/my/exams/00000000-0000-0000-0000-000000000000")]
    [InlineData("/my/exams/")]
    public async Task An_exam_that_does_not_exist_is_not_there(string path)
    {
        var answer = await Clinic.Patient.Opens(path);
        answer.Status.Should().Be(HttpStatusCode.NotFound);
    }

    private async Task<string> Accession(Guid exam) => (await Clinic.ExamAsync(exam)).AccessionNumber;

    private async Task<AngleSharp.Dom.IElement> Card(Guid exam) =>
        (await Clinic.Patient.Opens("/my")).Document.QuerySelector($"[data-accession='{await Accession(exam)}']")!;
}

public sealed class MyResultOnSqliteTests(ClinicOnSqlite clinic) : MyResultTests(clinic);

public sealed class MyResultOnPostgresTests(ClinicOnPostgres clinic) : MyResultTests(clinic);
