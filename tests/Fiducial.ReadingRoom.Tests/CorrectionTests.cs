using System.Text.Json.Nodes;

namespace Fiducial.ReadingRoom.Tests;

/// <summary>A signed report is added to or withdrawn, also after the patient has read it; an urgent one is given early.</summary>
public abstract class CorrectionTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task A_material_addendum_after_release_shuts_the_patients_page_and_shows_the_doctor_what_changed()
    {
        var exam = await Clinic.ExamAsync(Chapter.Viewed);
        var path = $"/reading-room/exams/{exam}";
        await Clinic.Radiologist.FillsIn(path, $"{path}/addendum/start", ("reason", "missed finding"));
        var report = Radiologist.Report;
        report["findings"] = "A lucent line crosses the distal radius. Another crosses the scaphoid.";
        (await Saves(exam, report)).Text.Should().Contain("\"revision\":2");

        (await SignsAddendum(exam, "administrative", "none")).Refusal.Should().Contain("is material");
        (await SignsAddendum(exam, "material", "none")).Refusal.Should().Contain("A material change is called");
        (await SignsAddendum(exam, "material", "2")).Refusal.Should().BeNull();
        var now = await Clinic.WaitAsync(exam, e => e is { DeliveredVersion: 2, Delivery: "received" });
        (now.Release, now.Duty).Should().Be(("shut", "owed"));
        (await Clinic.Patient.OpensResult(exam)).Status.Should().Be(System.Net.HttpStatusCode.NotFound);
        var result = await Clinic.Referrer.Opens($"/office/exams/{exam}");
        result.Document.QuerySelector("#changed .added")!.TextContent.Should().Contain("scaphoid");
        result.Words.Should().Contain("version 2");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_withdrawn_report_says_so_to_the_doctor_who_read_it()
    {
        var exam = await Clinic.ExamAsync(Chapter.Read);
        var path = $"/reading-room/exams/{exam}";
        var notice = "This was written on another exam; disregard it.";
        (await Clinic.Radiologist.FillsIn(path, $"{path}/withdraw", ("reason", "wrong exam"), ("notice", notice)))
            .Words.Should()
            .Contain("Withdrawn");
        (await Clinic.ExamAsync(exam)).Duty.Should().Be("owed");
        (await Clinic.Referrer.Opens($"/office/exams/{exam}"))
            .Words.Should()
            .Contain("This report is withdrawn")
            .And.Contain(notice);
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_preliminary_report_needs_an_urgent_need_and_its_difference_is_graded_at_the_signature()
    {
        var exam = await Clinic.ExamAsync(Chapter.Written);
        var path = $"/reading-room/exams/{exam}";
        (await Clinic.Radiologist.FillsIn(path, $"{path}/preliminary"))
            .Refusal.Should()
            .Contain("A preliminary report needs an urgent need");
        await Clinic.Radiologist.FillsIn(path, $"{path}/preliminary", ("urgency", "emergency department"));
        (await Clinic.ExamAsync(exam)).Report.Should().Be("prelim");
        (await Clinic.Radiologist.Opens(path)).Words.Should().Contain("PRELIMINARY");
        var report = Radiologist.Report;
        report["impression"] = "Displaced fracture.";
        await Clinic.Radiologist.Writes(exam, report, revision: 1);
        (await Clinic.Radiologist.TriesToSign(exam, ("discrepancy", "major"), ("alertCategory", "none")))
            .Refusal.Should()
            .Contain("A major difference");
        (await Clinic.Radiologist.TriesToSign(exam, ("discrepancy", "minor"))).Refusal.Should().BeNull();
        (await Clinic.ExamAsync(exam)).Report.Should().Be("signed");
    }

    [Fact]
    public async Task Images_that_do_not_suffice_recall_the_patient_for_a_technical_reason()
    {
        var exam = await Clinic.ExamAsync(Chapter.Departed);
        var path = $"/reading-room/exams/{exam}";
        await Clinic.Radiologist.Claims(exam);
        await Clinic.Radiologist.FillsIn(path, $"{path}/return", ("reason", "missing view"));
        await Clinic.WaitAsync(exam, e => e.Exam is "recall_due");
        (await Clinic.Clerk.Opens("/front-desk")).Words.Should().Contain("To come again");
        var room = await Clinic.Technologist.Opens($"/exam-room/exams/{exam}");
        room.Words.Should().Contain("missing view").And.NotContain("racture");
        await Clinic.Technologist.FillsIn(
            $"/exam-room/exams/{exam}",
            $"/exam-room/exams/{exam}/start-again",
            ("patient", "on"),
            ("exam", "on"),
            ("side", "on")
        );
        (await Clinic.ExamAsync(exam)).Exam.Should().Be("in_progress");
    }

    [Fact]
    public async Task To_others_corrections_do_not_exist()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var path = $"/reading-room/exams/{exam}";
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Radiologist, Clinic.MedicalDirector],
                Door.Post($"{path}/addendum/start"),
                Door.Post($"{path}/addendum/discard"),
                Door.Post($"{path}/addendum/sign"),
                Door.Put($"{path}/addendum"),
                Door.Post($"{path}/withdraw"),
                Door.Post($"{path}/recommend"),
                Door.Post($"{path}/dispute")
            )
        )
            .Should()
            .BeEmpty();
        (await Clinic.ExamAsync(exam)).Report.Should().Be("signed");
    }

    private Task<Page> Saves(Guid exam, JsonObject report) =>
        Clinic.Radiologist.SendsJson(
            HttpMethod.Put,
            $"/reading-room/exams/{exam}/addendum",
            new JsonObject { ["revision"] = 1, ["sections"] = report }
        );

    private Task<Page> SignsAddendum(Guid exam, string materiality, string category)
    {
        var path = $"/reading-room/exams/{exam}";
        return Clinic.Radiologist.TypesCode(
            exam,
            (_, code) =>
                Clinic.Radiologist.FillsIn(
                    path,
                    $"{path}/addendum/sign",
                    ("materiality", materiality),
                    ("alertCategory", category),
                    ("displaySet", "station-1"),
                    ("code", code)
                )
        );
    }
}

public sealed class CorrectionOnSqliteTests(ClinicOnSqlite clinic) : CorrectionTests(clinic);
