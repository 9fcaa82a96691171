using System.Text.Json.Serialization;
using Fiducial.Pathway.Access;

namespace Fiducial.Results.Duty;

/// <summary>A try of the care team to reach a patient about a result, in the name of the doctor who delegated it.</summary>
[JsonConverter(typeof(ResultBearingConverter))]
public sealed class ContactAttempt : IResultBearing
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }
    public required string DelegateId { get; init; }
    public required string DelegateName { get; init; }

    /// <summary>The doctor in whose name.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>Telephone, letter, in person.</summary>
    public required string How { get; init; }

    /// <summary>What came of it.</summary>
    public required string Outcome { get; init; }
    public required DateTimeOffset At { get; init; }
}
