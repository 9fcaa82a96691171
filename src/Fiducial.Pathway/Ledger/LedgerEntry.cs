using System.Text.Json.Serialization;
using Fiducial.Pathway.Access;

namespace Fiducial.Pathway.Ledger;

/// <summary>One line of an exam's ledger: a step that was taken, or one that was refused and why. Never edited.</summary>
[JsonConverter(typeof(ResultBearingConverter))]
public sealed record LedgerEntry : IResultBearing
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }

    /// <summary>1, 2, 3 … within the exam.</summary>
    public required int Sequence { get; init; }

    /// <summary>Id of the transition: O1 … B7.</summary>
    public required string Step { get; init; }
    public required string Region { get; init; }
    public required string Event { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }

    /// <summary>False when the step was refused; then <see cref="Reason"/> says why and <see cref="To"/> equals <see cref="From"/>.</summary>
    public required bool Taken { get; init; }
    public required string Reason { get; init; }
    public required string ActorId { get; init; }
    public required string ActorName { get; init; }
    public required string Role { get; init; }
    public required string Credential { get; init; }
    public required string Device { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The site's calendar date of <see cref="At"/>.</summary>
    public required DateOnly BusinessDay { get; init; }

    /// <summary>JSON object, kept as the exact text that was hashed.</summary>
    public required string Evidence { get; init; }

    /// <summary>Hash of the entry before, in lower-case hexadecimal; 64 zeros at the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over all the above, in lower-case hexadecimal (<see cref="HashChain"/>).</summary>
    public required string Hash { get; init; }
}

public static class LedgerEntries
{
    /// <summary>What the evidence of the entry says under a key, as text; empty when nothing.</summary>
    public static string Said(this LedgerEntry entry, string key) =>
        System.Text.Json.Nodes.JsonNode.Parse(entry.Evidence)?[key]?.ToString() ?? "";
}
