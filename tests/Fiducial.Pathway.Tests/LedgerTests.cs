using System.Text.Json.Nodes;
using Fiducial.Pathway.Law;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway.Tests;

/// <summary>The engine on a real database: what may be taken is taken, what may not is refused, both are written down.</summary>
public abstract class LedgerTests(SharedClinic shared) : RoomTests(shared)
{
    private static readonly Actor Doctor = new()
    {
        Id = "rita",
        Name = "Dr Rita Referrer",
        Role = Role.REF,
    };

    [Fact]
    public async Task A_refused_step_is_recorded_with_its_reason_and_changes_nothing()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var before = await Clinic.ExamAsync(exam);
        (await TakeAsync(exam, "E5", Of(Role.TECH))).Refusal.Should().Contain("starts from in_progress");
        (await TakeAsync(exam, "R6", Of(Role.RAD))).Refusal.Should().Contain("not verified");
        (await TakeAsync(exam, "R6", Of(Role.TECH))).Refusal.Should().Contain("TECH may not");
        var ledger = await Clinic.LedgerAsync(exam);
        ledger.Select(e => e.Taken).Should().Equal(true, true, false, false, false);
        ledger.Skip(2).Should().OnlyContain(e => e.Reason.Length > 0 && e.From == e.To);
        var after = await Clinic.ExamAsync(exam);
        (after.Order, after.Exam, after.Report).Should().Be((before.Order, before.Exam, before.Report));
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_step_that_the_pathway_does_not_know_is_no_step()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        (await TakeAsync(exam, "Z9", Doctor)).Should().BeEquivalentTo(new { Taken = false, Entry = (object?)null });
        (await TakeAsync(Guid.NewGuid(), "O7", Of(Role.CLK))).Refusal.Should().Contain("no such exam");
    }

    [Fact]
    public async Task Of_many_who_cancel_at_once_one_succeeds_and_the_ledger_does_not_fork()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ => TakeAsync(exam, "O8", Doctor, new JsonObject { ["reason"] = "duplicate" }))
        );
        outcomes.Count(o => o.Taken).Should().Be(1);
        (await Clinic.LedgerAsync(exam)).Select(e => e.Sequence).Should().Equal(Enumerable.Range(1, 22));
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Content_that_fails_leaves_neither_step_nor_content()
    {
        var exam = await Clinic.ExamAsync(Chapter.Referred);
        var steps = (await Clinic.LedgerAsync(exam)).Count;
        var request = new StepRequest(exam, "O8", Doctor, new JsonObject { ["reason"] = "duplicate" })
        {
            Within = (_, _) => throw new InvalidOperationException("The content could not be written."),
        };
        var take = () => Clinic.WithAsync(s => s.GetRequiredService<PathwayEngine>().TakeAsync(request));
        await take.Should().ThrowAsync<InvalidOperationException>();
        (await Clinic.LedgerAsync(exam)).Should().HaveCount(steps);
        (await Clinic.ExamAsync(exam)).Order.Should().Be("protocolled");
    }

    private Task<StepOutcome> TakeAsync(Guid exam, string step, Actor actor, JsonObject? evidence = null) =>
        Clinic.WithAsync(s =>
            s.GetRequiredService<PathwayEngine>().TakeAsync(new StepRequest(exam, step, actor, evidence ?? []))
        );

    private static Actor Of(Role role) =>
        new()
        {
            Id = $"{role}",
            Name = $"{role}",
            Role = role,
        };
}

public sealed class LedgerOnSqliteTests(ClinicOnSqlite clinic) : LedgerTests(clinic);

public sealed class LedgerOnPostgresTests(ClinicOnPostgres clinic) : LedgerTests(clinic);
