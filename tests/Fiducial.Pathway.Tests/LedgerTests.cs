using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway.Tests;

public abstract class LedgerTests(bool onPostgres)
{
    [Fact]
    public async Task A_refused_step_is_recorded_with_its_reason_and_changes_nothing()
    {
        await using var clinic = await Clinic.OpenAsync(onPostgres);
        var exam = await clinic.ReferAsync();
        (await clinic.TakeAsync(exam, "E5", Clinic.Technologist)).Refusal.Should().Contain("starts from in_progress");
        (await clinic.TakeAsync(exam, "R6", Clinic.Radiologist)).Refusal.Should().Contain("not verified");
        (await clinic.TakeAsync(exam, "R6", Clinic.Technologist)).Refusal.Should().Contain("TECH may not");
        var ledger = await LedgerAsync(clinic, exam);
        ledger.Select(e => e.Taken).Should().Equal(true, false, false, false);
        ledger.Skip(1).Should().OnlyContain(e => e.Reason.Length > 0 && e.From == e.To);
        (await FaultsAsync(clinic)).Should().BeEmpty();
    }

    [Fact]
    public async Task An_order_without_a_side_of_a_paired_part_is_refused()
    {
        await using var clinic = await Clinic.OpenAsync(onPostgres);
        var order = Clinic.Order();
        order["laterality"] = "";
        (await clinic.TakeAsync(Guid.CreateVersion7(), "O1", Clinic.Referrer, order)).Refusal.Should().Contain("side");
    }

    [Fact]
    public async Task A_missing_view_stops_completion_and_a_coded_reason_lets_it_pass()
    {
        await using var clinic = await Clinic.OpenAsync(onPostgres);
        var exam = await InProgressAsync(clinic);
        await ImageAsync(clinic, exam, "PA", "L");
        var evidence = new JsonObject { ["qualityAccepted"] = true, ["manifestCount"] = 1 };
        (await clinic.TakeAsync(exam, "E5", Clinic.Technologist, evidence)).Refusal.Should().Contain("LATERAL");
        evidence["exceptions"] = new JsonObject { ["LATERAL"] = "patient could not be positioned" };
        (await clinic.TakeAsync(exam, "E5", Clinic.Technologist, evidence)).Refusal.Should().BeNull();
    }

    [Fact]
    public async Task A_marker_of_the_other_side_stops_completion()
    {
        await using var clinic = await Clinic.OpenAsync(onPostgres);
        var exam = await InProgressAsync(clinic);
        await ImageAsync(clinic, exam, "PA", "R");
        await ImageAsync(clinic, exam, "LATERAL", "R");
        var evidence = new JsonObject { ["qualityAccepted"] = true, ["manifestCount"] = 2 };
        (await clinic.TakeAsync(exam, "E5", Clinic.Technologist, evidence)).Refusal.Should().Contain("side");
    }

    [Fact]
    public async Task Nobody_departs_before_the_images_are_verified()
    {
        await using var clinic = await Clinic.OpenAsync(onPostgres);
        var exam = await InProgressAsync(clinic);
        await ImageAsync(clinic, exam, "PA", "L");
        await ImageAsync(clinic, exam, "LATERAL", "L");
        (
            await clinic.TakeAsync(
                exam,
                "E5",
                Clinic.Technologist,
                new JsonObject { ["qualityAccepted"] = true, ["manifestCount"] = 2 }
            )
        )
            .Refusal.Should()
            .BeNull();
        (await clinic.TakeAsync(exam, "E10", Clinic.Technologist, new JsonObject { ["departureCard"] = "1" }))
            .Refusal.Should()
            .Contain("not verified");
    }

    [Fact]
    public async Task A_guard_that_is_not_built_refuses_and_says_so()
    {
        await using var clinic = await Clinic.OpenAsync(onPostgres);
        var exam = await clinic.ReferAsync();
        // The results' room, which guards this step, is not part of this clinic.
        (await clinic.TakeAsync(exam, "L7", Clinic.Patient))
            .Refusal.Should()
            .Contain("not built yet");
    }

    [Theory]
    [InlineData("update ledger set \"ActorName\" = 'Someone else' where \"Sequence\" = 1")]
    [InlineData("update ledger set \"Evidence\" = '{{}}' where \"Sequence\" = 1")]
    [InlineData("update ledger set \"Reason\" = '' where \"Sequence\" = 2")]
    [InlineData("delete from ledger where \"Sequence\" = 2")]
    [InlineData("delete from ledger where \"Sequence\" = 1")]
    [InlineData("update exams set \"PatientName\" = 'Other^Name'")]
    [InlineData("update exams set \"Report\" = 'signed'")]
    [InlineData("delete from exams")]
    public async Task A_row_that_was_edited_by_hand_is_found(string edit)
    {
        await using var clinic = await Clinic.OpenAsync(onPostgres);
        var exam = await clinic.ReferAsync();
        await clinic.TakeAsync(exam, "E5", Clinic.Technologist);
        (await FaultsAsync(clinic)).Should().BeEmpty();
        await clinic.SqlAsync(edit);
        (await FaultsAsync(clinic)).Should().NotBeEmpty();
    }

    [Fact]
    public async Task Of_many_who_claim_at_once_one_succeeds_and_the_ledger_does_not_fork()
    {
        await using var clinic = await Clinic.OpenAsync(onPostgres);
        var exam = await clinic.ReferAsync();
        var cancel = new JsonObject { ["reason"] = "duplicate" };
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ => clinic.TakeAsync(exam, "O8", Clinic.Referrer, cancel.DeepClone().AsObject()))
        );
        outcomes.Count(o => o.Taken).Should().Be(1);
        (await LedgerAsync(clinic, exam)).Select(e => e.Sequence).Should().Equal(Enumerable.Range(1, 21));
        (await FaultsAsync(clinic)).Should().BeEmpty();
    }

    private static async Task<Guid> InProgressAsync(Clinic clinic)
    {
        var exam = await clinic.ReferAsync();
        var safety = new JsonObject
        {
            ["implant"] = "no",
            ["pregnancy"] = "no",
            ["renal"] = "no",
            ["allergy"] = "no",
        };
        (await clinic.TakeAsync(exam, "O6", Actor.System, safety)).Refusal.Should().BeNull();
        (
            await clinic.TakeAsync(
                exam,
                "O7",
                Clinic.Clerk,
                new JsonObject
                {
                    ["slot"] = "2026-11-24T10:00:00Z",
                    ["room"] = "DX 1",
                    ["leaflet"] = "x",
                    ["accessNeeds"] = "none",
                }
            )
        ).Refusal.Should().BeNull();
        (
            await clinic.TakeAsync(
                exam,
                "E1",
                Clinic.Clerk,
                new JsonObject { ["identifiers"] = new JsonArray("name", "birth date"), ["photoOrCard"] = "photo" }
            )
        )
            .Refusal.Should()
            .BeNull();
        (
            await clinic.TakeAsync(
                exam,
                "E3",
                Clinic.Technologist,
                new JsonObject
                {
                    ["patientConfirmed"] = true,
                    ["examConfirmed"] = true,
                    ["sideConfirmed"] = true,
                }
            )
        ).Refusal.Should().BeNull();
        return exam;
    }

    private static async Task ImageAsync(Clinic clinic, Guid exam, string view, string side)
    {
        await clinic.WithAsync(async s =>
        {
            var db = s.GetRequiredService<ClinicDb>();
            var record = await db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == exam);
            var modality = Actor.Modality("DX1");
            var pathway = s.GetRequiredService<PathwayEngine>();
            if (record.Images is "none")
            {
                await pathway.TakeAsync(
                    new StepRequest(
                        exam,
                        "I1",
                        modality,
                        new JsonObject
                        {
                            ["accessionNumber"] = record.AccessionNumber,
                            ["studyInstanceUid"] = "1.2",
                            ["association"] = "DX1",
                        }
                    )
                );
            }
            var hash = new string('a', 64);
            var outcome = await pathway.TakeAsync(
                new StepRequest(
                    exam,
                    "I3",
                    modality,
                    new JsonObject { ["sopInstanceUid"] = $"1.2.{view.Length}", ["sha256"] = hash }
                )
                {
                    Within = (taken, _) =>
                    {
                        taken.Db.Add(
                            new ImageRecord
                            {
                                ExamId = exam,
                                SopInstanceUid = $"1.2.{view.Length}",
                                SeriesInstanceUid = "1.2",
                                Sha256 = hash,
                                Modality = "DX",
                                View = view,
                                Laterality = side,
                                SeriesDescription = "",
                                InstanceNumber = 1,
                                NumberOfFrames = 1,
                                ReceivedAt = taken.Entry.At,
                            }
                        );
                        return Task.CompletedTask;
                    },
                }
            );
            outcome.Refusal.Should().BeNull();
            return 0;
        });
    }

    private static Task<List<LedgerEntry>> LedgerAsync(Clinic clinic, Guid exam) =>
        clinic.WithAsync(s =>
            s.GetRequiredService<ClinicDb>()
                .Set<LedgerEntry>()
                .AsNoTracking()
                .Where(e => e.ExamId == exam)
                .OrderBy(e => e.Sequence)
                .ToListAsync()
        );

    private static Task<IReadOnlyList<string>> FaultsAsync(Clinic clinic) =>
        clinic.WithAsync(s => s.GetRequiredService<LedgerVerifier>().FaultsAsync(CancellationToken.None));
}

public sealed class LedgerOnSqliteTests() : LedgerTests(onPostgres: false);

public sealed class LedgerOnPostgresTests() : LedgerTests(onPostgres: true);
