using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Results.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Results.Tests;

/// <summary>What a person brings with a step.</summary>
internal sealed record Attempt(string Step, Actor Actor, JsonObject Evidence, JsonObject? Words = null);

/// <summary>One exam in the test clinic, and the steps that its people take.</summary>
internal sealed class Case(House house, Guid? id = null)
{
    public Guid Id { get; } = id ?? Guid.CreateVersion7();
    public House House => house;

    public Task<ExamRecord> NowAsync() => house.ExamAsync(Id);

    /// <summary>Takes each step as it is legally taken; <c>drain</c> works what follows, <c>+15m</c>, <c>+4h</c>, <c>+3bd</c> turn the clock.</summary>
    public async Task WalkAsync(string path)
    {
        foreach (var step in path.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step is "drain")
            {
                await house.DrainAsync();
            }
            else if (step.StartsWith('+'))
            {
                Turn(step);
            }
            else
            {
                (await TakeAsync(step)).Refusal.Should().BeNull($"{step} of '{path}' is legal");
            }
        }
    }

    private void Turn(string step)
    {
        var amount = int.Parse(step[1..].TrimEnd('m', 'h', 'd', 'b'), CultureInfo.InvariantCulture);
        var now = house.Clock.GetUtcNow();
        house.Clock.Advance(
            step.EndsWith("bd", StringComparison.Ordinal) ? house.Calendar.CloseAfter(now, amount).AddMinutes(1) - now
            : step.EndsWith('m') ? TimeSpan.FromMinutes(amount)
            : step.EndsWith('h') ? TimeSpan.FromHours(amount)
            : TimeSpan.FromDays(amount)
        );
    }

    /// <summary>Takes the step as it is legally taken, or with a change to what is brought.</summary>
    public async Task<StepOutcome> TakeAsync(string step, Func<Attempt, Attempt>? change = null)
    {
        var exam = await house.QueryAsync(db => db.FindAsync<ExamRecord>(Id).AsTask()) ?? new ExamRecord { Id = Id };
        var attempt = Legal(step, exam);
        return await PerformAsync(change is null ? attempt : change(attempt), exam);
    }

    public Task<StepOutcome> TakeAsync(string step, Actor actor) => TakeAsync(step, a => a with { Actor = actor });

    // Where content goes with the step it is taken by the use case that writes it.
    private Task<StepOutcome> PerformAsync(Attempt a, ExamRecord exam) =>
        a.Step switch
        {
            "R4" => WriteAsync(a, exam),
            "R5" => UseAsync<IssuePreliminary>(u => u.RunAsync(Id, a.Actor, Text(a, "urgency"), Text(a, "display"))),
            "R6" or "R9" => UseAsync<SignReport>(u => u.RunAsync(Id, a.Actor, a.Evidence)),
            "R7" => UseAsync<CorrectReport>(u => u.ReturnAsync(Id, a.Actor, Text(a, "reason"))),
            "R8" => UseAsync<CorrectReport>(u => u.StartAsync(Id, a.Actor, Text(a, "reason"))),
            "R10" => UseAsync<CorrectReport>(u =>
                u.WithdrawAsync(Id, a.Actor, Text(a, "reason"), (string?)a.Words?["notice"] ?? "")
            ),
            "R12" => UseAsync<CorrectReport>(u => u.DiscardAsync(Id, a.Actor, Text(a, "reason"))),
            "I3" => house.WithAsync(s =>
                s.GetRequiredService<PathwayEngine>()
                    .TakeAsync(new StepRequest(Id, "I3", a.Actor, a.Evidence) { Within = KeepImage })
            ),
            "E4" => house.WithAsync(s =>
                s.GetRequiredService<PathwayEngine>()
                    .TakeAsync(new StepRequest(Id, "E4", a.Actor, a.Evidence) { Within = MarkRejected(a) })
            ),
            "U9" or "U10" or "L2" => house.WithAsync(s =>
                s.GetRequiredService<PathwayEngine>()
                    .TakeAsync(new StepRequest(Id, a.Step, a.Actor, a.Evidence) { Within = Content.Of(a) })
            ),
            _ => house.TakeAsync(Id, a.Step, a.Actor, a.Evidence, a.Words),
        };

    private async Task<StepOutcome> WriteAsync(Attempt a, ExamRecord exam)
    {
        var saved = await house.WithAsync(s =>
            s.GetRequiredService<SaveDraft>().RunAsync(Id, a.Actor, Sections(Text(a, "findings"), Text(a, "letter")), 0)
        );
        return new StepOutcome(saved.Refusal, null);
    }

    /// <summary>Writes on in a draft that exists.</summary>
    public async Task RewriteAsync(Actor actor, string findings)
    {
        var draft = await house.WithAsync(s => s.GetRequiredService<ReportDesk>().DraftAsync(Id));
        var saved = await house.WithAsync(s =>
            s.GetRequiredService<SaveDraft>().RunAsync(Id, actor, Sections(findings), draft!.Revision)
        );
        saved.Refusal.Should().BeNull();
    }

    private Task<StepOutcome> UseAsync<T>(Func<T, Task<StepOutcome>> use)
        where T : notnull => house.WithAsync(s => use(s.GetRequiredService<T>()));

    public static ReportSections Sections(string findings, string letter = "") =>
        new()
        {
            Findings = findings,
            Impression = $"Impression: {findings}",
            LetterToPatient = letter,
        };

    private static string Text(Attempt a, string key) => (string?)a.Evidence[key] ?? "";

    private static Task KeepImage(StepTaken taken, CancellationToken ct)
    {
        taken.Db.Add(ImageRecord.Of(taken.Entry));
        return Task.CompletedTask;
    }

    private static Func<StepTaken, CancellationToken, Task> MarkRejected(Attempt a)
    {
        var (uid, reason) = (Text(a, "sopInstanceUid"), Text(a, "reason"));
        return (taken, ct) =>
            taken
                .Db.Set<ImageRecord>()
                .Where(i => i.SopInstanceUid == uid)
                .ExecuteUpdateAsync(s => s.SetProperty(i => i.RejectReason, reason), ct);
    }

    private Attempt Legal(string step, ExamRecord exam) => LegalSteps.Of(step, exam, house.Clock.GetUtcNow());
}
