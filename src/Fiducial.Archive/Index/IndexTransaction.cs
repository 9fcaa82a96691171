using System.Data.Common;

namespace Fiducial.Archive.Index;

/// <summary>
/// A transaction that writes beside the arrivals, on the disk when <see cref="Run"/> returns: through the index writer of an archive that is
/// open here, or on a connection of its own beside one that may be open elsewhere.
/// </summary>
internal sealed class IndexTransaction
{
    private readonly Action<Action<DbConnection>> _run;

    public IndexTransaction(IndexWriter writer) =>
        _run = write =>
            writer.Write(connection =>
            {
                write(connection);
                return true;
            });

    public IndexTransaction(ArchiveIndex index) =>
        _run = write =>
        {
            lock (index.Writing)
            {
                try
                {
                    var connection = index.OpenWriter();
                    connection.Run(index.Dialect.Begin);
                    write(connection);
                    connection.Run("COMMIT");
                }
                catch
                {
                    index.ForgetWriter();
                    throw;
                }
            }
        };

    /// <summary>All of it or nothing: an exception rolls it back.</summary>
    public void Run(Action<DbConnection> write) => _run(write);
}

/// <summary>Moments as the index keeps them: ticks of UTC.</summary>
internal static class IndexTime
{
    public static DateTimeOffset Of(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? OrNull(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Of(reader.GetInt64(column));
}
