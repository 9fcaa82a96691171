using System.Net;

namespace Fiducial.PrivacyOffice.Tests;

/// <summary>A patient asks for their records; the privacy officer decides, by a clock that the patient sees.</summary>
public abstract class RequestTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task A_request_is_granted_after_the_doctor_was_heard_and_the_patient_reads()
    {
        var exam = await Clinic.ExamAsync(Chapter.Reviewed);
        var (mine, office) = ($"/my/exams/{exam}", $"/privacy/exams/{exam}");
        (await Clinic.Patient.FillsIn("/my", $"{mine}/request")).Words.Should().Contain("You asked for your records");
        (await Clinic.PrivacyOfficer.Opens("/privacy/requests")).Words.Should().Contain("Paul Patient");
        (await Clinic.PrivacyOfficer.FillsIn(office, $"{office}/grant", ("letter", "Granted.")))
            .Refusal.Should()
            .Contain("business days to be heard");
        (await Clinic.Patient.OpensResult(exam)).Status.Should().Be(HttpStatusCode.NotFound);
        await Clinic.PrivacyOfficer.FillsIn(
            office,
            $"{office}/grant",
            ("letter", "Granted."),
            ("holderAnswer", "no objection")
        );
        (await Clinic.Patient.OpensResult(exam)).Words.Should().Contain("Hairline fracture");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_refusal_names_its_ground_and_the_patient_may_ask_again()
    {
        var exam = await Clinic.ExamAsync(Chapter.Completed);
        var (mine, office) = ($"/my/exams/{exam}", $"/privacy/exams/{exam}");
        await Clinic.Patient.FillsIn("/my", $"{mine}/request");
        (await Clinic.PrivacyOfficer.FillsIn(office, $"{office}/refuse", ("letter", "Not yet.")))
            .Refusal.Should()
            .Contain("statutory ground");
        await Clinic.PrivacyOfficer.FillsIn(
            office,
            $"{office}/refuse",
            ("letter", "Not yet."),
            ("ground", "record does not exist yet")
        );
        (await Clinic.Patient.Opens("/my")).Words.Should().Contain("how to appeal");
        (await Clinic.Patient.FillsIn("/my", $"{mine}/request-again"))
            .Words.Should()
            .Contain("You asked for your records");
    }

    [Fact]
    public async Task Who_does_not_want_to_see_it_may_change_their_mind()
    {
        var exam = await Clinic.ExamAsync(Chapter.Departed);
        var mine = $"/my/exams/{exam}";
        (await Clinic.Patient.FillsIn("/my", $"{mine}/decline"))
            .Words.Should()
            .Contain("do not want to see this result");
        (await Clinic.ExamAsync(exam)).Release.Should().Be("declined");
        await Clinic.Patient.FillsIn("/my", $"{mine}/see-again");
        (await Clinic.ExamAsync(exam)).Release.Should().Be("shut");
        (await Clinic.OpenForOthersAsync([Clinic.Patient], Door.Post($"{mine}/request"), Door.Post($"{mine}/decline")))
            .Should()
            .BeEmpty();
    }

    [Fact]
    public async Task Two_records_become_one_by_two_people_and_part_again()
    {
        await Clinic.Clerk.Registers("MERGE-1", "Twin", "Tina", "1990-01-01");
        await Clinic.Clerk.Registers("MERGE-2", "Twice", "Thea", "1971-02-02");
        var exam = await Clinic.Referrer.Refers("MERGE-1");
        const string page = "/coordination/merges";
        (await Clinic.Coordinator.Opens($"{page}?from=MERGE-1&into=MERGE-2")).Words.Should().Contain("Together");
        await Clinic.Coordinator.FillsIn($"{page}?from=MERGE-1&into=MERGE-2", $"{page}/start");
        (await Clinic.ExamAsync(exam)).Access.Should().Be("frozen");
        await FinishAsync(page);
        (await Clinic.ExamAsync(exam)).PatientId.Should().Be("MERGE-2");
        (await Clinic.OpenForOthersAsync([Clinic.Coordinator, Clinic.PrivacyOfficer], Door.Get(page)))
            .Should()
            .BeEmpty();
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    private async Task FinishAsync(string page)
    {
        var journal = await Clinic.PrivacyOfficer.Opens(page);
        var finish = journal.Document.Forms.First(f =>
            f.GetAttribute("action")!.EndsWith("/finish", StringComparison.Ordinal)
        );
        await Clinic.PrivacyOfficer.FillsIn(page, finish.GetAttribute("action")!);
    }
}

public sealed class RequestOnSqliteTests(ClinicOnSqlite clinic) : RequestTests(clinic);
