using System.Net;

namespace Fiducial.DoctorsOffice.Tests;

/// <summary>What is asked back about a referral comes to the doctor who wrote it, and goes on with the answer.</summary>
public abstract class OrderTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task A_radiologist_asks_back_and_the_doctors_answer_corrects_the_order()
    {
        var exam = await Clinic.Referrer.Refers(
            Clinic.Patient.PatientId,
            ("protocolCode", "CT-GENERAL"),
            ("laterality", "")
        );
        var order = $"/office/orders/{exam}";
        var asked = await Clinic.Radiologist.FillsIn(
            "/reading-room",
            $"/reading-room/exams/{exam}/ask",
            ("item", "history"),
            ("question", "Any earlier operation?")
        );
        asked.Words.Should().Contain("Asked back").And.Contain("Any earlier operation?");
        (await Clinic.Clerk.Opens($"/front-desk/exams/{exam}"))
            .Words.Should()
            .Contain("Asked back")
            .And.NotContain("earlier operation", "what a radiologist asks is no logistics");
        (await Clinic.Referrer.Opens("/office")).Document.QuerySelector($"a[href='{order}']").Should().NotBeNull();
        (await Clinic.OtherReferrer.Opens(order)).Status.Should().Be(HttpStatusCode.NotFound);
        var answered = await Clinic.Referrer.FillsIn(
            order,
            $"{order}/answer",
            ("answer", "Hip, 2019."),
            ("history", "hip replaced 2019")
        );
        answered.Refusal.Should().BeNull();
        answered.Words.Should().Contain("Hip, 2019.");
        (await Clinic.ExamAsync(exam)).History.Should().Be("hip replaced 2019");
        (await Clinic.Radiologist.Opens("/reading-room")).Words.Should().Contain("Hip, 2019.");
        await Clinic.Radiologist.Protocols(exam);
        (await Clinic.ExamAsync(exam)).Order.Should().Be("protocolled");
    }

    [Fact]
    public async Task The_front_desk_asks_about_logistics_alone_and_reads_the_answer()
    {
        var exam = await Clinic.Referrer.Refers(
            Clinic.Patient.PatientId,
            ("protocolCode", "CT-GENERAL"),
            ("laterality", "")
        );
        var desk = $"/front-desk/exams/{exam}";
        var refused = await Clinic.Clerk.FollowsAsync(
            await Clinic.Clerk.Posts($"{desk}/ask", ("item", "indication"), ("question", "What for?"))
        );
        refused.Refusal.Should().Contain("logistics only");
        await Clinic.Clerk.FillsIn(desk, $"{desk}/ask", ("item", "interpreter"), ("question", "Which language?"));
        (await Clinic.Clerk.Opens("/front-desk")).Words.Should().Contain("the doctor's answer");
        await Clinic.Referrer.FillsIn(
            $"/office/orders/{exam}",
            $"/office/orders/{exam}/answer",
            ("answer", "Portuguese")
        );
        (await Clinic.Clerk.Opens(desk)).Words.Should().Contain("Portuguese");
    }

    [Fact]
    public async Task The_doctor_cancels_a_referral_before_the_exam_has_begun()
    {
        var exam = await Clinic.ExamAsync(Chapter.Booked);
        var order = $"/office/orders/{exam}";
        var page = await Clinic.Referrer.FillsIn(order, $"{order}/cancel", ("reason", "done elsewhere"));
        page.Words.Should().Contain("was cancelled");
        (await Clinic.ExamAsync(exam)).Order.Should().Be("cancelled");
    }
}

public sealed class OrderOnSqliteTests(ClinicOnSqlite clinic) : OrderTests(clinic);

public sealed class OrderOnPostgresTests(ClinicOnPostgres clinic) : OrderTests(clinic);
