using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Dicom;
using Fiducial.Foundation.Outbox;
using Fiducial.Pathway;
using Fiducial.Pathway.Law;
using Fiducial.Results.Reports;
using Fiducial.Results.Words;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Proofs.TwinWorlds;

/// <summary>What doctors do with a result in a world: steps of the pathway, each of which must be taken.</summary>
internal static class Deeds
{
    public static readonly Actor Rado = Of("rado", "Dr Rado Radiologist", Role.RAD);
    public static readonly Actor Rita = Of("rita", "Dr Rita Referrer", Role.REF);
    public static readonly Actor Mona = Of("mona", "Dr Mona Director", Role.MDR);
    public static readonly Actor Tessa = Of("tessa", "Tessa Technologist", Role.TECH);

    public static JsonObject Report(string findings, string impression) =>
        new()
        {
            ["clinicalInformation"] = "Fall on the hand.",
            ["technique"] = "Two views.",
            ["comparison"] = "None.",
            ["findings"] = findings,
            ["impression"] = impression,
            ["recommendations"] = "",
        };

    public static JsonObject Normal => Report("No fracture is seen.", "Normal wrist.");

    public static async Task SignsAsync(this ClinicInABox world, Guid exam, JsonObject? report = null)
    {
        await world.Radiologist.Claims(exam);
        await world.SignsClaimedAsync(exam, report);
    }

    public static async Task SignsClaimedAsync(this ClinicInABox world, Guid exam, JsonObject? report = null)
    {
        await world.Radiologist.Writes(exam, report ?? Normal);
        await world.Radiologist.LooksAtEverything(exam);
        await world.Radiologist.Signs(exam);
        await world.WaitAsync(exam, e => e.Delivery is "received");
    }

    public static async Task ReleasesAsync(this ClinicInABox world, Guid exam, string note)
    {
        await world.ContinueAsync(exam, Chapter.Read, Chapter.Discussed);
        var page = $"/office/exams/{exam}";
        (await world.Referrer.FillsIn(page, $"{page}/release", ("note", note))).Refusal.Should().BeNull();
        (await world.ExamAsync(exam)).Release.Should().Be("released");
    }

    /// <summary>A step with its evidence, and with words where someone writes.</summary>
    public static async Task TakesAsync(
        this ClinicInABox world,
        Guid exam,
        string step,
        Actor actor,
        JsonObject evidence,
        JsonObject? words = null
    )
    {
        var outcome = await world.WithAsync(s =>
            words is null
                ? s.GetRequiredService<PathwayEngine>().TakeAsync(new StepRequest(exam, step, actor, evidence))
                : s.GetRequiredService<SayStep>().RunAsync(exam, step, actor, evidence, words)
        );
        outcome.Refusal.Should().BeNull(step);
    }

    /// <summary>A critical finding: raised, called, and read back where <paramref name="isReadBack"/>.</summary>
    public static async Task AlertsAsync(this ClinicInABox world, Guid exam, string category, bool isReadBack)
    {
        var now = world.Clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        await world.TakesAsync(
            exam,
            "A1",
            Rado,
            new JsonObject
            {
                ["category"] = category,
                ["code"] = "critical",
                ["recognisedAt"] = now,
            }
        );
        if (!isReadBack)
        {
            return;
        }
        var contact = (await world.ExamAsync(exam)).CriticalContact;
        await world.TakesAsync(exam, "A2", Rado, new JsonObject { ["target"] = contact, ["outcome"] = "no answer" });
        await world.TakesAsync(
            exam,
            "A3",
            Rado,
            new JsonObject
            {
                ["person"] = "Dr Rita",
                ["personRole"] = "REF",
                ["contact"] = contact,
                ["saidAt"] = now,
            },
            new JsonObject { ["message"] = "See the patient today.", ["readBack"] = "see the patient today." }
        );
    }

    /// <summary>An addendum to what was signed.</summary>
    public static async Task AddsAsync(this ClinicInABox world, Guid exam, string findings, string materiality)
    {
        var reason = materiality is "material" ? "missed finding" : "added info";
        (await world.WithAsync(s => s.GetRequiredService<CorrectReport>().StartAsync(exam, Rado, reason)))
            .Refusal.Should()
            .BeNull();
        var saved = await world.WithAsync(async s =>
        {
            var draft = await s.GetRequiredService<ReportDesk>().DraftAsync(exam);
            return await s.GetRequiredService<SaveDraft>()
                .RunAsync(exam, Rado, draft!.Sections with { Findings = findings }, draft.Revision);
        });
        saved.Refusal.Should().BeNull();
        await world.Radiologist.LooksAtEverything(exam);
        var before = (await world.ExamAsync(exam)).ReportVersion;
        (
            await world.WithAsync(s =>
                s.GetRequiredService<SignReport>()
                    .RunAsync(
                        exam,
                        Rado,
                        new JsonObject
                        {
                            ["secondFactor"] = true,
                            ["alertCategory"] = materiality is "material" ? "2" : "none",
                            ["displaySetId"] = "station-1",
                            ["materiality"] = materiality,
                        }
                    )
            )
        ).Refusal.Should().BeNull();
        await world.WaitAsync(exam, e => e.DeliveredVersion == before + 1);
    }

    public static async Task WithdrawsAsync(this ClinicInABox world, Guid exam) =>
        (
            await world.WithAsync(s =>
                s.GetRequiredService<CorrectReport>()
                    .WithdrawAsync(exam, Rado, "serious error", "The report was wrong.")
            )
        )
            .Refusal.Should()
            .BeNull();

    public static async Task IssuesPreliminaryAsync(this ClinicInABox world, Guid exam) =>
        (
            await world.WithAsync(s =>
                s.GetRequiredService<IssuePreliminary>().RunAsync(exam, Rado, "emergency department", "home")
            )
        )
            .Refusal.Should()
            .BeNull();

    /// <summary>A structured report in the study, as the modality or a program that looks for findings sends it (PS3.3 A.35.1).</summary>
    public static async Task SendsReportObjectAsync(this ClinicInABox world, Guid exam, string title)
    {
        var order = await world.ExamAsync(exam);
        var report = Modality
            .Image(order, "PA", order.Laterality, 1)
            .Set(DicomTags.SOPClassUID, DicomUids.BasicTextSRStorage)
            .Set(DicomTags.SOPInstanceUID, $"{order.StudyInstanceUid}.9.1")
            .Set(DicomTags.SeriesInstanceUID, $"{order.StudyInstanceUid}.9")
            .Set(DicomTags.Modality, "SR")
            .Set(DicomTags.SeriesDescription, title)
            .Set(DicomTags.CompletionFlag, "COMPLETE")
            .Set(DicomTags.VerificationFlag, "UNVERIFIED")
            .Set(DicomTags.ValueType, "CONTAINER");
        foreach (
            var tag in (DicomTag[])[DicomTags.PixelData, DicomTags.ViewPosition, DicomTags.Rows, DicomTags.Columns]
        )
        {
            report.Remove(tag);
        }
        await world.Modality.SendsAsync([report]);
    }

    /// <summary>Waits until all that follows by itself has followed.</summary>
    public static async Task RestsAsync(this ClinicInABox world)
    {
        for (var calm = 0; calm < 2; )
        {
            var now = world.Clock.GetUtcNow();
            var due = await world.InDatabaseAsync(db =>
                db.Set<OutboxMessage>().CountAsync(m => m.DoneAt == null && m.DueAt <= now)
            );
            calm = due == 0 ? calm + 1 : 0;
            await Task.Delay(10);
        }
    }

    private static Actor Of(string id, string name, Role role) =>
        new()
        {
            Id = id,
            Name = name,
            Role = role,
        };
}
