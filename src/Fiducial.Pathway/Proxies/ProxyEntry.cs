using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway.Proxies;

/// <summary>What is done about the proxies of a patient.</summary>
public static class ProxyAct
{
    public const string Recorded = "recorded";
    public const string Restricted = "restricted";
    public const string Disputed = "disputed";
    public const string Decided = "decided";
    public const string Ended = "ended";

    /// <summary>The patient has died: whoever acted for the living patient acts no more.</summary>
    public const string Died = "died";
}

/// <summary>One entry of a patient's chain of what was done about who acts for them. Never edited.</summary>
public sealed record ProxyEntry
{
    public long Id { get; init; }
    public required string PatientId { get; init; }

    /// <summary>1, 2, 3 … for this patient.</summary>
    public required int Sequence { get; init; }

    /// <summary>One of <see cref="ProxyAct"/>.</summary>
    public required string Act { get; init; }

    /// <summary>JSON: what was said and shown.</summary>
    public required string Evidence { get; init; }
    public required string ActorId { get; init; }
    public required string ActorName { get; init; }
    public required string Role { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over all the above, in lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    public JsonObject Said => JsonNode.Parse(Evidence)!.AsObject();

    internal static string HashOf(ProxyEntry e) =>
        FieldHash.Of(
            e.PatientId,
            e.Sequence.ToString(CultureInfo.InvariantCulture),
            e.Act,
            e.Evidence,
            e.ActorId,
            e.ActorName,
            e.Role,
            FieldHash.Text(e.At),
            e.PreviousHash
        );
}
