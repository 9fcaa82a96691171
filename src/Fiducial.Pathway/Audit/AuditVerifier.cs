using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Audit;

/// <summary>Finds rows of the audit chain that were removed, edited, inserted or put elsewhere, and ends that were cut off before a seal.</summary>
public sealed class AuditVerifier(ClinicDb db, IEnumerable<SealKey> keys)
{
    /// <summary>A sentence for each fault, with the row; none when the chain is whole.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken ct)
    {
        // What is made while this reads must not look like a fault: a seal is committed first and remembered then, and follows the rows
        // that it seals. So what is remembered is read first, then the seals, then the rows.
        var remembered = keys.SelectMany(k => k.Remembered()).ToList();
        var seals = await db.Set<AuditSeal>().AsNoTracking().OrderBy(s => s.Number).ToListAsync(ct);
        var faults = new List<string>();
        var sealedRows = seals.ToLookup(s => s.AuditSequence);
        var (previous, sequence) = (HashChain.Start, 0L);
        var rows = db.Set<AuditEntry>().AsNoTracking().OrderBy(e => e.Sequence).AsAsyncEnumerable();
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (row.Sequence != sequence + 1)
            {
                faults.Add(
                    row.Sequence == sequence + 2
                        ? $"Audit: row {sequence + 1} is missing."
                        : $"Audit: rows {sequence + 1} to {row.Sequence - 1} are missing."
                );
            }
            else if (row.PreviousHash != previous)
            {
                faults.Add($"Audit: row {row.Sequence} does not follow row {sequence}.");
            }
            if (AuditEntry.HashOf(row) != row.Hash)
            {
                faults.Add($"Audit: row {row.Sequence} was edited.");
            }
            foreach (var seal in sealedRows[row.Sequence].Where(s => s.AuditHash != row.Hash))
            {
                faults.Add($"Audit: row {row.Sequence} is not the row that was sealed at {seal.At:u}.");
            }
            (previous, sequence) = (row.Hash, row.Sequence);
        }
        if (seals.MaxBy(s => s.AuditSequence) is { } furthest && furthest.AuditSequence > sequence)
        {
            faults.Add(
                $"Audit: the end was cut off: rows {sequence + 1} to {furthest.AuditSequence}, sealed at {furthest.At:u}, are missing."
            );
        }
        faults.AddRange(OfSeals(seals, remembered));
        faults.AddRange(await OfHeadsAsync(seals, ct));
        return faults;
    }

    private IEnumerable<string> OfSeals(List<AuditSeal> seals, List<KeyValuePair<long, string>> remembered)
    {
        var (previous, number) = (HashChain.Start, 0L);
        foreach (var seal in seals)
        {
            if (seal.Number != number + 1)
            {
                yield return $"Seal {number + 1} is missing.";
            }
            else if (seal.PreviousHash != previous)
            {
                yield return $"Seal {seal.Number} does not follow seal {number}.";
            }
            if (AuditSeal.HashOf(seal) != seal.Hash || keys.Any(k => !k.IsOurs(seal)))
            {
                yield return $"Seal {seal.Number} was edited, or is not signed with the key of this site.";
            }
            (previous, number) = (seal.Hash, seal.Number);
        }
        foreach (var (sealNumber, hash) in remembered)
        {
            if (!seals.Exists(s => s.Number == sealNumber && s.Hash == hash))
            {
                yield return $"Seal {sealNumber}, which this data folder remembers, is missing or another.";
            }
        }
    }

    private async Task<List<string>> OfHeadsAsync(List<AuditSeal> seals, CancellationToken ct)
    {
        var faults = new List<string>();
        var heads = await db.Set<SealedHead>().AsNoTracking().ToListAsync(ct);
        foreach (var seal in seals)
        {
            if (AuditSeal.HashOf(heads.Where(h => h.SealNumber == seal.Number)) != seal.HeadsHash)
            {
                faults.Add($"Seal {seal.Number}: what it says of the ledgers was edited.");
            }
        }
        var broken = await db.Set<SealedHead>()
            .AsNoTracking()
            .Where(h =>
                !db.Set<LedgerEntry>().Any(e => e.ExamId == h.ExamId && e.Sequence == h.Sequence && e.Hash == h.Hash)
            )
            .ToListAsync(ct);
        foreach (var head in broken)
        {
            var at = seals.Find(s => s.Number == head.SealNumber)?.At;
            faults.Add(
                $"Exam {head.ExamId}: entry {head.Sequence}, sealed at {at:u}, is missing or another: its end was cut off or written anew."
            );
        }
        return faults;
    }
}
