using System.Net;

namespace Fiducial.FrontDesk.Tests;

/// <summary>The front desk's main line: an exam is found, booked and its patient received.</summary>
public abstract class BookingTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task The_clerk_finds_the_exam_books_it_and_receives_the_patient()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var order = await Clinic.ExamAsync(exam);
        (await Clinic.Clerk.Opens("/front-desk"))
            .Words.Should()
            .Contain(order.AccessionNumber)
            .And.Contain("Paul Patient");

        var path = $"/front-desk/exams/{exam}";
        var before = await Clinic.Clerk.Opens(path);
        before.Words.Should().Contain("X-ray of the wrist, left").And.Contain(order.AccessionNumber);
        before.Words.Should().NotContain("Fall on the hand", "the indication is not the clerk's to read");
        before.Form($"{path}/book").Should().NotBeNull();

        var booked = await Clinic.Clerk.FillsIn(path, $"{path}/book", ("slot", "2026-12-01T10:30"), ("room", "DX 7"));
        booked.Refusal.Should().BeNull();
        booked.Words.Should().Contain("DX 7");
        booked.Form($"{path}/book").Should().BeNull();

        await Clinic.Clerk.Receives(exam);
        (await Clinic.Clerk.Opens(path)).Form($"{path}/receive").Should().BeNull();
        var ledger = await Clinic.LedgerAsync(exam);
        ledger
            .Where(e => e.ActorId == "clara")
            .Select(e => (e.Step, e.Taken))
            .Should()
            .Equal(("O7", true), ("E1", true));
        (await Clinic.ExamAsync(exam))
            .ScheduledAt.Should()
            .Be(new DateTimeOffset(2026, 12, 1, 17, 30, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("slot", "", "slot")]
    [InlineData("slot", "next Tuesday", "slot")]
    [InlineData("slot", "0001-01-01T00:00", "slot")]
    [InlineData("slot", "9999-12-31T23:59", "slot")]
    [InlineData("room", " ", "room")]
    [InlineData("leaflet", "", "leaflet")]
    [InlineData("accessNeeds", "", "access needs")]
    public async Task A_booking_with_something_missing_is_refused_with_the_reason(
        string field,
        string value,
        string reason
    )
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var path = $"/front-desk/exams/{exam}";
        var page = await Clinic.Clerk.FillsIn(path, $"{path}/book", (field, value));
        page.Refusal.Should().Contain(reason);
        (await Clinic.LastRefusalAsync(exam, "O7", Clinic.Clerk)).Reason.Should().Be(page.Refusal);
        (await Clinic.ExamAsync(exam)).Order.Should().Be("protocolled");
    }

    [Fact]
    public async Task One_identifier_or_none_seen_is_not_enough_to_receive_a_patient()
    {
        var exam = await Clinic.ExamAsync(Chapter.Booked);
        var path = $"/front-desk/exams/{exam}";
        (await Clinic.Clerk.FillsIn(path, $"{path}/receive", ("identifiers", "full name"), ("photoOrCard", "photo")))
            .Refusal.Should()
            .Contain("two identifiers");
        (
            await Clinic.Clerk.FillsIn(
                path,
                $"{path}/receive",
                ("identifiers", "full name"),
                ("identifiers", "birth date")
            )
        )
            .Refusal.Should()
            .Contain("health card");
        // The same identifier twice is one.
        await Clinic.Clerk.Posts(
            $"{path}/receive",
            ("identifiers", "x"),
            ("identifiers", "x"),
            ("photoOrCard", "photo")
        );
        (await Clinic.LastRefusalAsync(exam, "E1", Clinic.Clerk)).Reason.Should().Contain("two identifiers");
        (await Clinic.ExamAsync(exam)).Exam.Should().Be("none");
    }

    [Fact]
    public async Task Nobody_is_received_for_an_order_that_waits_for_its_protocol()
    {
        var exam = await Clinic.Referrer.Refers(Clinic.Patient.PatientId, ("allergy", "yes"));
        await Clinic.Clerk.Posts(
            $"/front-desk/exams/{exam}/receive",
            ("identifiers", "full name"),
            ("identifiers", "birth date"),
            ("photoOrCard", "photo")
        );
        (await Clinic.LastRefusalAsync(exam, "E1", Clinic.Clerk)).Reason.Should().Contain("not protocolled");
    }

    [Fact]
    public async Task Script_in_a_field_is_shown_as_text()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var path = $"/front-desk/exams/{exam}";
        var page = await Clinic.Clerk.FillsIn(path, $"{path}/book", ("room", "<script>alert(1)</script>"));
        page.Document.Scripts.Should().OnlyContain(s => s.Source != null && s.Source.Length > 0);
        page.Words.Should().Contain("<script>alert(1)</script>");
    }

    [Fact]
    public async Task A_form_that_was_not_sent_from_a_page_changes_nothing()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var steps = (await Clinic.LedgerAsync(exam)).Count;
        var answer = await Clinic.Clerk.Sends(
            $"/front-desk/exams/{exam}/book",
            ("slot", "2026-12-01T10:30"),
            ("room", "DX 1"),
            ("leaflet", "x"),
            ("accessNeeds", "none")
        );
        answer.Status.Should().Be(HttpStatusCode.BadRequest);
        answer.Refusal.Should().Contain("load the page again");
        (await Clinic.LedgerAsync(exam)).Should().HaveCount(steps);
    }

    [Theory]
    [InlineData(60_000, 'x', "60,000 characters")]
    [InlineData(3, '\u001b', "control character")]
    [InlineData(3, '\0', "cannot be kept")]
    public async Task Text_that_cannot_be_kept_is_turned_back_with_the_reason(int length, char letter, string reason)
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var path = $"/front-desk/exams/{exam}";
        var answer = await Clinic.Clerk.FillsIn(path, $"{path}/book", ("room", new string(letter, length)));
        answer.Status.Should().Be(HttpStatusCode.BadRequest);
        answer.Refusal.Should().Contain(reason);
        (await Clinic.ExamAsync(exam)).Order.Should().Be("protocolled");
    }

    [Theory]
    [InlineData("%00")]
    [InlineData("nothing-of-the-kind")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task An_invented_refusal_shows_none(string hash)
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var page = await Clinic.Clerk.Opens($"/front-desk/exams/{exam}?refused={hash}");
        page.Status.Should().Be(HttpStatusCode.OK);
        page.Refusal.Should().BeNull();
    }

    [Fact]
    public async Task The_room_exists_for_clerks_alone_and_an_attempt_of_others_is_in_the_ledger()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var path = $"/front-desk/exams/{exam}";
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Clerk],
                Door.Get("/front-desk"),
                Door.Get("/front-desk/patients"),
                Door.Post("/front-desk/patients"),
                Door.Get(path),
                Door.Post($"{path}/book"),
                Door.Post($"{path}/receive")
            )
        )
            .Should()
            .BeEmpty();
        var attempts = (await Clinic.LedgerAsync(exam)).Where(e => !e.Taken).ToList();
        attempts.Select(e => e.Step).Distinct().Should().BeEquivalentTo(["O7", "E1"]);
        attempts.Select(e => e.ActorId).Distinct().Should().HaveCount(Clinic.Everyone.Count - 1);
        attempts.Should().OnlyContain(e => e.Reason.Contains("not the room of the role"));
    }

    [Fact]
    public async Task An_exam_that_does_not_exist_is_not_there_for_clerks_either()
    {
        foreach (var exam in (string[])[Guid.NewGuid().ToString(), "1", "..%2f..%2fetc"])
        {
            (await Clinic.Clerk.Opens($"/front-desk/exams/{exam}")).Status.Should().Be(HttpStatusCode.NotFound);
            (await Clinic.Clerk.Posts($"/front-desk/exams/{exam}/book")).Status.Should().Be(HttpStatusCode.NotFound);
        }
    }
}

public sealed class BookingOnSqliteTests(ClinicOnSqlite clinic) : BookingTests(clinic);

public sealed class BookingOnPostgresTests(ClinicOnPostgres clinic) : BookingTests(clinic);
