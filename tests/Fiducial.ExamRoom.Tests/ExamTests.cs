using System.Net;
using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ExamRoom.Tests;

/// <summary>The exam room's main line: time-out, views in their slots, completion, departure.</summary>
public abstract class ExamTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task The_technologist_starts_sees_the_views_arrive_completes_and_lets_the_patient_depart()
    {
        var exam = await Clinic.ExamAsync(Chapter.Arrived);
        var order = await Clinic.ExamAsync(exam);
        var path = $"/exam-room/exams/{exam}";
        (await Clinic.Technologist.Opens("/exam-room")).Words.Should().Contain(order.AccessionNumber);

        await Clinic.Technologist.Starts(exam);
        var waiting = await Clinic.Technologist.Opens(path);
        Slots(waiting).Should().Equal(("PA", false), ("LATERAL", false));

        await Clinic.Modality.Sends(exam, "PA");
        Slots(await Clinic.Technologist.Opens(path)).Should().Equal(("PA", true), ("LATERAL", false));
        await Clinic.Modality.Sends(exam, "LATERAL");
        var filled = await Clinic.Technologist.Opens(path);
        Slots(filled).Should().Equal(("PA", true), ("LATERAL", true));
        var preview = filled.Document.QuerySelector("[data-view=PA] img")!.GetAttribute("src")!;
        using var picture = await Clinic.Technologist.RequestsAsync(HttpMethod.Get, preview);
        picture.Content.Headers.ContentType!.MediaType.Should().Be("image/jpeg");

        await Clinic.Technologist.Completes(exam);
        var completed = await Clinic.WaitAsync(exam, e => e.Images is "verified");
        completed.PromiseTarget.Should().NotBeNull();
        await Clinic.Technologist.LetsDepart(exam);
        (await Clinic.ExamAsync(exam)).Exam.Should().Be("departed");
        (await Clinic.LedgerAsync(exam))
            .Where(e => e.ActorId == "tessa")
            .Select(e => (e.Step, e.Taken))
            .Should()
            .Equal(("E3", true), ("E5", true), ("E10", true));
    }

    [Theory]
    [InlineData("patient", "the patient")]
    [InlineData("exam", "the exam")]
    [InlineData("side", "the side")]
    public async Task Without_a_whole_time_out_nothing_starts(string left, string reason)
    {
        var exam = await Clinic.ExamAsync(Chapter.Arrived);
        var path = $"/exam-room/exams/{exam}";
        var confirmed = ((string[])["patient", "exam", "side"]).Where(c => c != left).Select(c => (c, "on"));
        var page = await Clinic.Technologist.FillsIn(path, $"{path}/start", confirmed);
        page.Refusal.Should().Contain(reason);
        (await Clinic.LastRefusalAsync(exam, "E3", Clinic.Technologist)).Reason.Should().Be(page.Refusal);
    }

    [Fact]
    public async Task Completing_without_the_views_is_refused_with_the_reason_and_recorded()
    {
        var exam = await Clinic.ExamAsync(Chapter.Started);
        var path = $"/exam-room/exams/{exam}";
        await Clinic.Technologist.Posts($"{path}/complete", ("quality", "on"), ("manifest", "2"));
        (await Clinic.LastRefusalAsync(exam, "E5", Clinic.Technologist)).Reason.Should().Contain("view PA is missing");

        await Clinic.Modality.Sends(exam, "PA");
        var page = await Clinic.Technologist.FillsIn(path, $"{path}/complete", ("quality", "on"));
        page.Refusal.Should().Contain("view LATERAL is missing");
        (await Clinic.LastRefusalAsync(exam, "E5", Clinic.Technologist)).Reason.Should().Be(page.Refusal);

        // A reason that is not in the list is none.
        await Clinic.Technologist.Posts(
            $"{path}/complete",
            ("exception:LATERAL", "looks fine to me"),
            ("quality", "on"),
            ("manifest", "1")
        );
        await Clinic.LastRefusalAsync(exam, "E5", Clinic.Technologist);
        page = await Clinic.Technologist.FillsIn(
            path,
            $"{path}/complete",
            ("exception:LATERAL", "patient declined"),
            ("quality", "on")
        );
        page.Refusal.Should().BeNull();
        (await Clinic.ExamAsync(exam)).Exam.Should().Be("acquired");
    }

    [Theory]
    [InlineData("", "manifest")]
    [InlineData("0", "manifest")]
    [InlineData("-2", "manifest")]
    [InlineData("two", "manifest")]
    [InlineData("99999999999999999999", "manifest")]
    [InlineData("1", "2 images already")]
    public async Task A_count_that_cannot_be_is_refused(string manifest, string reason)
    {
        var exam = await Clinic.ExamAsync(Chapter.Imaged);
        await Clinic.Technologist.Posts($"/exam-room/exams/{exam}/complete", ("quality", "on"), ("manifest", manifest));
        (await Clinic.LastRefusalAsync(exam, "E5", Clinic.Technologist)).Reason.Should().Contain(reason);
    }

    [Fact]
    public async Task Departing_before_the_images_are_verified_is_refused_with_the_reason_and_recorded()
    {
        var exam = await Clinic.ExamAsync(Chapter.Imaged);
        // The modality says that it sent one more than has come: the transfer is not verified.
        await Clinic.Technologist.Completes(exam, manifest: 3);
        var path = $"/exam-room/exams/{exam}";
        var page = await Clinic.Technologist.FillsIn(path, $"{path}/depart", ("card", "on"));
        page.Refusal.Should().Contain("not verified");
        (await Clinic.LastRefusalAsync(exam, "E10", Clinic.Technologist)).Reason.Should().Be(page.Refusal);
        (await Clinic.ExamAsync(exam)).Exam.Should().Be("acquired");
    }

    [Fact]
    public async Task Nobody_departs_without_having_seen_the_departure_card()
    {
        var exam = await Clinic.ExamAsync(Chapter.Completed);
        var path = $"/exam-room/exams/{exam}";
        (await Clinic.Technologist.FillsIn(path, $"{path}/depart")).Refusal.Should().Contain("departure card");
    }

    [Fact]
    public async Task A_preview_of_another_exam_cannot_be_had_through_this_one()
    {
        var (one, other) = (await Clinic.ExamAsync(Chapter.Imaged), await Clinic.ExamAsync(Chapter.Imaged));
        var image = await Clinic.InDatabaseAsync(db =>
            db.Set<ImageRecord>().Where(i => i.ExamId == other).Select(i => i.Id).FirstAsync()
        );
        var missing = await Clinic.Technologist.Opens($"/exam-room/exams/{one}/previews/999999999");
        foreach (var id in (string[])[$"{image}", "0", "-1", "9223372036854775808", "x"])
        {
            var answer = await Clinic.Technologist.Opens($"/exam-room/exams/{one}/previews/{id}");
            answer.Status.Should().Be(HttpStatusCode.NotFound);
            (answer.Text, answer.Headers).Should().Be((missing.Text, missing.Headers));
        }
    }

    [Fact]
    public async Task The_open_page_hears_of_the_exam_and_never_of_its_report()
    {
        var exam = await Clinic.ExamAsync(Chapter.Imaged);
        using var open = await Clinic.Technologist.RequestsAsync(HttpMethod.Get, $"/exam-room/exams/{exam}/live");
        open.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        await using var stream = await open.Content.ReadAsStreamAsync();
        using var lines = new StreamReader(stream);
        (await lines.ReadLineAsync()).Should().Be(": open");
        await Clinic.ContinueAsync(exam, Chapter.Completed, Chapter.Signed);
        await Clinic.Technologist.LetsDepart(exam).ContinueWith(_ => { }, TaskScheduler.Default);
        // The departure is the last thing that this room may hear of.
        var heard = new List<string>();
        while (heard.Count(h => h is "event: exam") < 2 && await lines.ReadLineAsync() is { } line)
        {
            heard.Add(line);
        }
        heard
            .Where(h => h.StartsWith("event", StringComparison.Ordinal))
            .Distinct()
            .Should()
            .BeSubsetOf(["event: exam", "event: images", "event: concern"]);
    }

    [Fact]
    public async Task What_a_modality_writes_into_its_header_is_shown_as_text()
    {
        var exam = await Clinic.ExamAsync(Chapter.Started);
        var order = await Clinic.ExamAsync(exam);
        await Clinic.Modality.SendsAsync([
            Modality
                .Image(order, "PA", "L", 1)
                .Set(Dicom.DicomTags.SeriesDescription, "<script>alert(1)</script>")
                .Set(Dicom.DicomTags.PatientName, "<script>alert(2)</script>"),
        ]);
        await Clinic.WaitAsync(exam, e => e.ImageCount == 1);
        var page = await Clinic.Technologist.Opens($"/exam-room/exams/{exam}");
        page.Document.Scripts.Should().OnlyContain(s => s.Source != null && s.Source.Length > 0);
    }

    [Fact]
    public async Task Images_of_another_patient_are_quarantined_and_the_exam_cannot_be_completed()
    {
        var exam = await Clinic.ExamAsync(Chapter.Started);
        var order = await Clinic.ExamAsync(exam);
        await Clinic.Modality.SendsAsync([
            Modality.Image(order, "PA", "L", 1).Set(Dicom.DicomTags.PatientID, "FID-0002"),
        ]);
        await Clinic.WaitAsync(exam, e => e.Images is "quarantined");
        await Clinic.Technologist.Posts($"/exam-room/exams/{exam}/complete", ("quality", "on"), ("manifest", "1"));
        (await Clinic.ExamAsync(exam)).Exam.Should().Be("in_progress");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_marker_of_the_other_side_stops_completion()
    {
        var exam = await Clinic.ExamAsync(Chapter.Started);
        var order = await Clinic.ExamAsync(exam);
        await Clinic.Modality.SendsAsync([
            Modality.Image(order, "PA", "R", 1),
            Modality.Image(order, "LATERAL", "R", 2),
        ]);
        await Clinic.WaitAsync(exam, e => e.ImageCount == 2);
        await Clinic.Technologist.Posts($"/exam-room/exams/{exam}/complete", ("quality", "on"), ("manifest", "2"));
        (await Clinic.LastRefusalAsync(exam, "E5", Clinic.Technologist)).Reason.Should().Contain("side marker");
    }

    [Fact]
    public async Task The_room_exists_for_technologists_alone()
    {
        var exam = await Clinic.ExamAsync(Chapter.Imaged);
        var path = $"/exam-room/exams/{exam}";
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Technologist],
                Door.Get("/exam-room"),
                Door.Get(path),
                Door.Get($"{path}/live"),
                Door.Get($"{path}/previews/1"),
                Door.Post($"{path}/start"),
                Door.Post($"{path}/complete"),
                Door.Post($"{path}/depart")
            )
        )
            .Should()
            .BeEmpty();
        (await Clinic.LedgerAsync(exam))
            .Where(e => !e.Taken)
            .Select(e => e.Step)
            .Distinct()
            .Should()
            .BeEquivalentTo(["E3", "E5", "E10"]);
    }

    [Fact]
    public async Task A_technologist_finds_no_door_of_a_result_and_no_full_image()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var study = (await Clinic.ExamAsync(exam)).StudyInstanceUid;
        foreach (
            var path in (string[])
                [
                    $"/reading-room/exams/{exam}",
                    $"/office/exams/{exam}",
                    $"/my/exams/{exam}",
                    $"/privacy/exams/{exam}",
                    $"/dicomweb/studies/{study}",
                    $"/dicomweb/studies/{study}/instances",
                    "/dicomweb/studies",
                ]
        )
        {
            var answer = await Clinic.Technologist.Opens(path);
            answer.Status.Should().Be(HttpStatusCode.NotFound, path);
        }
    }

    private static IEnumerable<(string View, bool Filled)> Slots(Page page) =>
        page
            .Document.QuerySelectorAll("[data-view]")
            .Select(s => (s.GetAttribute("data-view")!, s.ClassList.Contains("filled")));
}

public sealed class ExamOnSqliteTests(ClinicOnSqlite clinic) : ExamTests(clinic);

public sealed class ExamOnPostgresTests(ClinicOnPostgres clinic) : ExamTests(clinic);
