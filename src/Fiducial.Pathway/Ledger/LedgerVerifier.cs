using System.Reflection;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Ledger;

/// <summary>What another room keeps and the ledger holds the hash of (a signed report, a review note).</summary>
public interface ILedgerWitness
{
    /// <summary>Sentences that say which content no longer matches the hash in the ledger; none when all match.</summary>
    Task<IReadOnlyList<string>> ContradictionsAsync(
        Guid examId,
        IReadOnlyList<LedgerEntry> ledger,
        CancellationToken ct
    );
}

/// <summary>
/// Checks that nothing was edited by hand: every entry has the hash of its fields and follows the one before; the exam's row is
/// the fold of its ledger; the content that the ledger refers to has the hash that the ledger holds.
/// </summary>
public sealed class LedgerVerifier(ClinicDb db, IEnumerable<ILedgerWitness> witnesses)
{
    /// <summary>Sentences that name each fault; none when the ledger of every exam is whole.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken ct)
    {
        var faults = new List<string>();
        var known = await db.Set<ExamRecord>().AsNoTracking().Select(e => e.Id).ToListAsync(ct);
        var written = await db.Set<LedgerEntry>().AsNoTracking().Select(e => e.ExamId).Distinct().ToListAsync(ct);
        foreach (var exam in known.Union(written))
        {
            faults.AddRange(await FaultsAsync(exam, ct));
        }
        return faults;
    }

    public async Task<IReadOnlyList<string>> FaultsAsync(Guid examId, CancellationToken ct)
    {
        var faults = new List<string>();
        var ledger = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == examId)
            .OrderBy(e => e.Sequence)
            .ToListAsync(ct);
        var previous = HashChain.Start;
        var sequence = 0;
        foreach (var entry in ledger)
        {
            if (entry.Sequence != ++sequence)
            {
                faults.Add($"Exam {examId}: entry {sequence} is missing (found {entry.Sequence}).");
                sequence = entry.Sequence;
            }
            if (entry.PreviousHash != previous)
            {
                faults.Add($"Exam {examId}: entry {entry.Sequence} does not follow the entry before it.");
            }
            if (HashChain.HashOf(entry) != entry.Hash)
            {
                faults.Add($"Exam {examId}: entry {entry.Sequence} ({entry.Step}) was edited.");
            }
            previous = entry.Hash;
        }
        if (faults.Count > 0)
        {
            return faults;
        }
        var row = await db.Set<ExamRecord>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == examId, ct);
        if (row is null)
        {
            return [$"Exam {examId}: its row is missing."];
        }
        faults.AddRange(Differences(row, ExamFold.Of(examId, ledger)));
        faults.AddRange(await ImageFaultsAsync(examId, ledger, ct));
        foreach (var witness in witnesses)
        {
            faults.AddRange(await witness.ContradictionsAsync(examId, ledger, ct));
        }
        return faults;
    }

    private static IEnumerable<string> Differences(ExamRecord row, ExamRecord fold) =>
        from property in typeof(ExamRecord).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite && !Equals(Rounded(property.GetValue(row)), Rounded(property.GetValue(fold)))
        select $"Exam {row.Id}: {property.Name} of the exam's row differs from its ledger.";

    // PostgreSQL keeps microseconds.
    private static object? Rounded(object? value) =>
        value is DateTimeOffset at ? at.UtcTicks / TimeSpan.TicksPerMicrosecond : value;

    private async Task<IEnumerable<string>> ImageFaultsAsync(
        Guid examId,
        List<LedgerEntry> ledger,
        CancellationToken ct
    )
    {
        var images = await db.Set<ImageRecord>().AsNoTracking().Where(i => i.ExamId == examId).ToListAsync(ct);
        var recorded = ledger
            .Where(e => e.Taken && e.Step == "I3")
            .Select(e => System.Text.Json.Nodes.JsonNode.Parse(e.Evidence)!)
            .ToDictionary(e => (string)e["sopInstanceUid"]!, e => (string)e["sha256"]!, StringComparer.Ordinal);
        return images
            .Where(i => recorded.GetValueOrDefault(i.SopInstanceUid) != i.Sha256)
            .Select(i => $"Exam {examId}: image {i.SopInstanceUid} differs from its ledger.")
            .Concat(
                recorded
                    .Keys.Except(images.Select(i => i.SopInstanceUid), StringComparer.Ordinal)
                    .Select(uid => $"Exam {examId}: image {uid} is missing.")
            );
    }
}
