using System.Collections.Frozen;
using System.Globalization;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway.Automatic;

/// <summary>A step and the type of what follows it.</summary>
public sealed record FollowedStep(string Step, Type Follower);

/// <summary>The steps after which something follows by itself.</summary>
public sealed class FollowedSteps(IEnumerable<FollowedStep> steps)
{
    internal const string Topic = "step";

    private readonly FrozenDictionary<string, Type[]> _followers = steps
        .GroupBy(s => s.Step, s => s.Follower, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    public bool Contains(string step) => _followers.ContainsKey(step);

    internal IReadOnlyList<Type> Of(string step) => _followers.GetValueOrDefault(step, []);

    internal static OutboxMessage Message(LedgerEntry entry) =>
        new()
        {
            Topic = Topic,
            Body = string.Create(CultureInfo.InvariantCulture, $"{entry.ExamId:D} {entry.Sequence}"),
            DueAt = entry.At,
        };
}

/// <summary>Hands a step that was taken to what follows it. The message names exam and entry, and does not leave the house.</summary>
[Access(DataClass.C0, Verb.Read, Role.SYS)]
internal sealed class StepMessages(ClinicDb db, FollowedSteps followed, IServiceProvider services) : IOutboxHandler
{
    public string Topic => FollowedSteps.Topic;

    public async Task HandleAsync(string body, CancellationToken ct)
    {
        var (id, sequence) = body.Split(' ') switch
        {
            [var first, var second] => (Guid.Parse(first), int.Parse(second, CultureInfo.InvariantCulture)),
            _ => throw new FormatException("The outbox message of a step is an exam id and a sequence."),
        };
        var entry = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .FirstAsync(e => e.ExamId == id && e.Sequence == sequence, ct);
        foreach (var type in followed.Of(entry.Step))
        {
            var exam = await db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == id, ct);
            var follower = (IStepFollower)services.GetRequiredService(type);
            await follower.FollowAsync(exam, entry, ct);
        }
    }
}
