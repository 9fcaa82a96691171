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
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS patients (
            id INTEGER PRIMARY KEY, patient_id TEXT NOT NULL, issuer TEXT NOT NULL, name TEXT NOT NULL,
            birth_date TEXT NOT NULL, sex TEXT NOT NULL, name_key TEXT NOT NULL,
            UNIQUE (patient_id, issuer, name, birth_date, sex)) STRICT;
        CREATE INDEX IF NOT EXISTS patients_by_name ON patients (name_key);
        CREATE TABLE IF NOT EXISTS studies (
            id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, patient INTEGER NOT NULL REFERENCES patients,
            date TEXT NOT NULL, time TEXT NOT NULL, study_id TEXT NOT NULL, accession TEXT NOT NULL,
            referring TEXT NOT NULL, referring_key TEXT NOT NULL, description TEXT NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS studies_by_patient ON studies (patient);
        CREATE INDEX IF NOT EXISTS studies_by_date ON studies (date, time);
        CREATE INDEX IF NOT EXISTS studies_by_accession ON studies (accession);
        CREATE TABLE IF NOT EXISTS series (
            id INTEGER PRIMARY KEY, study INTEGER NOT NULL REFERENCES studies, uid TEXT NOT NULL, modality TEXT NOT NULL,
            number INTEGER, description TEXT NOT NULL, protocol TEXT NOT NULL, UNIQUE (study, uid)) STRICT;
        CREATE INDEX IF NOT EXISTS series_by_uid ON series (uid);
        CREATE TABLE IF NOT EXISTS instances (
            id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, series INTEGER NOT NULL REFERENCES series,
            patient INTEGER NOT NULL REFERENCES patients, sop_class TEXT NOT NULL, transfer_syntax TEXT NOT NULL,
            calling_ae TEXT NOT NULL, sha256 BLOB NOT NULL, length INTEGER NOT NULL, stored_at INTEGER NOT NULL,
            accession TEXT NOT NULL, body_part TEXT NOT NULL, laterality TEXT NOT NULL, view_position TEXT NOT NULL,
            number INTEGER, rows INTEGER, columns INTEGER, frames INTEGER NOT NULL, file TEXT NOT NULL UNIQUE,
            data_set_offset INTEGER NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS instances_by_series ON instances (series);
        CREATE TABLE IF NOT EXISTS quarantine (
            id INTEGER PRIMARY KEY, uid TEXT NOT NULL, sha256 BLOB NOT NULL, calling_ae TEXT NOT NULL, at INTEGER NOT NULL,
            file TEXT NOT NULL, reason TEXT NOT NULL, UNIQUE (uid, sha256)) STRICT;
        CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        """;

    private readonly string _connectionText;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private volatile bool _isClosed;

    public ArchiveIndex(ArchiveFolder folder)
    {
        _connectionText = new SqliteConnectionStringBuilder
        {
            DataSource = folder.IndexPath,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString();
        Writer = Open();
        Run(Writer, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;");
        Run(Writer, Schema);
    }

    /// <summary>The one connection that writes; only the index writer uses it.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>Reads what is committed.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_readers.TryTake(out var connection))
        {
            connection = Open();
            Run(connection, "PRAGMA query_only = 1;");
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

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionText);
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
