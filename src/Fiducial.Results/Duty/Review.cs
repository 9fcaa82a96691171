using System.Text.Json.Serialization;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Duty;

/// <summary>The doctor's own assessment and plan (U9): the report alone never closes a case.</summary>
[JsonConverter(typeof(ResultBearingConverter))]
public sealed class Review : IResultBearing
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }
    public required string DoctorId { get; init; }
    public required string Assessment { get; init; }

    /// <summary>What will be done; "no action" is a plan.</summary>
    public required string Plan { get; init; }

    /// <summary>One answer a line, in the order of the report's recommendations.</summary>
    public required string RecommendationAnswers { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Hash { get; init; }

    public static string HashOf(string assessment, string plan, string answers) =>
        FieldHash.Of(assessment, plan, answers);
}

/// <summary>The talk with the patient (U10), or the documented attempts and the letter.</summary>
[JsonConverter(typeof(ResultBearingConverter))]
public sealed class Discussion : IResultBearing
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }
    public required string DoctorId { get; init; }

    /// <summary>in person, telephone, video, or letter after three attempts.</summary>
    public required string How { get; init; }
    public required string WhoWasPresent { get; init; }
    public required string Interpreter { get; init; }
    public required string Notes { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Hash { get; init; }

    public static string HashOf(string how, string present, string interpreter, string notes) =>
        FieldHash.Of(how, present, interpreter, notes);
}
