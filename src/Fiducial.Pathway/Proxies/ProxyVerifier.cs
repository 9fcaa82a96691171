using System.Globalization;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Proxies;

/// <summary>Checks that the chain of each patient's proxies is whole and that the rows are its fold.</summary>
public sealed class ProxyVerifier(ClinicDb db)
{
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken ct)
    {
        var faults = new List<string>();
        var entries = (await db.Set<ProxyEntry>().AsNoTracking().OrderBy(e => e.Sequence).ToListAsync(ct)).ToLookup(
            e => e.PatientId,
            StringComparer.Ordinal
        );
        var rows = (await db.Set<Proxy>().AsNoTracking().ToListAsync(ct)).ToLookup(
            p => p.PatientId,
            StringComparer.Ordinal
        );
        var heads = await db.Set<PatientRecord>()
            .AsNoTracking()
            .Where(p => p.ProxyHead != "" || p.DeceasedOn != "")
            .ToDictionaryAsync(p => p.PatientId, ct);
        foreach (
            var patient in entries
                .Select(g => g.Key)
                .Concat(rows.Select(g => g.Key))
                .Concat(heads.Keys)
                .Distinct(StringComparer.Ordinal)
        )
        {
            List<ProxyEntry> chain = [.. entries[patient]];
            var broken = ChainFaults(patient, chain);
            faults.AddRange(
                broken.Count > 0
                    ? broken
                    : RowFaults(patient, chain, [.. rows[patient]], heads.GetValueOrDefault(patient))
            );
        }
        return faults;
    }

    private static List<string> ChainFaults(string patient, List<ProxyEntry> chain)
    {
        var faults = new List<string>();
        var previous = HashChain.Start;
        foreach (var (entry, n) in chain.Select((e, i) => (e, i + 1)))
        {
            if (entry.Sequence != n || entry.PreviousHash != previous)
            {
                faults.Add($"Proxies of {patient}: entry {entry.Sequence} does not follow the entry before it.");
            }
            if (ProxyEntry.HashOf(entry) != entry.Hash)
            {
                faults.Add($"Proxies of {patient}: entry {entry.Sequence} ({entry.Act}) was edited.");
            }
            previous = entry.Hash;
        }
        return faults;
    }

    private static IEnumerable<string> RowFaults(
        string patient,
        List<ProxyEntry> chain,
        List<Proxy> rows,
        PatientRecord? record
    )
    {
        var (due, died) = ProxyFold.Of(chain);
        if ((record?.ProxyHead ?? "") != (chain.Count > 0 ? chain[^1].Hash : ""))
        {
            yield return $"Proxies of {patient}: the last entry is not the one that the patient's record names.";
        }
        if ((record?.DeceasedOn ?? "") != died)
        {
            yield return $"Proxies of {patient}: the day of death differs from the entries.";
        }
        foreach (var entry in rows.Concat(due).Select(p => p.Entry).Distinct())
        {
            var (kept, recorded) = (rows.FindAll(p => p.Entry == entry), due.FindAll(p => p.Entry == entry));
            if (kept.Count != 1 || recorded.Count != 1)
            {
                yield return $"Proxies of {patient}: the proxy of entry {entry} is {(kept.Count < recorded.Count ? "missing" : "not in the entries")}.";
            }
            else if (Words(kept[0]) != Words(recorded[0]))
            {
                yield return $"Proxies of {patient}: the proxy of entry {entry} differs from the entries.";
            }
        }
    }

    // Every column but the number that the database gives a row.
    private static string Words(Proxy p) =>
        FieldHash.Of(
            p.PatientId,
            p.PersonId,
            p.PersonName,
            p.Basis,
            p.Document,
            p.From.ToString("O", CultureInfo.InvariantCulture),
            p.Until?.ToString("O", CultureInfo.InvariantCulture) ?? "",
            p.Sees,
            p.Exams,
            p.RestrictedTo,
            p.Disputed ? "disputed" : "",
            p.EndedAt is { } ended ? FieldHash.Text(ended) : "",
            p.EndReason
        );
}
