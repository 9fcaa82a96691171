using System.Net;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.PrivacyOffice.Tests;

/// <summary>Every look and every refused look stands in one chain; what was done to the chain by hand is found.</summary>
public abstract class AuditTests(SharedClinic shared) : RoomTests(shared)
{
    private static readonly NodeScripts Validator = new("Fiducial.PrivacyOffice.Tests/fhir", "fhir");

    [Fact]
    public async Task A_read_and_a_denied_read_are_recorded_before_they_are_answered()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        await Clinic.Referrer.Opens($"/office/exams/{exam}");
        await Clinic.OtherReferrer.Opens($"/office/exams/{exam}");
        await Clinic.Technologist.Opens($"/office/exams/{exam}");
        var rows = await RowsAsync(exam);
        var read = rows.Last(r => r is { ActorId: "rita", Action: "read" });
        read.Should()
            .Match<AuditEntry>(r =>
                r.Allowed
                && r.Data == "C3f"
                && r.Role == "REF"
                && r.PatientId == "FID-0001"
                && r.Purpose == "TREAT"
                && r.What == "/office/exams/{Exam:guid}"
            );
        rows.Should()
            .Contain(r => r.ActorId == "otto" && !r.Allowed)
            .And.Contain(r => r.ActorId == "tessa" && !r.Allowed);
        var missing = Guid.NewGuid();
        await Clinic.Referrer.Opens($"/office/exams/{missing}");
        (await RowsAsync(missing)).Should().ContainSingle().Which.Allowed.Should().BeFalse();
    }

    [Fact]
    public async Task Pictures_that_are_fetched_one_by_one_are_one_look_and_a_refusal_is_each_time_one()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var study = (await Clinic.ExamAsync(exam)).StudyInstanceUid;
        foreach (var _ in Enumerable.Range(0, 3))
        {
            using var answer = await Clinic.Radiologist.RequestsAsync(
                HttpMethod.Get,
                $"/dicomweb/studies/{study}/metadata",
                accept: "application/dicom+json"
            );
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            await Clinic.Technologist.Opens($"/dicomweb/studies/{study}/metadata");
        }
        var rows = await RowsAsync(exam);
        rows.Count(r => r is { ActorId: "rado", Data: "C2f", Allowed: true, What: "/dicomweb/studies/{study}" })
            .Should()
            .Be(1);
        (
            await Clinic.InDatabaseAsync(db =>
                db.Set<AuditEntry>()
                    .CountAsync(r => r.ActorId == "tessa" && !r.Allowed && r.What.StartsWith("/dicomweb"))
            )
        )
            .Should()
            .BeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public async Task Fhir_gives_the_chain_to_the_privacy_officer_by_patient_agent_and_date()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        // Two looks, so that there is a next page whatever was told before.
        await Clinic.Referrer.Opens($"/office/exams/{exam}");
        await Clinic.Referrer.Opens($"/office/exams/{exam}");
        var bundle = await BundleAsync("?patient=Patient/FID-0001&agent=rita&_count=1");
        bundle["entry"]!.AsArray().Should().ContainSingle();
        // Others who share this clinic look and write, too: the look at this exam is among the newest.
        var found = (await BundleAsync("?patient=Patient/FID-0001&agent=rita&outcome=0"))["entry"]!
            .AsArray()
            .Select(e => e!["resource"]!)
            .First(r => (string?)r["action"] is "R" && r["entity"]!.ToJsonString().Contains($"{exam:D}"));
        ((string?)found["resourceType"]).Should().Be("AuditEvent");
        ((string?)found["meta"]!["profile"]![0]).Should().EndWith("IHE.BasicAudit.PatientRead");
        ((string?)found["agent"]![2]!["who"]!["identifier"]!["value"]).Should().Be("rita");
        ((string?)found["entity"]![0]!["what"]!["reference"]).Should().Be("Patient/FID-0001");
        var next = bundle["link"]!.AsArray().Single(l => (string?)l!["relation"] is "next");
        var after = await BundleAsync(new Uri((string)next!["url"]!).Query);
        ((string?)after["entry"]![0]!["resource"]!["id"])
            .Should()
            .NotBe((string?)bundle["entry"]![0]!["resource"]!["id"]);
        (await BundleAsync("?date=lt2001-01-01"))["entry"].Should().BeNull();
        (await BundleAsync("?date=ge2001-01-01&outcome=0"))["entry"].Should().NotBeNull();
        (
            (string?)
                JsonNode.Parse((await Clinic.PrivacyOfficer.Opens($"/fhir/AuditEvent/{(string)found["id"]!}")).Text)![
                    "id"
                ]
        )
            .Should()
            .Be((string?)found["id"]);
        foreach (var nonsense in (string[])["?date=yesterday", "?name=x", "?_count=-1", "?date=zz2020-01-01"])
        {
            var page = await Clinic.PrivacyOfficer.Opens($"/fhir/AuditEvent{nonsense}");
            page.Status.Should().Be(HttpStatusCode.BadRequest, nonsense);
            page.Text.Should().Contain("OperationOutcome");
        }
        (await Clinic.OpenForOthersAsync([Clinic.PrivacyOfficer], Door.Get("/fhir/AuditEvent"))).Should().BeEmpty();
    }

    [Fact]
    public async Task What_fhir_gives_is_valid_r4_for_a_validator_of_another_make()
    {
        var exam = await Clinic.ExamAsync(Chapter.Viewed);
        await Clinic.OtherReferrer.Opens($"/office/exams/{exam}");
        var bundle = await BundleAsync("?patient=Patient/FID-0001&_count=200");
        var nothing = await BundleAsync("?date=lt2001-01-01");
        var outcome = await Clinic.PrivacyOfficer.Opens("/fhir/AuditEvent?date=yesterday");
        var resources = bundle["entry"]!.AsArray().Select(e => e!["resource"]!.ToJsonString()).ToList();
        resources.Should().HaveCountGreaterThan(10);
        resources.Should().Contain(r => r.Contains("\"outcome\":\"4\"", StringComparison.Ordinal), "a refused look");
        var faults = await Validator.RunAsync(
            "validate.cjs",
            string.Join('\n', [.. resources, bundle.ToJsonString(), nothing.ToJsonString(), outcome.Text])
        );
        faults
            .RootElement.EnumerateArray()
            .SelectMany(f => f.EnumerateArray().Select(m => m.GetString()))
            .Distinct()
            .Should()
            .BeEmpty();
        var wrong = await Validator.RunAsync(
            "validate.cjs",
            resources[0].Replace("\"recorded\"", "\"reported\"", StringComparison.Ordinal)
        );
        wrong.RootElement[0].GetArrayLength().Should().BePositive("the validator sees what is wrong");
    }

    [Fact]
    public async Task The_patient_reads_role_reason_and_time_and_no_name_of_anyone()
    {
        var exam = await Clinic.ExamAsync(Chapter.Reviewed);
        var before = await Clinic.Patient.Opens("/my/who-looked");
        before.Words.Should().Contain("A technologist to take your pictures").And.Contain("the same for each patient");
        await Clinic.ContinueAsync(exam, Chapter.Discussed, Chapter.Viewed);
        await Clinic.OtherReferrer.Opens($"/office/exams/{exam}");
        var page = await Clinic.Patient.Opens("/my/who-looked");
        page.Words.Should()
            .Contain("Your doctor, or a doctor who stands in to look after you")
            .And.Contain("A doctor of this clinic to read your pictures")
            .And.Contain("You to see your own exam")
            .And.Contain("was not let in");
        page.Document.QuerySelector("main")!
            .TextContent.Should()
            .NotContainAny("Tessa", "Rado", "Rita", "Otto", "CPSA", "127.0.0.1");
        (await Clinic.OpenForOthersAsync([Clinic.Patient, Clinic.OtherPatient], Door.Get("/my/who-looked")))
            .Should()
            .BeEmpty();
        (await Clinic.OtherPatient.Opens("/my/who-looked")).Words.Should().NotContain("stands in to look after you");
    }

    [Fact]
    public async Task Before_the_release_the_page_of_looks_does_not_tell_whether_the_doctor_has_opened_the_report()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed, Clinic.OtherPatient);
        var before = (await Clinic.OtherPatient.Opens("/my/who-looked")).Words;
        await Clinic.Referrer.Opens($"/office/exams/{exam}");
        (await Clinic.OtherPatient.Opens("/my/who-looked")).Words.Should().Be(before);
    }

    private async Task<JsonNode> BundleAsync(string query)
    {
        var page = await Clinic.PrivacyOfficer.Opens($"/fhir/AuditEvent{query}");
        page.Status.Should().Be(HttpStatusCode.OK, query);
        page.Headers.Should().Contain("application/fhir+json");
        return JsonNode.Parse(page.Text)!;
    }

    private Task<List<AuditEntry>> RowsAsync(Guid exam) =>
        Clinic.InDatabaseAsync(db =>
            db.Set<AuditEntry>().AsNoTracking().Where(r => r.ExamId == exam).OrderBy(r => r.Sequence).ToListAsync()
        );
}

public sealed class AuditOnSqliteTests(ClinicOnSqlite clinic) : AuditTests(clinic);

public sealed class AuditOnPostgresTests(ClinicOnPostgres clinic) : AuditTests(clinic);

/// <summary>What was done to the chain by hand, in a clinic of its own that is spoilt again and again and mended each time.</summary>
public sealed class SealTests
{
    private const string Columns =
        "\"At\", \"ActorId\", \"ActorName\", \"Role\", \"Action\", \"Data\", \"Allowed\", \"ExamId\", \"PatientId\", \"What\", \"Purpose\", \"From\", \"PreviousHash\", \"Hash\"";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_row_that_was_removed_edited_inserted_or_moved_and_an_end_that_was_cut_off_are_found_with_their_number(
        bool onPostgres
    )
    {
        await using var clinic = await ClinicInABox.OpenAsync(onPostgres);
        var exam = await clinic.ExamAsync(Chapter.Arrived);
        for (var look = 0; look < 4; look++)
        {
            await clinic.PrivacyOfficer.Opens($"/privacy/exams/{exam}");
        }
        (await clinic.FaultsAsync()).Should().BeEmpty();
        await SealsAsync(clinic);
        (await clinic.FaultsAsync()).Should().BeEmpty("the seal is content");
        var last = await clinic.InDatabaseAsync(db => db.Set<AuditEntry>().MaxAsync(e => e.Sequence));

        await SpoiltAsync(
            clinic,
            "update audit set \"ActorName\" = 'Nobody' where \"Sequence\" = 3",
            "row 3 was edited"
        );
        await SpoiltAsync(clinic, "delete from audit where \"Sequence\" = 4", "row 4 is missing");
        await SpoiltAsync(
            clinic,
            "update audit set \"Sequence\" = -1 where \"Sequence\" = 5; update audit set \"Sequence\" = 5 where \"Sequence\" = 6; update audit set \"Sequence\" = 6 where \"Sequence\" = -1",
            "row 5 was edited"
        );
        await SpoiltAsync(
            clinic,
            $"update audit set \"Sequence\" = -\"Sequence\" where \"Sequence\" >= 5; update audit set \"Sequence\" = 1 - \"Sequence\" where \"Sequence\" < 0; insert into audit (\"Sequence\", {Columns}) select 5, {Columns} from audit where \"Sequence\" = 2",
            "row 5 does not follow"
        );
        await SpoiltAsync(clinic, $"delete from audit where \"Sequence\" >= {last}", $"rows {last} to {last}");
        await SpoiltAsync(clinic, "update audit_seals set \"AuditSequence\" = 1", "Seal 1 was edited");
        await SpoiltAsync(clinic, "delete from audit_seals", "Seal 1, which this data folder remembers");
        await SpoiltAsync(clinic, "delete from audit_seal_heads", "what it says of the ledgers was edited");
    }

    [Fact]
    public async Task An_end_of_a_ledger_that_was_cut_off_together_with_the_exams_row_is_found_by_the_seal()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Arrived);
        await SealsAsync(clinic);
        var head = (await clinic.ExamAsync(exam)).HeadSequence;
        await clinic.InDatabaseAsync(async db =>
        {
            await db.Database.ExecuteSqlAsync($"delete from ledger where \"Sequence\" = {head}");
            return await db.Database.ExecuteSqlAsync(
                $"update exams set \"Exam\" = 'none', \"ArrivedAt\" = null, \"HeadSequence\" = {head - 1}, \"HeadHash\" = (select \"Hash\" from ledger where \"Sequence\" = {head - 1})"
            );
        });
        (await clinic.FaultsAsync())
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain($"Exam {exam}: entry {head}, sealed at")
            .And.Contain("cut off");
    }

    [Fact]
    public async Task The_timer_of_the_seals_outlives_a_stop_and_seals_once_an_hour()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        await clinic.PrivacyOfficer.Opens("/privacy");
        await clinic.CloseAsync();
        await clinic.ReopenAsync();
        await SealsAsync(clinic);
        await SealsAsync(clinic);
        (await clinic.InDatabaseAsync(db => db.Set<AuditSeal>().CountAsync())).Should().Be(2);
        (
            await clinic.InDatabaseAsync(db =>
                db.Set<OutboxMessage>().CountAsync(m => m.Topic == "audit-seal" && m.DoneAt == null)
            )
        )
            .Should()
            .Be(1);
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_doctor_who_comes_back_to_the_pictures_before_the_release_is_told_once()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Reviewed);
        var before = await clinic.Patient.Opens("/my/who-looked");
        before.Words.Should().Contain("A doctor of this clinic to read your pictures");
        // A day goes by, in steps that are shorter than a session.
        for (var i = 0; i < 4; i++)
        {
            clinic.Clock.Turn(TimeSpan.FromHours(6));
            (await clinic.Radiologist.Opens($"/reading-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
            (await clinic.Patient.Opens("/my/who-looked")).Words.Should().Be(before.Words);
        }
    }

    [Fact]
    public async Task A_verification_beside_the_making_of_seals_finds_nothing()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        await clinic.ExamAsync(Chapter.Arrived);
        var sealing = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await SealsAsync(clinic);
            }
        });
        do
        {
            (await clinic.FaultsAsync()).Should().BeEmpty();
        } while (!sealing.IsCompleted);
        await sealing;
    }

    /// <summary>Turns the clock by the time between seals and waits for the next one.</summary>
    private static async Task SealsAsync(ClinicInABox clinic)
    {
        var before = await clinic.InDatabaseAsync(db => db.Set<AuditSeal>().CountAsync());
        clinic.Clock.Turn(SealAudit.Every + TimeSpan.FromSeconds(1));
        for (var tries = 0; tries < 300; tries++)
        {
            if (await clinic.InDatabaseAsync(db => db.Set<AuditSeal>().CountAsync()) > before)
            {
                await Task.Delay(200); // until the data folder remembers it
                return;
            }
            await Task.Delay(100);
        }
        throw new TimeoutException("No seal was made.");
    }

    /// <summary>Does this to the database in a transaction, asks the verifier, and takes it back.</summary>
    private static Task<bool> SpoiltAsync(ClinicInABox clinic, string sql, string sentence) =>
        clinic.WithAsync(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlRawAsync(sql);
            var faults = await services.GetRequiredService<AuditVerifier>().FaultsAsync(CancellationToken.None);
            await transaction.RollbackAsync();
            faults
                .Should()
                .Contain(f => f.Contains(sentence), $"of {sql}; found: {string.Join(" | ", faults.Take(5))}");
            return true;
        });
}
