using System.Net;

namespace Fiducial.DoctorsOffice.Tests;

/// <summary>A doctor is away, gives a patient back, holds a release, or treats a stranger: each with its way, its reason and its record.</summary>
public abstract class CoverTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task The_duty_of_one_exam_moves_to_the_colleague_who_accepts()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var path = $"/office/exams/{exam}";
        (await Clinic.OtherReferrer.Opens(path)).Status.Should().Be(HttpStatusCode.NotFound);
        (await Asks("otto", exam)).Words.Should().Contain("Otto Other is asked to cover you, one exam");
        (await Clinic.ExamAsync(exam)).HolderId.Should().Be("rita", "nobody has accepted yet");

        (await Clinic.OtherReferrer.FillsIn("/office/cover", "/office/cover/accept"))
            .Words.Should()
            .Contain("You cover Dr Rita Referrer");
        var now = await Clinic.WaitAsync(exam, e => e is { HolderId: "otto", DeliveredVersion: 1 });
        now.Duty.Should().Be("owed");
        await Clinic.OtherReferrer.Reads(exam);
        (await Clinic.ExamAsync(exam)).Duty.Should().Be("acknowledged");
        (await Clinic.Referrer.Opens(path))
            .Status.Should()
            .Be(HttpStatusCode.OK, "who held the duty keeps the reading");
        await Clinic.Referrer.Posts($"{path}/review", ("assessment", "x"), ("plan", "y"));
        (await Clinic.ExamAsync(exam)).Duty.Should().Be("acknowledged");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Cover_without_a_colleague_or_with_days_that_are_past_is_refused_with_a_reason()
    {
        (await Asks("rita", Guid.Empty, post: true)).Refusal.Should().Contain("Name a colleague");
        (await Asks("otto", Guid.Empty, until: "2020-01-01", post: true)).Refusal.Should().Contain("not past");
        var nobody = await Clinic.OtherReferrer.FollowsAsync(
            await Clinic.OtherReferrer.Posts("/office/cover/accept", ("cover", "999999"))
        );
        nobody.Refusal.Should().Contain("Nobody asks you");
    }

    [Fact]
    public async Task Who_is_not_the_right_doctor_gives_it_back_and_the_director_passes_it_on()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var path = $"/office/exams/{exam}";
        (await Clinic.Referrer.FillsIn(path, $"{path}/not-mine", ("reason", ""))).Refusal.Should().Contain("Write why");
        await Clinic.Referrer.FillsIn(path, $"{path}/not-mine", ("reason", "Never seen this patient."));
        (await Clinic.ExamAsync(exam)).HolderId.Should().Be("mona");
        (await Clinic.MedicalDirector.Opens("/office")).Words.Should().Contain("to pass on");
        (await Clinic.MedicalDirector.FillsIn(path, $"{path}/pass-on", ("holderId", "otto")))
            .Refusal.Should()
            .Contain("has not accepted");
        await Clinic.MedicalDirector.FillsIn(path, $"{path}/pass-on", ("holderId", "mona"));
        (await Clinic.ExamAsync(exam)).Duty.Should().Be("owed");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_hold_has_an_end_and_the_patients_page_does_not_tell_it()
    {
        var exam = await Clinic.ExamAsync(Chapter.Reviewed);
        var path = $"/office/exams/{exam}";
        var before = await CardAsync(exam);
        (await Clinic.Referrer.FillsIn(path, $"{path}/hold", ("expires", "2099-01-01T10:00"), ("reason", "in person")))
            .Refusal.Should()
            .Contain("at most");
        await Clinic.Referrer.FillsIn(path, $"{path}/hold", ("reason", "to be told in person"));
        (await Clinic.ExamAsync(exam)).Release.Should().Be("held");
        (await CardAsync(exam)).Should().Be(before);
        await Clinic.Referrer.FillsIn(path, $"{path}/lift");
        (await Clinic.ExamAsync(exam)).Release.Should().Be("shut");
    }

    [Fact]
    public async Task A_doctor_who_treats_a_stranger_now_opens_the_exam_and_it_is_recorded()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var number = (await Clinic.ExamAsync(exam)).AccessionNumber;
        const string door = "/office/emergency";
        (await Clinic.OtherReferrer.FillsIn(door, door, ("accessionNumber", "NONE"), ("reason", "Collapsed here.")))
            .Refusal.Should()
            .Contain("No exam has this number");
        (await Clinic.OtherReferrer.FillsIn(door, door, ("accessionNumber", number), ("reason", "Collapsed here.")))
            .Refusal.Should()
            .Contain("treats this patient now");
        var opened = await Clinic.OtherReferrer.FillsIn(
            door,
            door,
            ("accessionNumber", number),
            ("reason", "Collapsed here."),
            ("treatingNow", "on")
        );
        opened.Words.Should().Contain("Hairline fracture");
        (await Clinic.ExamAsync(exam)).GlassBrokenById.Should().Be("otto");
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Referrer, Clinic.OtherReferrer, Clinic.MedicalDirector],
                Door.Post(door)
            )
        )
            .Should()
            .BeEmpty();
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_tracked_follow_up_is_accepted_with_a_date_before_the_case_can_close()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var (reading, path) = ($"/reading-room/exams/{exam}", $"/office/exams/{exam}");
        await Clinic.Radiologist.FillsIn(
            reading,
            $"{reading}/recommend",
            ("what", "X-ray of the wrist"),
            ("condition", "healing"),
            ("intervalDays", "14")
        );
        await Clinic.ContinueAsync(exam, Chapter.Read, Chapter.Viewed);
        (await Clinic.Referrer.FillsIn(path, $"{path}/close")).Refusal.Should().Contain("follow-up is not answered");
        (await Clinic.Referrer.FillsIn(path, $"{path}/follow-up/accept", ("link", "referral 7")))
            .Words.Should()
            .Contain("accepted");
        await Clinic.Referrer.Closes(exam);
        (await Clinic.ExamAsync(exam)).Followup.Should().Be("accepted");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    // What the patient's page says of this exam.
    private async Task<string> CardAsync(Guid exam)
    {
        var number = (await Clinic.ExamAsync(exam)).AccessionNumber;
        return (await Clinic.Patient.Opens("/my")).Document.QuerySelector($"[data-accession='{number}']")!.TextContent;
    }

    private async Task<Page> Asks(string colleague, Guid exam, string until = "2099-01-01", bool post = false)
    {
        (string, string)[] fields =
        [
            ("colleague", colleague),
            ("exam", exam == Guid.Empty ? "" : exam.ToString()),
            ("from", "2020-01-01"),
            ("until", until),
        ];
        return post
            ? await Clinic.Referrer.FollowsAsync(await Clinic.Referrer.Posts("/office/cover/ask", fields))
            : await Clinic.Referrer.FillsIn("/office/cover", "/office/cover/ask", fields);
    }
}

public sealed class CoverOnSqliteTests(ClinicOnSqlite clinic) : CoverTests(clinic);
