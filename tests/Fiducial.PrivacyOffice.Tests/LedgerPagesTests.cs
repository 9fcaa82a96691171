using System.Net;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.PrivacyOffice.Tests;

/// <summary>The privacy office: who did what, whether it was written by the house, and nothing of what it said.</summary>
public abstract class LedgerPagesTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task The_officer_finds_an_exam_reads_its_ledger_and_no_result()
    {
        var exam = await Clinic.ExamAsync(Chapter.Closed);
        (await Clinic.PrivacyOfficer.Opens("/privacy"))
            .Document.QuerySelector($"a[href='/privacy/exams/{exam}']")
            .Should()
            .NotBeNull();
        var page = await Clinic.PrivacyOfficer.Opens($"/privacy/exams/{exam}");
        var ledger = await Clinic.LedgerAsync(exam);
        page.Document.QuerySelectorAll("table")[^1].QuerySelectorAll("tbody tr").Length.Should().Be(ledger.Count);
        page.Words.Should().Contain("sign R6").And.Contain("Dr Rado Radiologist").And.Contain("view L11");
        page.Text.Should().NotContainAny("fracture", "Hairline", "lucent", "Splint", "fine crack");
    }

    [Fact]
    public async Task A_refused_step_stands_there_with_its_reason()
    {
        var exam = await Clinic.ExamAsync(Chapter.Booked);
        await Clinic.Technologist.Posts($"/exam-room/exams/{exam}/start", ("patient", "<b>on</b>"));
        (await Clinic.PrivacyOfficer.Opens($"/privacy/exams/{exam}")).Words.Should().Contain("The step 'start'");
    }

    [Theory]
    [InlineData("/privacy?verify=nonsense")]
    [InlineData("/privacy?verify=%00")]
    [InlineData("/privacy?verify=")]
    public async Task A_question_that_is_none_is_not_answered_with_an_error(string path) =>
        (await Clinic.PrivacyOfficer.Opens(path)).Status.Should().Be(HttpStatusCode.OK);

    [Fact]
    public async Task The_room_exists_for_privacy_officers_alone()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.PrivacyOfficer],
                Door.Get("/privacy"),
                Door.Get("/privacy?verify=true"),
                Door.Get($"/privacy/exams/{exam}")
            )
        )
            .Should()
            .BeEmpty();
        (await Clinic.PrivacyOfficer.Opens($"/privacy/exams/{Guid.NewGuid()}"))
            .Status.Should()
            .Be(HttpStatusCode.NotFound);
    }
}

public sealed class LedgerPagesOnSqliteTests(ClinicOnSqlite clinic) : LedgerPagesTests(clinic);

public sealed class LedgerPagesOnPostgresTests(ClinicOnPostgres clinic) : LedgerPagesTests(clinic);

/// <summary>Verification on the page, in a clinic of its own: a row is edited by hand and stays so.</summary>
public sealed class VerificationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_page_says_that_every_chain_is_whole_until_a_row_is_edited_by_hand(bool onPostgres)
    {
        await using var clinic = await ClinicInABox.OpenAsync(onPostgres);
        var exam = await clinic.ExamAsync(Chapter.Signed);
        (await clinic.PrivacyOfficer.Verifies()).Words.Should().Contain("Every chain is whole");
        await clinic.InDatabaseAsync(db =>
            db.Database.ExecuteSqlRawAsync("update report_versions set \"Sections_Impression\" = 'Normal.'")
        );
        var page = await clinic.PrivacyOfficer.Verifies();
        page.Refusal.Should().Contain($"{exam}").And.Contain("a signed report differs");
        page.Words.Should().NotContain("Every chain is whole");
    }
}
