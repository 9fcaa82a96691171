using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.DoctorsOffice.Tests;

/// <summary>A report that did not arrive, or came to the wrong doctor, is sent to the right one by the coordinator, who never sees it.</summary>
public abstract class WrongPlaceTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task A_report_that_came_by_mistake_is_a_breach_and_goes_on_when_the_privacy_officer_knows()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var (office, desk, privacy) = (
            $"/office/exams/{exam}",
            $"/coordination/exams/{exam}",
            $"/privacy/exams/{exam}"
        );
        await Clinic.Referrer.FillsIn(office, $"{office}/misdirected", ("containment", "shredded, note 4"));
        (await Clinic.PrivacyOfficer.Opens(privacy)).Words.Should().Contain("wrong place").And.Contain("note 4");
        (
            await Clinic.Coordinator.FillsIn(
                desk,
                $"{desk}/readdress",
                ("recipientId", "otto"),
                ("privacyInformed", "on")
            )
        )
            .Refusal.Should()
            .Contain("holds the duty");
        (await Clinic.Coordinator.FillsIn(desk, $"{desk}/readdress", ("recipientId", "rita")))
            .Refusal.Should()
            .Contain("where it went wrong");
        (await Clinic.Coordinator.Opens(desk)).Words.Should().NotContain("Hairline");
        (await Clinic.ExamAsync(exam)).Delivery.Should().Be("misdirected");
        // The doctor gives the patient back, and the director is the right address now.
        await Clinic.Referrer.FillsIn(office, $"{office}/not-mine", ("reason", "never seen"));
        var sent = await Clinic.Coordinator.FillsIn(
            desk,
            $"{desk}/readdress",
            ("recipientId", "mona"),
            ("privacyInformed", "on")
        );
        sent.Refusal.Should().BeNull();
        await Clinic.WaitAsync(exam, e => e.Delivery is "received");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_report_that_did_not_arrive_is_sent_to_another_address()
    {
        var exam = await Clinic.ExamAsync(Chapter.Signed);
        var desk = $"/coordination/exams/{exam}";
        await Clinic.Coordinator.FillsIn(
            desk,
            $"{desk}/misdirected",
            ("said", "the practice"),
            ("containment", "shredded")
        );
        await TakeAsync(
            exam,
            "D7",
            new JsonObject
            {
                ["recipientId"] = "rita",
                ["endpoint"] = "fax:+14035550100",
                ["endpointVerifiedAt"] = Clinic.Clock.GetUtcNow().ToString("O"),
                ["recipientLicenceActive"] = true,
                ["privacyInformed"] = true,
            },
            new Actor
            {
                Id = "cora",
                Name = "Cora Coordinator",
                Role = Pathway.Law.Role.CRD,
            }
        );
        await TakeAsync(exam, "D4", new JsonObject { ["negativeAnswer"] = "no carrier" }, Actor.System);
        var page = await Clinic.Coordinator.FillsIn(
            desk,
            $"{desk}/reroute",
            ("recipientId", "otto"),
            ("reason", "the line is dead")
        );
        page.Refusal.Should().Contain("after a transfer");
        await Clinic.Coordinator.FillsIn(
            desk,
            $"{desk}/reroute",
            ("recipientId", "rita"),
            ("reason", "the line is dead")
        );
        await Clinic.WaitAsync(exam, e => e.Delivery is "received");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    private async Task TakeAsync(Guid exam, string step, JsonObject evidence, Actor actor)
    {
        var outcome = await Clinic.WithAsync(s =>
            s.GetRequiredService<PathwayEngine>().TakeAsync(new StepRequest(exam, step, actor, evidence))
        );
        outcome.Refusal.Should().BeNull();
    }
}

public sealed class WrongPlaceOnSqliteTests(ClinicOnSqlite clinic) : WrongPlaceTests(clinic);

public sealed class WrongPlaceOnPostgresTests(ClinicOnPostgres clinic) : WrongPlaceTests(clinic);
