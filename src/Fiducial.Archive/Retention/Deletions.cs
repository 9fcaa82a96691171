using System.Data.Common;
using Fiducial.Archive.Index;
using Fiducial.Foundation.Calendar;

namespace Fiducial.Archive.Retention;

/// <summary>Who asked for the deletion of which study, who decided, and what stays of it.</summary>
public sealed class Deletions
{
    private const string Select = """
        SELECT d.id, d.study, d.patient_id, d.accession, d.modalities, d.kept_until, d.rule, d.objects, d.requested_by,
            d.requested_at, d.is_approved, d.decided_by, d.decided_at, d.carried_out_at, d.refusal,
            (SELECT count(*) FROM tombstones t WHERE t.deletion = d.id AND t.removed_at IS NULL)
        FROM deletions d

        """;

    private readonly ArchiveIndex _index;
    private readonly IndexTransaction _transaction;
    private readonly TimeProvider _clock;

    internal Deletions(ArchiveIndex index, IndexTransaction transaction, TimeProvider clock) =>
        (_index, _transaction, _clock) = (index, transaction, clock);

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<Deletion> List() => _index.Read(c => Read(c, "ORDER BY d.id"));

    /// <summary>Those that wait for a decision.</summary>
    public IReadOnlyList<Deletion> Waiting() => _index.Read(c => Read(c, "WHERE d.is_approved IS NULL ORDER BY d.id"));

    public Deletion? Find(long id) => _index.Read(c => Read(c, "WHERE d.id = $1", id)) is [var one] ? one : null;

    /// <summary>What stays of the objects of a study, or of one object.</summary>
    public IReadOnlyList<Tombstone> Tombstones(string studyOrSopInstanceUid) =>
        _index.Read(c =>
        {
            var rows = new List<(long Deletion, Func<Deletion, Tombstone> With)>();
            using (
                var r = c.Execute(
                    """
                    SELECT deletion, uid, study, series, sop_class, sha256, length, stored_at, removed_at
                    FROM tombstones WHERE study = $1 OR uid = $1 ORDER BY id
                    """,
                    studyOrSopInstanceUid
                )
            )
            {
                while (r.Read())
                {
                    var (uid, study, series, sopClass) = (
                        r.GetString(1),
                        r.GetString(2),
                        r.GetString(3),
                        r.GetString(4)
                    );
                    var sha256 = Convert.ToHexStringLower(r.GetFieldValue<byte[]>(5));
                    var (length, stored, removed) = (
                        r.GetInt64(6),
                        IndexTime.Of(r.GetInt64(7)),
                        IndexTime.OrNull(r, 8)
                    );
                    rows.Add(
                        (
                            r.GetInt64(0),
                            by => new Tombstone(uid, study, series, sopClass, sha256, length, stored, removed, by)
                        )
                    );
                }
            }
            return rows.ConvertAll(row => row.With(Read(c, "WHERE d.id = $1", row.Deletion).Single()));
        });

    /// <summary>Asks for a deletion.</summary>
    /// <param name="due">As the schedule has it; carried out only while that is still so.</param>
    /// <param name="author">Who asks.</param>
    /// <returns>Its number; null when it is asked for already.</returns>
    public long? Request(DueStudy due, string author)
    {
        long? id = null;
        _transaction.Run(connection =>
        {
            if (IsOpen(connection, due.StudyInstanceUid))
            {
                return;
            }
            using var command = connection.Command(
                """
                INSERT INTO deletions (study, patient_id, accession, modalities, kept_until, rule, objects, requested_by, requested_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
                """,
                due.StudyInstanceUid,
                due.PatientId,
                due.AccessionNumber,
                due.Modalities,
                DayText.Compact(due.KeptUntil),
                due.Rule,
                due.Objects,
                author,
                _clock.GetUtcNow().UtcTicks
            );
            id = (long)command.ExecuteScalar()!;
        });
        return id;
    }

    /// <summary>Decides about a request, once.</summary>
    /// <returns>False when it is decided, or there is none of this number.</returns>
    public bool Decide(long id, bool approves, string author)
    {
        var decided = false;
        _transaction.Run(connection =>
        {
            using var command = connection.Command(
                "UPDATE deletions SET is_approved = $2, decided_by = $3, decided_at = $4 WHERE id = $1 AND is_approved IS NULL",
                id,
                approves ? 1L : 0L,
                author,
                _clock.GetUtcNow().UtcTicks
            );
            decided = command.ExecuteNonQuery() == 1;
        });
        return decided;
    }

    /// <summary>Approved, and neither carried out nor refused.</summary>
    internal IReadOnlyList<Deletion> Approved() =>
        _index.Read(c =>
            Read(c, "WHERE d.is_approved = 1 AND d.carried_out_at IS NULL AND d.refusal = '' ORDER BY d.id")
        );

    // Asked for and not yet decided, or approved and not yet carried out.
    internal static bool IsOpen(DbConnection connection, string studyInstanceUid)
    {
        using var command = connection.Command(
            """
            SELECT 1 FROM deletions WHERE study = $1 AND carried_out_at IS NULL AND refusal = ''
                AND (is_approved IS NULL OR is_approved = 1) LIMIT 1
            """,
            studyInstanceUid
        );
        return command.ExecuteScalar() is not null;
    }

    internal static List<Deletion> Read(DbConnection connection, string rest, params ReadOnlySpan<object?> values)
    {
        using var r = connection.Execute(Select + rest, values);
        var found = new List<Deletion>();
        while (r.Read())
        {
            found.Add(
                new Deletion(
                    r.GetInt64(0),
                    r.GetString(1),
                    r.GetString(2),
                    r.GetString(3),
                    r.GetString(4),
                    DayText.Day(r.GetString(5)) ?? default,
                    r.GetString(6),
                    r.GetInt64(7),
                    r.GetString(8),
                    IndexTime.Of(r.GetInt64(9)),
                    r.IsDBNull(10) ? null : r.GetInt64(10) == 1,
                    r.GetString(11),
                    IndexTime.OrNull(r, 12),
                    IndexTime.OrNull(r, 13),
                    r.GetString(14),
                    r.GetInt64(15)
                )
            );
        }
        return found;
    }
}
