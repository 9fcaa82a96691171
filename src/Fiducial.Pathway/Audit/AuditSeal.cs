using System.Globalization;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway.Audit;

/// <summary>
/// A signed mark: so far had the audit chain come at this time, and so far the ledgers of the exams that had changed. What is cut off
/// before a seal is missed by it, and who writes a chain anew cannot write its seals.
/// </summary>
public sealed record AuditSeal
{
    /// <summary>1, 2, 3 …</summary>
    public required long Number { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Last row of the audit chain and its hash; 0 and zeros when there was none.</summary>
    public required long AuditSequence { get; init; }
    public required string AuditHash { get; init; }

    /// <summary>Hash over the <see cref="SealedHead"/>s of this seal, ordered by exam.</summary>
    public required string HeadsHash { get; init; }
    public required string PreviousHash { get; init; }
    public required string Hash { get; init; }

    /// <summary>ECDSA P-256 over <see cref="Hash"/>, base64.</summary>
    public required string Signature { get; init; }

    internal static string HashOf(AuditSeal s) =>
        FieldHash.Of(
            s.Number.ToString(CultureInfo.InvariantCulture),
            FieldHash.Text(s.At),
            s.AuditSequence.ToString(CultureInfo.InvariantCulture),
            s.AuditHash,
            s.HeadsHash,
            s.PreviousHash
        );

    internal static string HashOf(IEnumerable<SealedHead> heads) =>
        FieldHash.Of([
            .. heads
                .OrderBy(h => h.ExamId.ToString("D"), StringComparer.Ordinal)
                .SelectMany(h =>
                    (string[])[h.ExamId.ToString("D"), h.Sequence.ToString(CultureInfo.InvariantCulture), h.Hash]
                ),
        ]);
}

/// <summary>How far one exam's ledger had come when it was sealed.</summary>
public sealed record SealedHead
{
    public long Id { get; init; }
    public required long SealNumber { get; init; }
    public required Guid ExamId { get; init; }
    public required int Sequence { get; init; }
    public required string Hash { get; init; }
}
