using Fiducial.Archive.Index;

namespace Fiducial.Archive.Devices;

/// <summary>A change of who may come, as it is kept.</summary>
public sealed record RegisterChange(DateTimeOffset At, string Author, string What);

/// <summary>Changes the register and keeps who changed what when, both or neither.</summary>
internal sealed class RegisterChanges(ArchiveIndex index, IndexTransaction transaction, TimeProvider clock)
{
    /// <returns>False, and nothing kept, when the statement changed no row.</returns>
    public bool Make(string author, string what, string sql, params object?[] values)
    {
        var isMade = false;
        transaction.Run(connection =>
        {
            using var change = connection.Command(sql, values);
            isMade = change.ExecuteNonQuery() > 0;
            if (isMade)
            {
                connection.Run(
                    "INSERT INTO register_changes (at, author, what) VALUES ($1, $2, $3)",
                    clock.GetUtcNow().UtcTicks,
                    author,
                    what
                );
            }
        });
        return isMade;
    }

    public IReadOnlyList<RegisterChange> List() =>
        index.Read(connection =>
        {
            using var reader = connection.Execute("SELECT at, author, what FROM register_changes ORDER BY id");
            var changes = new List<RegisterChange>();
            while (reader.Read())
            {
                changes.Add(
                    new RegisterChange(IndexTime.Of(reader.GetInt64(0)), reader.GetString(1), reader.GetString(2))
                );
            }
            return changes;
        });
}
