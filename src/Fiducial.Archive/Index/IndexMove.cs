using System.Data.Common;
using Fiducial.Archive.Files;

namespace Fiducial.Archive.Index;

/// <summary>
/// Moves the index of an archive that has grown out of its folder into PostgreSQL: every row with its number, so that whoever remembers a
/// position of the feed misses nothing. In one transaction; the file is kept beside under another name.
/// </summary>
internal static class IndexMove
{
    private const string KeptAs = ".moved-to-postgres";

    private static readonly string[] Tables =
    [
        "patients",
        "studies",
        "series",
        "instances",
        "quarantine",
        "devices",
        "tokens",
        "register_changes",
        "commitments",
        "committed_objects",
        "holds",
        "deletions",
        "tombstones",
    ];

    /// <exception cref="DbException">Either cannot be read or written; both are as they were.</exception>
    /// <exception cref="IOException">The database has rows already.</exception>
    public static void Run(ArchiveFolder folder, DbConnection target)
    {
        using (var index = new SqliteIndex(folder.IndexPath))
        {
            target.Run("BEGIN");
            if (CountOf(target, "instances") + CountOf(target, "quarantine") > 0)
            {
                throw new IOException(
                    $"The database holds an index and {folder.Root} another: give the archive a database of its own."
                );
            }
            index.Read(source =>
            {
                foreach (var table in Tables)
                {
                    Copy(source, target, table);
                }
                return true;
            });
            target.Run("COMMIT");
        }
        File.Move(folder.IndexPath, folder.IndexPath + KeptAs);
        folder.FlushDirectory("");
    }

    private static void Copy(DbConnection source, DbConnection target, string table)
    {
        using var read = source.Command($"SELECT * FROM {table} ORDER BY id");
        using var reader = read.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        using var insert = target.Command(
            $"INSERT INTO {table} ({string.Join(", ", columns)}) OVERRIDING SYSTEM VALUE VALUES ({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))})",
            new object?[columns.Length]
        );
        while (reader.Read())
        {
            for (var i = 0; i < columns.Length; i++)
            {
                insert.Parameters[i].Value = columns[i] is "is_interpretive"
                    ? reader.GetBoolean(i)
                    : IndexDialect.Postgres.Value(reader.GetValue(i))!;
            }
            insert.ExecuteNonQuery();
        }
        // The next number is one that SQLite has never given either.
        target.Run(
            $"SELECT setval(pg_get_serial_sequence('{PostgresSchema.Name}.{table}', 'id'), $1 + 1, false)",
            LastNumber(source, table)
        );
    }

    private static long LastNumber(DbConnection source, string table)
    {
        using var command = source.Command(
            $"SELECT max(coalesce((SELECT max(id) FROM {table}), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = $1), 0))",
            table
        );
        return (long)command.ExecuteScalar()!;
    }

    private static long CountOf(DbConnection target, string table)
    {
        using var command = target.Command($"SELECT count(*) FROM {table}");
        return (long)command.ExecuteScalar()!;
    }
}
