using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.People;

/// <summary>Writes the relationships of an exam with the step that changes them, in the step's transaction.</summary>
public sealed class KeepRelationships(ClinicDb db)
{
    public async Task AfterAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (!Relationships.AreChangedBy(entry.Step))
        {
            return;
        }
        var edges = await db.Set<Relationship>().Where(r => r.ExamId == exam.Id).OrderBy(r => r.Id).ToListAsync(ct);
        var known = edges.Count;
        Relationships.Apply(edges, exam, entry);
        db.AddRange(edges.Skip(known));
    }

    /// <summary>Folds the ledgers of exams that were begun before relationships were kept as rows. Returns how many.</summary>
    public async Task<int> FoldOldAsync(CancellationToken ct = default)
    {
        var old = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => e.ResponsibleDoctorId != "" && !db.Set<Relationship>().Any(r => r.ExamId == e.Id))
            .Select(e => e.Id)
            .ToListAsync(ct);
        foreach (var id in old)
        {
            var ledger = await db.Set<LedgerEntry>()
                .AsNoTracking()
                .Where(e => e.ExamId == id)
                .OrderBy(e => e.Sequence)
                .ToListAsync(ct);
            db.AddRange(Relationships.Of(id, ledger));
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }
        return old.Count;
    }
}
