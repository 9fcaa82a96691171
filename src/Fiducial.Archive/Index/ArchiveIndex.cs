using System.Collections.Concurrent;
using Fiducial.Archive.Files;
using Microsoft.Data.Sqlite;

namespace Fiducial.Archive.Index;

/// <summary>
/// The SQLite index: one connection that writes, and as many that read as are asked for at once. What is indexed is visible;
/// a file that is not indexed does not exist for anyone.
/// </summary>
internal sealed class ArchiveIndex : IDisposable
{
    /// <summary>In SQL: (name, what was asked for) is true when they are alike.</summary>
    public const string FuzzyFunction = "fiducial_is_like";

    private readonly string _connectionText;
    private readonly ConcurrentBag<IndexReader> _readers = [];
    private volatile bool _isClosed;

    public ArchiveIndex(ArchiveFolder folder)
    {
        _connectionText = new SqliteConnectionStringBuilder
        {
            DataSource = folder.IndexPath,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString();
        Writer = Open(new SqliteConnection(_connectionText));
        Run(Writer, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;");
        IndexSchema.Bring(Writer);
    }

    /// <summary>The one connection that writes; only the index writer uses it.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>Reads what is committed.</summary>
    public T Read<T>(Func<IndexReader, T> read)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_readers.TryTake(out var connection))
        {
            connection = Open(new IndexReader(_connectionText));
            Run(connection, "PRAGMA query_only = 1;");
            connection.CreateFunction(
                FuzzyFunction,
                (string name, string asked) => NameKey.IsLike(name, asked),
                isDeterministic: true
            );
        }
        try
        {
            return read(connection);
        }
        finally
        {
            if (_isClosed)
            {
                connection.Dispose();
            }
            else
            {
                _readers.Add(connection);
            }
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        while (_readers.TryTake(out var connection))
        {
            connection.Dispose();
        }
        Writer.Dispose();
    }

    private static T Open<T>(T connection)
        where T : SqliteConnection
    {
        connection.Open();
        // FULL: a commit is on the disk before it is answered, also when the power fails.
        Run(
            connection,
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;"
        );
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
