namespace Fiducial.ExamRoom.Tests;

/// <summary>Nobody knows who the patient is, and the exam cannot wait.</summary>
public abstract class EmergencyTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task An_exam_begins_under_a_temporary_identity_in_an_emergency_alone()
    {
        const string door = "/exam-room/emergency";
        (await Clinic.Technologist.FillsIn(door, door, ("protocolCode", "XR-CHEST")))
            .Refusal.Should()
            .Contain("Only in an emergency");
        var page = await Clinic.Technologist.FillsIn(door, door, ("protocolCode", "XR-CHEST"), ("emergency", "on"));
        page.Words.Should().Contain("TEMP-").And.Contain("Time-out");
        var link = (await Clinic.Technologist.Opens("/exam-room"))
            .Document.QuerySelectorAll("a[href^='/exam-room/exams/']")
            .First(a => a.TextContent.Contains("TEMP-", StringComparison.Ordinal))
            .GetAttribute("href")!;
        var exam = Guid.Parse(link[(link.LastIndexOf('/') + 1)..]);
        await Clinic.Technologist.Starts(exam);
        await Clinic.Modality.Sends(exam, "PA", "LATERAL");
        await Clinic.Technologist.Completes(exam);
        await Clinic.WaitAsync(exam, e => e.Report is "unread");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_booked_patient_who_cannot_be_identified_is_received_in_the_exam_room()
    {
        var exam = await Clinic.ExamAsync(Chapter.Booked);
        var path = $"/exam-room/exams/{exam}";
        var page = await Clinic.Technologist.FillsIn(
            path,
            $"{path}/unidentified",
            ("temporaryId", "wristband 12"),
            ("emergency", "on")
        );
        page.Refusal.Should().BeNull();
        (await Clinic.ExamAsync(exam)).Exam.Should().Be("arrived");
    }
}

public sealed class EmergencyOnSqliteTests(ClinicOnSqlite clinic) : EmergencyTests(clinic);

public sealed class EmergencyOnPostgresTests(ClinicOnPostgres clinic) : EmergencyTests(clinic);
