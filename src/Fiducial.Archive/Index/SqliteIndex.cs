using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Fiducial.Archive.Index;

/// <summary>The index in a file of the archive's folder.</summary>
internal sealed class SqliteIndex : ArchiveIndex
{
    private readonly string _connectionText;
    private readonly SqliteConnection _writer;
    private readonly ConcurrentBag<IndexReader> _readers = [];
    private volatile bool _isClosed;

    /// <param name="path">Of the file; made when it is missing.</param>
    public SqliteIndex(string path)
    {
        _connectionText = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString();
        _writer = Open(new SqliteConnection(_connectionText));
        _writer.Run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;");
        SqliteSchema.Bring(_writer);
    }

    public override IndexDialect Dialect => IndexDialect.Sqlite;
    public override bool IsShared => false;

    public override DbConnection OpenWriter() => _writer;

    // A file is not lost as a server is: what was begun is rolled back on the connection itself.
    public override void ForgetWriter()
    {
        // SQLite has rolled back by itself after some errors; there is nothing open then.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_writer.Handle) == 0)
        {
            _writer.Run("ROLLBACK");
        }
    }

    public override T Read<T>(Func<DbConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_readers.TryTake(out var connection))
        {
            connection = Open(new IndexReader(_connectionText));
            connection.Run("PRAGMA query_only = 1;");
            connection.CreateFunction(
                IndexDialect.FuzzyFunction,
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

    public override void Dispose()
    {
        _isClosed = true;
        while (_readers.TryTake(out var connection))
        {
            connection.Dispose();
        }
        _writer.Dispose();
    }

    private static T Open<T>(T connection)
        where T : SqliteConnection
    {
        connection.Open();
        // FULL: a commit is on the disk before it is answered, also when the power fails.
        connection.Run(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;"
        );
        return connection;
    }
}
