using System.Net;
using AngleSharp.Html.Dom;

namespace Fiducial.DoctorsOffice.Tests;

/// <summary>What the doctor does with a result: read, decide, talk, release, close, in this order.</summary>
public abstract class AnswerTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task The_doctor_reads_reviews_discusses_releases_and_closes()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var path = $"/office/exams/{exam}";
        (await Clinic.Referrer.Opens("/office")).Document.QuerySelector($"a[href='{path}']").Should().NotBeNull();
        var page = await Clinic.Referrer.Opens(path);
        page.Words.Should().Contain("Hairline fracture").And.Contain("Dr Rado Radiologist").And.Contain("none known");
        page.Form($"{path}/review").Should().BeNull("reading comes first");
        await Clinic.Referrer.Reads(exam);
        await Clinic.Referrer.Reviews(exam);
        await Clinic.Referrer.Discusses(exam);
        await Clinic.Referrer.Releases(exam);
        await Clinic.Patient.OpensResult(exam);
        await Clinic.Referrer.Closes(exam);
        (await Clinic.Referrer.Opens("/office")).Document.QuerySelector($"a[href='{path}']").Should().BeNull();
        (await Clinic.LedgerAsync(exam))
            .Where(e => e.ActorId == "rita" && e.Taken)
            .Select(e => e.Step)
            .Should()
            .Equal("O1", "U2", "U9", "U10", "L2", "U11");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Releasing_without_a_review_is_refused_with_the_reason_and_recorded()
    {
        var exam = await Clinic.ExamAsync(Chapter.Read);
        var page = await Post(exam, "release", ("note", "All is well."));
        page.Refusal.Should().Contain("not reviewed");
        (await Clinic.LastRefusalAsync(exam, "L2", Clinic.Referrer)).Reason.Should().Be(page.Refusal);
        (await Clinic.ExamAsync(exam)).Release.Should().Be("shut");
        (await Clinic.Patient.OpensResult(exam)).Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Reviewing_someone_elses_patient_is_refused_and_recorded_and_looks_like_nothing()
    {
        var exam = await Clinic.ExamAsync(Chapter.Read);
        var answer = await Clinic.OtherReferrer.Posts(
            $"/office/exams/{exam}/review",
            ("assessment", "x"),
            ("plan", "x"),
            ("answer", "accepted")
        );
        answer.Status.Should().Be(HttpStatusCode.NotFound);
        var refusal = await Clinic.LastRefusalAsync(exam, "U9", Clinic.OtherReferrer);
        refusal.Reason.Should().Contain("not one of Dr Otto Other's own");
        (await Clinic.ExamAsync(exam)).Duty.Should().Be("acknowledged");
    }

    [Fact]
    public async Task A_report_that_was_not_shown_was_not_read()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        foreach (var hash in (string[])["", new string('0', 64)])
        {
            (await Post(exam, "acknowledge", ("viewedHash", hash)))
                .Refusal.Should()
                .Contain("must have been displayed");
        }
        (await Clinic.ExamAsync(exam)).Duty.Should().Be("owed");
    }

    [Theory]
    [InlineData("", "Splint.", "accepted", "assessment and a plan")]
    [InlineData("Fits.", "  ", "accepted", "assessment and a plan")]
    [InlineData("Fits.", "Splint.", "", "each recommendation")]
    public async Task A_review_with_something_missing_is_refused(
        string assessment,
        string plan,
        string answer,
        string reason
    )
    {
        var exam = await Clinic.ExamAsync(Chapter.Read);
        var page = await Post(exam, "review", ("assessment", assessment), ("plan", plan), ("answer", answer));
        page.Refusal.Should().Contain(reason);
        var refusal = await Clinic.LastRefusalAsync(exam, "U9", Clinic.Referrer);
        refusal.Reason.Should().Be(page.Refusal);
        refusal.Evidence.Should().NotContain("Splint", "the words stay out of the ledger");
    }

    [Theory]
    [InlineData("how")]
    [InlineData("present")]
    [InlineData("interpreter")]
    public async Task A_discussion_with_something_missing_is_refused(string left)
    {
        var exam = await Clinic.ExamAsync(Chapter.Reviewed);
        var fields = ((string, string)[])[("how", "video"), ("present", "patient"), ("interpreter", "none")];
        (await Post(exam, "discussion", [.. fields.Where(f => f.Item1 != left)])).Refusal.Should().NotBeNull();
        (await Clinic.ExamAsync(exam)).Duty.Should().Be("reviewed");
    }

    [Fact]
    public async Task Nothing_is_released_without_a_note_and_nothing_closed_before_the_release()
    {
        var exam = await Clinic.ExamAsync(Chapter.Discussed);
        (await Post(exam, "release", ("note", " "))).Refusal.Should().Contain("plain words");
        (await Post(exam, "close")).Refusal.Should().Contain("not released");
        (await Clinic.LastRefusalAsync(exam, "U11", Clinic.Referrer)).Reason.Should().Contain("not released");
    }

    [Fact]
    public async Task A_step_that_is_sent_twice_is_taken_once()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var form = (await Clinic.Referrer.Opens($"/office/exams/{exam}")).Form($"/office/exams/{exam}/acknowledge")!;
        var hash = form.Elements.OfType<IHtmlInputElement>().First(i => i.Name == "viewedHash").Value;
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 5)
                .Select(_ => Clinic.Referrer.Posts($"/office/exams/{exam}/acknowledge", ("viewedHash", hash)))
        );
        answers.Select(a => a.Status).Should().OnlyContain(s => s == HttpStatusCode.Redirect);
        var attempts = (await Clinic.LedgerAsync(exam)).Where(e => e.Step is "U2").ToList();
        attempts.Count(e => e.Taken).Should().Be(1);
        attempts.Should().HaveCount(5);
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Before_the_signature_there_is_no_result_not_even_for_the_doctor()
    {
        var exam = await Clinic.ExamAsync(Chapter.Written);
        var answer = await Clinic.Referrer.Opens($"/office/exams/{exam}");
        answer.Status.Should().Be(HttpStatusCode.NotFound);
        (await Clinic.Referrer.Opens("/office")).Text.Should().NotContain("lucent");
    }

    [Fact]
    public async Task The_room_exists_for_the_responsible_doctor_and_the_director_alone()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var path = $"/office/exams/{exam}";
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Referrer, Clinic.MedicalDirector],
                Door.Get(path),
                Door.Post($"{path}/acknowledge"),
                Door.Post($"{path}/review"),
                Door.Post($"{path}/discussion"),
                Door.Post($"{path}/release"),
                Door.Post($"{path}/close")
            )
        )
            .Should()
            .BeEmpty();
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Referrer, Clinic.OtherReferrer, Clinic.MedicalDirector],
                Door.Get("/office"),
                Door.Get("/office/cover"),
                Door.Get("/office/emergency")
            )
        )
            .Should()
            .BeEmpty();
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Referrer, Clinic.OtherReferrer],
                Door.Get("/office/refer"),
                Door.Get($"/office/refer/{exam}"),
                Door.Post("/office/refer")
            )
        )
            .Should()
            .BeEmpty();
        (await Clinic.LedgerAsync(exam))
            .Where(e => !e.Taken)
            .Select(e => e.Step)
            .Distinct()
            .Should()
            .BeEquivalentTo(["U2", "U9", "U10", "L2", "U11"]);
    }

    private async Task<Page> Post(Guid exam, string step, params (string, string)[] fields) =>
        await Clinic.Referrer.FollowsAsync(await Clinic.Referrer.Posts($"/office/exams/{exam}/{step}", fields));
}

public sealed class AnswerOnSqliteTests(ClinicOnSqlite clinic) : AnswerTests(clinic);

public sealed class AnswerOnPostgresTests(ClinicOnPostgres clinic) : AnswerTests(clinic);
