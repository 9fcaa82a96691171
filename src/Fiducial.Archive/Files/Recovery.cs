using System.Globalization;
using Fiducial.Archive.Index;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Files;

/// <summary>
/// What a crash left: files whose object was never acknowledged. They are moved to the quarantine and never deleted, because
/// an index that was restored from an older backup makes good files look the same.
/// </summary>
internal sealed partial class Recovery
{
    private const string LastRun = "last-recovery";

    // No message takes a day: what an earlier run has looked through needs no second look.
    private static readonly TimeSpan LongestMessage = TimeSpan.FromDays(1);

    /// <summary>Runs before the first object is taken.</summary>
    /// <returns>How many files were moved away.</returns>
    public static int Run(ArchiveIndex index, ArchiveFolder folder, TimeProvider clock, ILogger log)
    {
        var now = clock.GetUtcNow();
        var since = Since(index.Writer);
        var orphans = index.Read(c =>
        {
            using var find = c.CreateCommand();
            find.CommandText = "SELECT 1 FROM instances WHERE file = $1";
            var file = find.Parameters.Add("$1", SqliteType.Text);
            return folder
                .FilesSince(since)
                .Where(f =>
                {
                    file.Value = f;
                    return find.ExecuteScalar() is null;
                })
                .ToList();
        });
        foreach (var orphan in orphans)
        {
            folder.MoveToQuarantine(orphan);
        }
        if (orphans.Count > 0)
        {
            LogOrphans(log, orphans.Count);
        }
        using var remember = index.Writer.CreateCommand();
        remember.CommandText = "INSERT OR REPLACE INTO facts (name, value) VALUES ($1, $2)";
        remember.Parameters.AddWithValue("$1", LastRun);
        remember.Parameters.AddWithValue("$2", now.UtcTicks.ToString(CultureInfo.InvariantCulture));
        remember.ExecuteNonQuery();
        return orphans.Count;
    }

    private static DateTimeOffset Since(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM facts WHERE name = $1";
        command.Parameters.AddWithValue("$1", LastRun);
        return command.ExecuteScalar() is string ticks
            ? new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero) - LongestMessage
            : DateTimeOffset.MinValue;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{count} files were never acknowledged to their sender, or are missing in the index: moved to the quarantine."
    )]
    private static partial void LogOrphans(ILogger log, int count);
}
