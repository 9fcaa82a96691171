using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Fiducial.Archive.Index;

/// <summary>
/// What the archive knows of its objects: one connection that writes, and as many that read as are asked for at once. What is indexed is
/// visible; a file that is not indexed does not exist for anyone. The statements are the same in both databases; <see cref="IndexDialect"/>
/// holds what is not.
/// </summary>
internal abstract class ArchiveIndex : IDisposable
{
    public abstract IndexDialect Dialect { get; }

    /// <summary>True when other servers write to it too: what they commit is not signalled here.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Is held by whoever uses the connection that writes, from before it is opened until its transaction has ended.</summary>
    public Lock Writing { get; } = new();

    /// <summary>The one connection that writes, opened anew when the last one was lost.</summary>
    /// <exception cref="DbException">The database is not there.</exception>
    public abstract DbConnection OpenWriter();

    /// <summary>Gives up the connection that writes: whatever it had begun is rolled back by the database.</summary>
    public abstract void ForgetWriter();

    /// <summary>Reads what is committed.</summary>
    /// <exception cref="IndexUnavailableException">The database is not there.</exception>
    public abstract T Read<T>(Func<DbConnection, T> read);

    public abstract void Dispose();
}

internal static class IndexCommands
{
    /// <summary>A command whose parameters are <c>$1</c>, <c>$2</c> … in the order of the values.</summary>
    [SuppressMessage(
        "Security",
        "CA2100",
        Justification = "The texts are those of the archive; every value is a parameter."
    )]
    public static DbCommand Command(this DbConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
        {
            var parameter = command.CreateParameter();
            // SQLite binds by name; PostgreSQL by place, which a parameter without a name says.
            if (connection is Microsoft.Data.Sqlite.SqliteConnection)
            {
                parameter.ParameterName = $"${command.Parameters.Count + 1}";
            }
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    /// <summary>Reads with a statement that the connection keeps, where it keeps some; PostgreSQL's driver does so by itself.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The reader is its caller's, and holds the command.")]
    public static DbDataReader Execute(this DbConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        connection is IndexReader reader
            ? reader.Execute(sql, values)
            : connection.Command(sql, values).ExecuteReader();

    public static void Run(this DbConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = connection.Command(sql, values);
        command.ExecuteNonQuery();
    }
}
