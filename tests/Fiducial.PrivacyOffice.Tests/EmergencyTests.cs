namespace Fiducial.PrivacyOffice.Tests;

/// <summary>A doctor opens an exam of a patient who is not theirs, or a report goes to the wrong place: the officer sees who, when and why.</summary>
public abstract class EmergencyTests(SharedClinic shared) : RoomTests(shared)
{
    private const string Page = "/privacy/emergencies";

    [Fact]
    public async Task The_officer_reads_who_opened_whose_exam_in_an_emergency_and_why_and_no_result()
    {
        const string door = "/office/emergency";
        const string reason = "Unconscious after a fall <now>";
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var number = (await Clinic.ExamAsync(exam)).AccessionNumber;
        (await Clinic.PrivacyOfficer.Opens(Page)).Words.Should().NotContain(number);
        await Clinic.OtherReferrer.FillsIn(
            door,
            door,
            ("accessionNumber", number),
            ("treatingNow", "on"),
            ("reason", reason)
        );
        await Clinic.OtherReferrer.Opens($"/office/exams/{exam}");
        var page = await Clinic.PrivacyOfficer.Opens(Page);
        var card = page.Document.GetElementById(number)!.TextContent;
        card.Should().ContainAll(reason, "Dr Otto", "Paul Patient", "Dr Rita Referrer", "open now", "due");
        card.Should().NotContain("not at all", "the doctor has looked");
        page.Text.Should().NotContainAny("fracture", "Hairline", "lucent");
        (await Clinic.OpenForOthersAsync([Clinic.PrivacyOfficer, Clinic.MedicalDirector], Door.Get(Page)))
            .Should()
            .BeEmpty();

        // The review: refused without an outcome, left to the director, who sees it only then, and told to the patient.
        var review = $"/privacy/exams/{exam}/review-glass";
        (await Clinic.MedicalDirector.Opens(Page)).Words.Should().NotContain(number);
        (await Clinic.PrivacyOfficer.FillsIn(Page, review, ("finding", "No such patient there <then>")))
            .Refusal.Should()
            .Contain("what the review came to");
        var referred = await Clinic.PrivacyOfficer.FillsIn(
            Page,
            review,
            ("finding", "No such patient there <then>"),
            ("outcome", "referred to director")
        );
        referred.Refusal.Should().BeNull();
        referred.Form(review).Should().BeNull("it is reviewed");
        (await Clinic.MedicalDirector.Opens(Page))
            .Document.GetElementById(number)!
            .TextContent.Should()
            .ContainAll(reason, "No such patient there <then>");
        var judged = await Clinic.MedicalDirector.FillsIn(
            Page,
            review,
            ("finding", "He was not his patient."),
            ("outcome", "not justified")
        );
        judged.Refusal.Should().BeNull();
        (await Clinic.ExamAsync(exam)).GlassWithDirector.Should().BeEmpty();
        (await Clinic.Patient.Opens("/my/who-looked"))
            .Words.Should()
            .Contain("reviewed an emergency access: not justified")
            .And.NotContain("No such patient there");
        (await Clinic.OpenForOthersAsync([Clinic.PrivacyOfficer, Clinic.MedicalDirector], Door.Post(review)))
            .Should()
            .BeEmpty();
    }

    [Fact]
    public async Task The_officer_opens_a_breach_and_the_right_doctor_waits_for_the_coordinator()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var office = $"/privacy/exams/{exam}";
        (await Clinic.PrivacyOfficer.FillsIn(office, $"{office}/misdirected", ("said", "the practice next door")))
            .Refusal.Should()
            .Contain("return or destruction");
        var page = await Clinic.PrivacyOfficer.FillsIn(
            office,
            $"{office}/misdirected",
            ("said", "the practice next door"),
            ("containment", "returned by courier")
        );
        page.Refusal.Should().BeNull();
        page.Words.Should().Contain("the practice next door").And.Contain("returned by courier");
        (await Clinic.ExamAsync(exam)).Delivery.Should().Be("misdirected");
        var desk = await Clinic.Coordinator.Opens($"/coordination/exams/{exam}");
        desk.Words.Should().Contain("It went to the wrong place").And.NotContain("Nothing waits");
        (await Clinic.OpenForOthersAsync([Clinic.PrivacyOfficer], Door.Post($"{office}/misdirected")))
            .Should()
            .BeEmpty();
    }
}

public sealed class EmergencyOnSqliteTests(ClinicOnSqlite clinic) : EmergencyTests(clinic);

public sealed class EmergencyOnPostgresTests(ClinicOnPostgres clinic) : EmergencyTests(clinic);
