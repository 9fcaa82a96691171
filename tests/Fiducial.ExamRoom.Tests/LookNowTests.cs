namespace Fiducial.ExamRoom.Tests;

/// <summary>A technologist asks for a look before the patient leaves, says nothing, and gets one of five instructions.</summary>
public abstract class LookNowTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task The_technologist_gets_the_instruction_and_the_patient_stays_until_it_came()
    {
        var exam = await Clinic.ExamAsync(Chapter.Completed);
        var (room, reading) = ($"/exam-room/exams/{exam}", $"/reading-room/exams/{exam}");
        await Clinic.Technologist.FillsIn(room, $"{room}/look-now");
        (await Clinic.Technologist.Opens(room)).Words.Should().Contain("Please wait for the instruction");
        (await Clinic.Technologist.FillsIn(room, $"{room}/depart", ("card", "on")))
            .Refusal.Should()
            .Contain("wait for the instruction");
        (await Clinic.Technologist.FillsIn(room, $"{room}/hand-over", ("plan", "called 911")))
            .Refusal.Should()
            .Contain("ten minutes each");
        (await Clinic.Radiologist.Opens("/reading-room")).Words.Should().Contain("look now");
        (await Clinic.Radiologist.FillsIn(reading, $"{reading}/seen")).Refusal.Should().Contain("Open the full images");
        await Clinic.Radiologist.FillsIn(reading, $"{reading}/seen", ("opensFullImages", "on"));
        await Clinic.Radiologist.FillsIn(reading, $"{reading}/instruct", ("instruction", "keep supervised"));
        (await Clinic.Technologist.Opens(room)).Words.Should().Contain("Instruction: keep supervised");
        await Clinic.Technologist.LetsDepart(exam);
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_request_has_no_words_and_nobody_else_can_make_it()
    {
        var exam = await Clinic.ExamAsync(Chapter.Started);
        var path = $"/exam-room/exams/{exam}/look-now";
        (await Clinic.OpenForOthersAsync([Clinic.Technologist], Door.Post(path), Door.Post($"{path[..^9]}/stop")))
            .Should()
            .BeEmpty();
        await Clinic.Technologist.Posts(path, ("reason", "pneumothorax"));
        (await Clinic.LedgerAsync(exam))[^1].Evidence.Should().Be("{}");
        foreach (var other in (Person[])[Clinic.Clerk, Clinic.Coordinator])
        {
            (await other.Opens("/notices")).Words.Should().NotContain("technologist");
        }
    }

    [Fact]
    public async Task An_exam_is_stopped_for_a_reason_and_what_was_exposed_is_read()
    {
        var exam = await Clinic.ExamAsync(Chapter.Imaged);
        var path = $"/exam-room/exams/{exam}";
        (await Clinic.Technologist.FillsIn(path, $"{path}/stop")).Refusal.Should().Contain("Give the reason");
        await Clinic.Technologist.FillsIn(path, $"{path}/stop", ("reason", "patient unwell"));
        await Clinic.WaitAsync(exam, e => e is { Exam: "aborted", Report: "unread" });
    }

    [Fact]
    public async Task An_image_is_rejected_for_a_technical_reason_and_fills_its_view_no_more()
    {
        var exam = await Clinic.ExamAsync(Chapter.Imaged);
        var path = $"/exam-room/exams/{exam}";
        await Clinic.Technologist.FillsIn(path, $"{path}/reject", ("reason", "motion"));
        (await Clinic.Technologist.FillsIn(path, $"{path}/complete", ("quality", "on")))
            .Refusal.Should()
            .Contain("is missing");
    }
}

public sealed class LookNowOnSqliteTests(ClinicOnSqlite clinic) : LookNowTests(clinic);
