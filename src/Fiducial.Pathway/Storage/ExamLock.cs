using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Storage;

/// <summary>Within a transaction: nobody else takes a step of this exam until it ends.</summary>
public static class ExamLock
{
    // SQLite begins the transaction IMMEDIATE: one writer. PostgreSQL needs the exam's lock, also before its row exists.
    public static Task HoldAsync(ClinicDb db, Guid examId, CancellationToken ct) =>
        db.IsPostgres
            ? db.Database.ExecuteSqlAsync(
                $"select pg_advisory_xact_lock(hashtextextended({examId.ToString("D")}, 0))",
                ct
            )
            : Task.CompletedTask;
}
