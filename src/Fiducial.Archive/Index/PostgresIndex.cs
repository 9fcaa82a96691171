using System.Data.Common;
using Npgsql;

namespace Fiducial.Archive.Index;

/// <summary>The index in a PostgreSQL database, in a schema of its own beside the clinic's tables. It may be lost and come back at any time.</summary>
internal sealed class PostgresIndex : ArchiveIndex
{
    /// <summary>Seconds: a sender that waits longer gives up by itself and learns nothing.</summary>
    private const int Patience = 10;

    private readonly NpgsqlDataSource _source;
    private NpgsqlConnection? _writer;

    /// <param name="connection">An Npgsql connection text.</param>
    /// <exception cref="IOException">The database is not there, or cannot be used.</exception>
    public PostgresIndex(string connection)
    {
        _source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connection)
            {
                SearchPath = PostgresSchema.Name,
                ApplicationName = "Fiducial archive",
                Timeout = Patience,
                CommandTimeout = 60,
                MaxAutoPrepare = 40,
                // A commit is on the disk before it is answered, whatever the server's default is.
                Options = "-c synchronous_commit=on",
            }
        );
        try
        {
            PostgresSchema.Bring(OpenWriter());
        }
        catch (NpgsqlException e)
        {
            Dispose();
            throw new IOException(
                $"The archive's database cannot be used: {e.Message} Start it, or correct --database.",
                e
            );
        }
    }

    public override IndexDialect Dialect => IndexDialect.Postgres;
    public override bool IsShared => true;

    public override DbConnection OpenWriter() => _writer ??= _source.OpenConnection();

    public override void ForgetWriter()
    {
        // Broken or inside of a transaction: either way it is not used again.
        if (_writer is { } lost)
        {
            _writer = null;
            NpgsqlConnection.ClearPool(lost);
            lost.Dispose();
        }
    }

    /// <exception cref="IndexUnavailableException">The database is not there.</exception>
    public override T Read<T>(Func<DbConnection, T> read)
    {
        try
        {
            return ReadOnce(read);
        }
        // A connection of the pool may have been cut since it was last used; a new one tells whether the database is there.
        catch (NpgsqlException e) when (IsAway(e))
        {
            _source.Clear();
        }
        try
        {
            return ReadOnce(read);
        }
        catch (NpgsqlException e) when (IsAway(e))
        {
            throw new IndexUnavailableException(e);
        }
    }

    public override void Dispose()
    {
        _writer?.Dispose();
        _source.Dispose();
    }

    // PostgreSQL appendix A: 08 connection, 53 resources, 57P shutting down or not yet open. Else the statement is wrong, which waiting does not mend.
    private static bool IsAway(NpgsqlException e) =>
        e is not PostgresException
        || e.SqlState is { } state
            && (
                state.StartsWith("08", StringComparison.Ordinal)
                || state.StartsWith("53", StringComparison.Ordinal)
                || state.StartsWith("57P", StringComparison.Ordinal)
            );

    private T ReadOnce<T>(Func<DbConnection, T> read)
    {
        using var connection = _source.OpenConnection();
        return read(connection);
    }
}
