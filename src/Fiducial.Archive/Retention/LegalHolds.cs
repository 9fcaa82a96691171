using Fiducial.Archive.Index;

namespace Fiducial.Archive.Retention;

/// <summary>The legal holds of a plain archive. A study may be held for several reasons; each is lifted by itself.</summary>
public sealed class LegalHolds
{
    private readonly ArchiveIndex _index;
    private readonly IndexTransaction _transaction;
    private readonly TimeProvider _clock;

    internal LegalHolds(ArchiveIndex index, IndexTransaction transaction, TimeProvider clock) =>
        (_index, _transaction, _clock) = (index, transaction, clock);

    /// <summary>The oldest first, those that were lifted among them.</summary>
    public IReadOnlyList<LegalHold> List() =>
        _index.Read(connection =>
        {
            using var reader = connection.Execute(
                "SELECT study, reason, author, at, lifted_at, lifted_by, lifted_why FROM holds ORDER BY id"
            );
            var holds = new List<LegalHold>();
            while (reader.Read())
            {
                holds.Add(
                    new LegalHold(
                        reader.GetString(0),
                        reader.GetString(1),
                        reader.GetString(2),
                        IndexTime.Of(reader.GetInt64(3)),
                        IndexTime.OrNull(reader, 4),
                        reader.GetString(5),
                        reader.GetString(6)
                    )
                );
            }
            return holds;
        });

    /// <summary>Also for a study that has not come yet.</summary>
    public void Put(string studyInstanceUid, string reason, string author) =>
        _transaction.Run(connection =>
            connection.Run(
                "INSERT INTO holds (study, reason, author, at) VALUES ($1, $2, $3, $4)",
                studyInstanceUid,
                reason,
                author,
                _clock.GetUtcNow().UtcTicks
            )
        );

    /// <returns>How many holds of the study were lifted.</returns>
    public int Lift(string studyInstanceUid, string why, string author)
    {
        var lifted = 0;
        _transaction.Run(connection =>
        {
            using var command = connection.Command(
                "UPDATE holds SET lifted_at = $2, lifted_by = $3, lifted_why = $4 WHERE study = $1 AND lifted_at IS NULL",
                studyInstanceUid,
                _clock.GetUtcNow().UtcTicks,
                author,
                why
            );
            lifted = command.ExecuteNonQuery();
        });
        return lifted;
    }

    internal static bool Stands(System.Data.Common.DbConnection connection, string studyInstanceUid)
    {
        using var command = connection.Command(
            "SELECT 1 FROM holds WHERE study = $1 AND lifted_at IS NULL LIMIT 1",
            studyInstanceUid
        );
        return command.ExecuteScalar() is not null;
    }
}
