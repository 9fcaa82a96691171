using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Rooms;

namespace Fiducial.Results.Words;

/// <summary>What someone wrote with a step: a reason, a message that was read back, a letter. The ledger holds its hash alone.</summary>
[JsonConverter(typeof(ResultBearingConverter))]
public sealed class StepWords : IResultBearing
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }

    /// <summary>The ledger entry with which it was written.</summary>
    public required int Sequence { get; init; }
    public required string Step { get; init; }
    public required string AuthorId { get; init; }

    /// <summary>JSON object: texts by field.</summary>
    public required string Words { get; init; }

    /// <summary><see cref="StepRequest.HashOf"/> of the words.</summary>
    public required string Hash { get; init; }
}

/// <summary>Takes a step with which someone writes: the words are kept here, in the step's transaction.</summary>
public sealed class SayStep(PathwayEngine pathway) : IWordKeeper
{
    Func<StepTaken, CancellationToken, Task> IWordKeeper.Keep(JsonObject words) => Keep(words);

    public Task<StepOutcome> RunAsync(
        Guid exam,
        string step,
        Actor actor,
        JsonObject evidence,
        JsonObject words,
        CancellationToken ct = default
    ) => pathway.TakeAsync(new StepRequest(exam, step, actor, evidence) { Words = words, Within = Keep(words) }, ct);

    /// <summary>Keeps the words with the step.</summary>
    internal static Func<StepTaken, CancellationToken, Task> Keep(JsonObject words) =>
        (taken, _) =>
        {
            taken.Db.Add(
                new StepWords
                {
                    ExamId = taken.Exam.Id,
                    Sequence = taken.Entry.Sequence,
                    Step = taken.Entry.Step,
                    AuthorId = taken.Entry.ActorId,
                    Words = words.ToJsonString(),
                    Hash = StepRequest.HashOf(words),
                }
            );
            return Task.CompletedTask;
        };
}
