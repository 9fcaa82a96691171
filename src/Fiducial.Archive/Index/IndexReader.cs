using Microsoft.Data.Sqlite;

namespace Fiducial.Archive.Index;

/// <summary>
/// A connection that reads the index, for one caller at a time. It keeps its statements: the text of a search holds no values, so there are few,
/// and preparing one of them costs more than running it.
/// </summary>
internal sealed class IndexReader(string connectionText) : SqliteConnection(connectionText)
{
    private const int MostStatements = 64;

    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    /// <summary>The statement for this text, with these values as $1, $2 …; it must be read to its end or disposed of before it is asked for again.</summary>
    public SqliteDataReader Execute(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            if (_statements.Count == MostStatements)
            {
                Forget();
            }
            command = CreateCommand();
            command.CommandText = sql;
            _statements[sql] = command;
        }
        command.Parameters.Clear();
        var number = 0;
        foreach (var value in values)
        {
            command.Parameters.AddWithValue($"${++number}", value ?? DBNull.Value);
        }
        return command.ExecuteReader();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
        }
        base.Dispose(disposing);
    }

    private void Forget()
    {
        foreach (var command in _statements.Values)
        {
            command.Dispose();
        }
        _statements.Clear();
    }
}
