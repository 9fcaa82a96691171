using System.Data.Common;
using Fiducial.Archive.Index;

namespace Fiducial.Archive.Devices;

/// <summary>A change of who may come, as it is kept.</summary>
public sealed record RegisterChange(DateTimeOffset At, string Author, string What);

/// <summary>Changes the register and keeps who changed what when, both or neither.</summary>
internal sealed class RegisterChanges(ArchiveIndex index, TimeProvider clock)
{
    /// <returns>False, and nothing kept, when the statement changed no row.</returns>
    public bool Make(string author, string what, string sql, params object?[] values)
    {
        // Objects may be stored meanwhile.
        lock (index.Writing)
        {
            try
            {
                return Make(index.OpenWriter(), author, what, sql, values);
            }
            catch
            {
                index.ForgetWriter();
                throw;
            }
        }
    }

    private bool Make(DbConnection writer, string author, string what, string sql, object?[] values)
    {
        writer.Run(index.Dialect.Begin);
        using var change = writer.Command(sql, values);
        if (change.ExecuteNonQuery() == 0)
        {
            writer.Run("ROLLBACK");
            return false;
        }
        writer.Run(
            "INSERT INTO register_changes (at, author, what) VALUES ($1, $2, $3)",
            clock.GetUtcNow().UtcTicks,
            author,
            what
        );
        writer.Run("COMMIT");
        return true;
    }

    public IReadOnlyList<RegisterChange> List() =>
        index.Read(connection =>
        {
            using var reader = connection.Execute("SELECT at, author, what FROM register_changes ORDER BY id");
            var changes = new List<RegisterChange>();
            while (reader.Read())
            {
                changes.Add(
                    new RegisterChange(
                        new DateTimeOffset(reader.GetInt64(0), TimeSpan.Zero),
                        reader.GetString(1),
                        reader.GetString(2)
                    )
                );
            }
            return changes;
        });
}
