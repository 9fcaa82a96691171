using System.Text;
using Fiducial.Archive.Files;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Web;

/// <summary>
/// Metadata that have been asked for once, as JSON, so that a series of hundreds of slices need not be read and written anew. Made of the
/// stored objects and of nothing else: it may be lost or deleted at any time. In place of an instance's address stands
/// <see cref="Address"/>, because each client may see this server under another name.
/// </summary>
internal sealed partial class MetadataStore : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;
        CREATE TABLE IF NOT EXISTS metadata (position INTEGER PRIMARY KEY, json BLOB NOT NULL) STRICT;
        """;

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _write;
    private readonly ILogger<MetadataStore> _log;

    public MetadataStore(ArchiveFolder folder, ILogger<MetadataStore> log)
    {
        _log = log;
        _connection = Open(Path.Combine(folder.Root, "metadata.db"));
        _read = _connection.CreateCommand();
        _read.CommandText = "SELECT json FROM metadata WHERE position = $1";
        _read.Parameters.Add("$1", SqliteType.Integer);
        _write = _connection.CreateCommand();
        _write.CommandText = "INSERT OR REPLACE INTO metadata (position, json) VALUES ($1, $2)";
        _write.Parameters.Add("$1", SqliteType.Integer);
        _write.Parameters.Add("$2", SqliteType.Blob);
    }

    /// <summary>No text of a data set is likely to have it, and one that has it deceives only who reads it.</summary>
    public static ReadOnlySpan<byte> Address => "urn:fiducial:address-of-the-instance"u8;

    public static string AddressText { get; } = Encoding.ASCII.GetString(Address);

    /// <summary>Of each instance, in order; null for one that is not here.</summary>
    public byte[]?[] Read(IReadOnlyList<StoredInstance> instances)
    {
        lock (_lock)
        {
            var found = new byte[]?[instances.Count];
            for (var i = 0; i < found.Length; i++)
            {
                _read.Parameters[0].Value = instances[i].Position;
                found[i] = (byte[]?)_read.ExecuteScalar();
            }
            return found;
        }
    }

    public void Write(IReadOnlyList<(long Position, byte[] Json)> made)
    {
        lock (_lock)
        {
            try
            {
                using var transaction = _connection.BeginTransaction();
                foreach (var (position, json) in made)
                {
                    _write.Transaction = transaction;
                    _write.Parameters[0].Value = position;
                    _write.Parameters[1].Value = json;
                    _write.ExecuteNonQuery();
                }
                transaction.Commit();
            }
            catch (SqliteException e)
            {
                LogNotKept(e);
            }
        }
    }

    /// <summary>The last tombstone of which nothing is here any longer. Lost with the file, of which then nothing is left either.</summary>
    public long ForgottenUpTo
    {
        get
        {
            lock (_lock)
            {
                using var command = _connection.CreateCommand();
                command.CommandText = "PRAGMA user_version";
                return (long)command.ExecuteScalar()!;
            }
        }
        set
        {
            lock (_lock)
            {
                using var command = _connection.CreateCommand();
                command.CommandText = string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"PRAGMA user_version = {value}; PRAGMA wal_checkpoint(TRUNCATE);"
                );
                command.ExecuteNonQuery();
            }
        }
    }

    /// <summary>Takes away what was made of an object that was deleted; its bytes are overwritten.</summary>
    public void Forget(long position)
    {
        lock (_lock)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "DELETE FROM metadata WHERE position = $1";
            command.Parameters.AddWithValue("$1", position);
            command.ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
        _connection.Dispose();
    }

    // Not synced: a power failure may damage it, and then it is made anew.
    private static SqliteConnection Open(string path)
    {
        try
        {
            return OpenFile(path);
        }
        catch (SqliteException)
        {
            File.Delete(path);
            File.Delete(path + "-wal");
            return OpenFile(path);
        }
    }

    private static SqliteConnection OpenFile(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()
        );
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Schema;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Metadata that were made could not be kept; they will be made again."
    )]
    private partial void LogNotKept(Exception e);
}
