using System.Data.Common;
using Fiducial.Archive.Index;
using Fiducial.Foundation.Outbox;

namespace Fiducial.Archive.Commitment;

/// <summary>A request for commitment that waits for its answer.</summary>
internal sealed record PendingCommitment(
    long Id,
    string TransactionUid,
    string AETitle,
    DateTimeOffset RequestedAt,
    bool IsDecided,
    int Tries
);

/// <summary>An object of it.</summary>
/// <param name="Failure">Failure Reason (0008,1197): 0 when it is committed, null until it was judged.</param>
internal sealed record CommittedObject(long Id, string SopClassUid, string SopInstanceUid, int? Failure);

/// <summary>Requests for commitment in the index: kept before the device hears that they were taken, until it has the answer.</summary>
internal sealed class Commitments(ArchiveIndex index, IndexWriter writer, TimeProvider clock) : IStorageCommitments
{
    // Whoever takes one up has it for so long; should that server die, it is taken up again.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly OutboxSignal _kept = new();

    /// <exception cref="IndexUnavailableException">It could not be kept.</exception>
    public void Keep(string transaction, string title, IEnumerable<(string SopClassUid, string SopInstanceUid)> objects)
    {
        writer.Write(connection =>
        {
            var now = clock.GetUtcNow().UtcTicks;
            using var request = connection.Command(
                "INSERT INTO commitments (transaction_uid, ae_title, requested_at, next_at) VALUES ($1, $2, $3, $3) RETURNING id",
                transaction,
                title,
                now
            );
            var id = (long)request.ExecuteScalar()!;
            using var one = connection.Command(
                "INSERT INTO committed_objects (commitment, sop_class, uid) VALUES ($1, $2, $3)",
                id,
                "",
                ""
            );
            foreach (var (sopClass, uid) in objects)
            {
                one.Parameters[1].Value = sopClass;
                one.Parameters[2].Value = uid;
                one.ExecuteNonQuery();
            }
            return id;
        });
        _kept.Raise();
    }

    /// <summary>Completes when a request was kept here, or after <paramref name="longest"/>.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken ct) => _kept.WaitAsync(longest, ct);

    /// <summary>The request that has waited longest, which no other server takes up now; null when none is due.</summary>
    public PendingCommitment? Take()
    {
        var now = clock.GetUtcNow();
        if (Due(now.UtcTicks) is not var (due, at))
        {
            return null;
        }
        var isOurs = writer.Write(connection =>
        {
            using var claim = connection.Command(
                "UPDATE commitments SET next_at = $3, tries = tries + 1 WHERE id = $1 AND next_at = $2",
                due.Id,
                at,
                (now + Lease).UtcTicks
            );
            return claim.ExecuteNonQuery() == 1;
        });
        return isOurs ? due : null;
    }

    public IReadOnlyList<CommittedObject> Objects(PendingCommitment commitment) =>
        index.Read(connection =>
        {
            using var reader = connection.Execute(
                "SELECT id, sop_class, uid, failure FROM committed_objects WHERE commitment = $1 ORDER BY id",
                commitment.Id
            );
            var objects = new List<CommittedObject>();
            while (reader.Read())
            {
                objects.Add(
                    new CommittedObject(
                        reader.GetInt64(0),
                        reader.GetString(1),
                        reader.GetString(2),
                        reader.IsDBNull(3) ? null : reader.GetInt32(3)
                    )
                );
            }
            return objects;
        });

    /// <summary>What was judged is not judged again, however often the answer must be sent.</summary>
    public void Decided(PendingCommitment commitment, IEnumerable<CommittedObject> objects) =>
        writer.Write(connection =>
        {
            using var one = connection.Command("UPDATE committed_objects SET failure = $2 WHERE id = $1", 0L, 0);
            foreach (var judged in objects)
            {
                one.Parameters[0].Value = judged.Id;
                one.Parameters[1].Value = judged.Failure;
                one.ExecuteNonQuery();
            }
            connection.Run(
                "UPDATE commitments SET decided_at = $2 WHERE id = $1",
                commitment.Id,
                clock.GetUtcNow().UtcTicks
            );
            return true;
        });

    public void Answered(PendingCommitment commitment) =>
        writer.Write(connection =>
        {
            connection.Run(
                "UPDATE commitments SET answered_at = $2, next_at = NULL WHERE id = $1",
                commitment.Id,
                clock.GetUtcNow().UtcTicks
            );
            return true;
        });

    /// <param name="next">When it is tried again; null for never.</param>
    public void NotAnswered(PendingCommitment commitment, DateTimeOffset? next) =>
        writer.Write(connection =>
        {
            connection.Run("UPDATE commitments SET next_at = $2 WHERE id = $1", commitment.Id, next?.UtcTicks);
            return true;
        });

    public CommitmentsOfStudy About(string studyInstanceUid) =>
        index.Read(connection =>
        {
            using var reader = connection.Execute(
                """
                SELECT c.id, c.ae_title, c.answered_at, o.uid, o.failure FROM studies st
                JOIN series se ON se.study = st.id JOIN instances i ON i.series = se.id
                JOIN committed_objects o ON o.uid = i.uid JOIN commitments c ON c.id = o.commitment
                WHERE st.uid = $1 ORDER BY c.id
                """,
                studyInstanceUid
            );
            var titles = new SortedSet<string>(StringComparer.Ordinal);
            var (requests, answered) = (new HashSet<long>(), new HashSet<long>());
            var committed = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read())
            {
                requests.Add(reader.GetInt64(0));
                titles.Add(reader.GetString(1));
                if (!reader.IsDBNull(2))
                {
                    answered.Add(reader.GetInt64(0));
                }
                if (!reader.IsDBNull(4) && reader.GetInt32(4) == 0)
                {
                    committed.Add(reader.GetString(3));
                }
            }
            return new CommitmentsOfStudy([.. titles], requests.Count, answered.Count, committed.Count);
        });

    private (PendingCommitment Due, long At)? Due(long now) =>
        index.Read<(PendingCommitment, long)?>(connection =>
        {
            using var reader = connection.Execute(
                """
                SELECT id, transaction_uid, ae_title, requested_at, decided_at, tries, next_at FROM commitments
                WHERE next_at <= $1 ORDER BY next_at LIMIT 1
                """,
                now
            );
            return reader.Read() ? (One(reader), reader.GetInt64(6)) : null;
        });

    private static PendingCommitment One(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetString(2),
            new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero),
            !reader.IsDBNull(4),
            reader.GetInt32(5)
        );
}
