using System.Reflection;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Storage;
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
/// the fold of its ledger, and so are the care relationships that say who may see it; the content that the ledger refers to has the hash that the ledger holds.
/// </summary>
public sealed class LedgerVerifier(
    ClinicDb db,
    IEnumerable<ILedgerWitness> witnesses,
    Proxies.ProxyVerifier proxies,
    Audit.AuditVerifier audit
)
{
    /// <summary>Sentences that name each fault; none when the ledger of every exam, the audit chain and their seals are whole.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken ct)
    {
        var faults = new List<string>();
        var known = await db.Set<ExamRecord>().AsNoTracking().Select(e => e.Id).ToListAsync(ct);
        var written = await db.Set<LedgerEntry>().AsNoTracking().Select(e => e.ExamId).Distinct().ToListAsync(ct);
        foreach (var exam in known.Union(written))
        {
            faults.AddRange(await FaultsAsync(exam, ct));
        }
        faults.AddRange(await proxies.FaultsAsync(ct));
        faults.AddRange(await audit.FaultsAsync(ct));
        return faults;
    }

    public async Task<IReadOnlyList<string>> FaultsAsync(Guid examId, CancellationToken ct)
    {
        var faults = await ReadAsync(examId, ct);
        if (faults.Count == 0 || db.Database.CurrentTransaction is not null)
        {
            return faults;
        }
        // A step that was taken while this was read looks like an edit: it is read once more with the exam standing still.
        await using var still = await db.Database.BeginTransactionAsync(ct);
        await ExamLock.HoldAsync(db, examId, ct);
        return await ReadAsync(examId, ct);
    }

    private async Task<IReadOnlyList<string>> ReadAsync(Guid examId, CancellationToken ct)
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
        faults.AddRange(
            Differences(row, ExamFold.Of(examId, ledger))
                .Select(column => $"Exam {examId}: {column} of the exam's row differs from its ledger.")
        );
        faults.AddRange(await ImageFaultsAsync(examId, ledger, ct));
        faults.AddRange(await RelationshipFaultsAsync(examId, ledger, ct));
        faults.AddRange(await PatientFaultsAsync(row, ledger, ct));
        foreach (var witness in witnesses)
        {
            faults.AddRange(await witness.ContradictionsAsync(examId, ledger, ct));
        }
        return faults;
    }

    // The columns in which two rows differ; the number that the database gives a row says nothing.
    private static IEnumerable<string> Differences<T>(T row, T due) =>
        from property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite && property is not { Name: "Id", PropertyType.Name: nameof(Int64) }
        where !Equals(Rounded(property.GetValue(row)), Rounded(property.GetValue(due)))
        select property.Name;

    // PostgreSQL keeps microseconds.
    private static object? Rounded(object? value) => value is DateTimeOffset at ? FieldHash.Text(at) : value;

    private async Task<List<string>> ImageFaultsAsync(Guid examId, List<LedgerEntry> ledger, CancellationToken ct)
    {
        var faults = new List<string>();
        var images = await db.Set<ImageRecord>().AsNoTracking().Where(i => i.ExamId == examId).ToListAsync(ct);
        var due = ledger.Where(e => e is { Taken: true, Step: "I3" }).Select(ImageRecord.Of).ToList();
        foreach (var rejection in ledger.Where(e => e is { Taken: true, Step: "E4" }))
        {
            if (due.Find(i => i.SopInstanceUid == rejection.Said("sopInstanceUid")) is { } rejected)
            {
                rejected.RejectReason = rejection.Said("reason");
            }
        }
        foreach (var uid in images.Concat(due).Select(i => i.SopInstanceUid).Distinct(StringComparer.Ordinal))
        {
            var row = images.Find(i => i.SopInstanceUid == uid);
            var recorded = due.Find(i => i.SopInstanceUid == uid);
            if (row is null || recorded is null)
            {
                faults.Add($"Exam {examId}: image {uid} is {(row is null ? "missing" : "not in its ledger")}.");
                continue;
            }
            faults.AddRange(
                Differences(row, recorded).Select(c => $"Exam {examId}: {c} of image {uid} differs from its ledger.")
            );
        }
        return faults;
    }

    private async Task<List<string>> RelationshipFaultsAsync(
        Guid examId,
        List<LedgerEntry> ledger,
        CancellationToken ct
    )
    {
        var faults = new List<string>();
        var rows = await db.Set<Relationship>().AsNoTracking().Where(r => r.ExamId == examId).ToListAsync(ct);
        var due = Relationships.Of(examId, ledger);
        foreach (var key in rows.Concat(due).Select(Key).Distinct())
        {
            var (kept, recorded) = (rows.FindAll(r => Key(r) == key), due.FindAll(r => Key(r) == key));
            var name = $"the relationship of {key.DoctorId} ({key.Basis}, entry {key.Sequence})";
            if (kept.Count != recorded.Count)
            {
                faults.Add(
                    $"Exam {examId}: {name} is {(kept.Count < recorded.Count ? "missing" : "not in its ledger")}."
                );
                continue;
            }
            faults.AddRange(
                kept.Zip(recorded, Differences)
                    .SelectMany(columns => columns)
                    .Select(column => $"Exam {examId}: {column} of {name} differs from its ledger.")
            );
        }
        return faults;

        static (int Sequence, string DoctorId, string Basis) Key(Relationship r) => (r.Sequence, r.DoctorId, r.Basis);
    }

    private async Task<IEnumerable<string>> PatientFaultsAsync(
        ExamRecord exam,
        List<LedgerEntry> ledger,
        CancellationToken ct
    )
    {
        // The referral named the patient; a match or a merge may have named another since.
        if (ledger.FindLast(e => e is { Taken: true, Step: "O1" or "O2" or "I7" or "B4" }) is not { } order)
        {
            return [];
        }
        var patient = await db.Set<PatientRecord>()
            .AsNoTracking()
            .FirstOrDefaultAsync(p => p.PatientId == exam.PatientId, ct);
        return (string?)JsonNode.Parse(order.Evidence)!["patientHash"] == patient?.IdentityHash()
            ? []
            : [$"Exam {exam.Id}: the patient's record differs from the ledger entry that names the patient."];
    }
}
