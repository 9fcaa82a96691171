using System.Data.Common;
using Fiducial.Archive.Index;

namespace Fiducial.Archive.Retention;

/// <summary>
/// The moment in which a study ceases to exist: within one transaction everything is asked once more, a tombstone takes the place of each
/// object, and the study is taken out of the index. Its bytes go afterwards; whatever happens then, nobody sees them again.
/// </summary>
internal sealed class Entombment(
    IndexTransaction transaction,
    ArchiveIndex index,
    RetentionSchedule schedule,
    TimeProvider clock
)
{
    /// <returns>Why the study is kept, which stands with the deletion from now on; null when it is gone, or was already.</returns>
    public string? Run(long deletion, KnownOfStudy known)
    {
        string? refusal = null;
        transaction.Run(connection =>
        {
            if (
                Deletions.Read(connection, "WHERE d.id = $1", deletion)
                is not [{ IsApproved: true, CarriedOutAt: null, Refusal: "" } due]
            )
            {
                return;
            }
            refusal = RefusalOf(connection, due, known);
            if (refusal is not null)
            {
                connection.Run("UPDATE deletions SET refusal = $2 WHERE id = $1", deletion, refusal);
                return;
            }
            Bury(connection, due);
        });
        return refusal;
    }

    private string? RefusalOf(DbConnection connection, Deletion due, KnownOfStudy known)
    {
        if (LegalHolds.Stands(connection, due.StudyInstanceUid))
        {
            return "A legal hold stands on the study.";
        }
        if (StudyFacts.Read(connection, index.Dialect, due.StudyInstanceUid) is not { } facts)
        {
            return "The study is not here.";
        }
        var (still, refusal) = schedule.Judge(facts, known);
        return still is null ? refusal
            : still.Objects != due.Objects ? "Objects have come since its deletion was asked for."
            : null;
    }

    private void Bury(DbConnection connection, Deletion due)
    {
        var study = due.StudyInstanceUid;
        const string objects =
            "SELECT i.id FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study WHERE st.uid = $1";
        connection.Run(
            """
            INSERT INTO tombstones (deletion, position, uid, study, series, sop_class, transfer_syntax, calling_ae, sha256,
                length, stored_at, file)
            SELECT $2, i.id, i.uid, st.uid, se.uid, i.sop_class, i.transfer_syntax, i.calling_ae, i.sha256, i.length,
                i.stored_at, i.file
            FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study WHERE st.uid = $1
            UNION ALL
            SELECT $2, 0, uid, study, series, sop_class, transfer_syntax, calling_ae, sha256, length, at, file
            FROM quarantine WHERE study = $1
            """,
            study,
            due.Id
        );
        var patients = new List<long>();
        using (
            var reader = connection.Execute(
                $"SELECT patient FROM studies WHERE uid = $1 UNION SELECT patient FROM instances WHERE id IN ({objects})",
                study
            )
        )
        {
            while (reader.Read())
            {
                patients.Add(reader.GetInt64(0));
            }
        }
        connection.Run($"DELETE FROM instances WHERE id IN ({objects})", study);
        connection.Run("DELETE FROM series WHERE study = (SELECT id FROM studies WHERE uid = $1)", study);
        connection.Run("DELETE FROM studies WHERE uid = $1", study);
        connection.Run("DELETE FROM quarantine WHERE study = $1", study);
        foreach (var patient in patients)
        {
            // Also the name of a patient of whom nothing else is here.
            connection.Run(
                """
                DELETE FROM patients WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM studies WHERE patient = $1)
                    AND NOT EXISTS (SELECT 1 FROM instances WHERE patient = $1)
                """,
                patient
            );
        }
        connection.Run("UPDATE deletions SET carried_out_at = $2 WHERE id = $1", due.Id, clock.GetUtcNow().UtcTicks);
    }
}
