using System.Collections.Frozen;
using System.Globalization;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Release;

/// <summary>What a release policy looks at of one exam.</summary>
public sealed record ReleaseFacts
{
    /// <summary>A version is signed and neither withdrawn nor disputed: nothing else is ever released.</summary>
    public bool HasSignedVersion { get; init; }
    public string Modality { get; init; } = "";
    public DateTimeOffset? CompletedAt { get; init; }
    public DateTimeOffset? SignedAt { get; init; }
    public DateTimeOffset? ReviewedAt { get; init; }
    public DateTimeOffset? DiscussedAt { get; init; }

    /// <summary>The words that the patient chose at the referral, and the day that they picked with them.</summary>
    public string Election { get; init; } = "";
    public DateOnly? ElectionUntil { get; init; }

    /// <summary>When a running hold ends; null when there is none.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>When a version that the patient had was shut for a corrected one; null when never.</summary>
    public DateTimeOffset? ShutAt { get; init; }

    /// <summary>What laws ask of the report: <c>category 1</c> … <c>category 3</c>, <c>likely malignancy</c>, <c>genetic marker</c>.</summary>
    public FrozenSet<string> Findings { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The same without what the patient must not learn: hold, findings, and how far the doctor is (C4).</summary>
    public ReleaseFacts AsThePatientKnows() =>
        this with
        {
            HeldUntil = null,
            Findings = FrozenSet<string>.Empty,
            ReviewedAt = null,
            DiscussedAt = null,
        };

    /// <summary>What the signer says beside the alert category, when the pack asks for it.</summary>
    public static readonly FrozenSet<string> Markers = (
        (string[])["none", "likely malignancy", "genetic marker"]
    ).ToFrozenSet(StringComparer.Ordinal);

    public static FrozenSet<string> FindingsOf(string alertCategory, string marker)
    {
        var found = new List<string>();
        if (alertCategory is "1" or "2" or "3")
        {
            found.Add($"category {alertCategory}");
        }
        if (marker is { Length: > 0 } and not "none")
        {
            found.Add(marker);
        }
        return found.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The facts as the ledger has them.</summary>
    public static async Task<ReleaseFacts> OfAsync(ClinicDb db, ExamRecord exam, CancellationToken ct)
    {
        var steps = (string[])["O1", "O2", "R6", "R9", "U9", "U10", "U12", "L4", "L12", "L16"];
        var ledger = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == exam.Id && e.Taken && steps.Contains(e.Step))
            .OrderBy(e => e.Sequence)
            .ToListAsync(ct);
        LedgerEntry? Last(params string[] of) => ledger.FindLast(e => of.Contains(e.Step, StringComparer.Ordinal));
        // What the doctor did before the report changed was about another report.
        var changed = Last("U12")?.Sequence ?? 0;
        DateTimeOffset? Since(string step) => Last(step) is { } e && e.Sequence > changed ? e.At : null;
        var signed = Last("R6", "R9");
        return new ReleaseFacts
        {
            HasSignedVersion =
                exam.Report is "signed" or "amended" or "addendum_draft" && exam.Images is not "quarantined",
            Modality = exam.Modality,
            CompletedAt = exam.CompletedAt,
            SignedAt = signed?.At,
            ReviewedAt = Since("U9"),
            DiscussedAt = Since("U10"),
            Election = exam.ReleaseElection,
            ElectionUntil = TypedText.Day(Last("O1", "O2", "L16")?.Said("releaseElectionUntil")),
            HeldUntil =
                exam.Release is "held"
                && DateTimeOffset.TryParse(
                    Last("L4")?.Said("expires"),
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var end
                )
                    ? end
                    : null,
            ShutAt = Last("L12")?.At,
            Findings = signed is null
                ? FrozenSet<string>.Empty
                : FindingsOf(signed.Said("alertCategory"), signed.Said("marker")),
        };
    }
}
