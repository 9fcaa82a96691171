using System.Globalization;

namespace Fiducial.Pathway.Ledger;

/// <summary>The chain that makes an edited, removed or reordered ledger entry visible.</summary>
public static class HashChain
{
    public static string Start { get; } = new('0', 64);

    /// <summary>Gives the entry its hash: SHA-256 over every field, each preceded by its length so that no two entries read alike.</summary>
    public static LedgerEntry Seal(LedgerEntry entry) => entry with { Hash = HashOf(entry) };

    public static string HashOf(LedgerEntry e) =>
        FieldHash.Of(
            e.ExamId.ToString("D"),
            e.Sequence.ToString(CultureInfo.InvariantCulture),
            e.Step,
            e.Region,
            e.Event,
            e.From,
            e.To,
            e.Taken ? "taken" : "refused",
            e.Reason,
            e.ActorId,
            e.ActorName,
            e.Role,
            e.Credential,
            e.Device,
            e.At.UtcTicks.ToString(CultureInfo.InvariantCulture),
            e.BusinessDay.ToString("O", CultureInfo.InvariantCulture),
            e.Evidence,
            e.PreviousHash
        );
}
