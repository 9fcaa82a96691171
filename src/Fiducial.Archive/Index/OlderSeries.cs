using Fiducial.Archive.Files;
using Fiducial.Dicom;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Index;

/// <summary>
/// Series that were stored before the index held when they were made and for which request: their first object is read again, once. It
/// ends when none is left.
/// </summary>
internal sealed partial class OlderSeries(
    ArchiveIndex index,
    IndexWriter writer,
    IObjectStore store,
    ILogger<OlderSeries> log
) : BackgroundService
{
    private const int PageLength = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (ReadAgain() > 0)
            {
                await Task.Delay(Pause, stoppingToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFault(e);
        }
    }

    private int ReadAgain()
    {
        var older = index.Read(connection =>
        {
            using var reader = connection.Execute(
                """
                SELECT se.id, (SELECT i.file FROM instances i WHERE i.series = se.id ORDER BY i.id LIMIT 1)
                FROM series se WHERE se.date IS NULL ORDER BY se.id LIMIT $1
                """,
                [PageLength]
            );
            var found = new List<(long Series, string? File)>();
            while (reader.Read())
            {
                found.Add((reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
            }
            return found;
        });
        var times = older.ConvertAll(o => (o.Series, Times: o.File is null ? SeriesTimes.Unknown : TimesOf(o.File)));
        if (times.Count > 0)
        {
            writer.Write(connection =>
            {
                foreach (var (series, t) in times)
                {
                    connection.Run(
                        """
                        UPDATE series SET date = $2, time = $3, performed_date = $4, performed_time = $5, requested = $6,
                            scheduled = $7 WHERE id = $1 AND date IS NULL
                        """,
                        series,
                        index.Dialect.Value(t.Date),
                        index.Dialect.Value(t.Time),
                        index.Dialect.Value(t.PerformedDate),
                        index.Dialect.Value(t.PerformedTime),
                        index.Dialect.Value(t.Requested),
                        index.Dialect.Value(t.Scheduled)
                    );
                }
                return times.Count;
            });
        }
        return times.Count;
    }

    // What cannot be read is a matter of the verification, which alerts.
    private SeriesTimes TimesOf(string file)
    {
        try
        {
            using var stream = store.OpenRead(file);
            return SeriesTimes.Of(DicomFile.Read(stream, InstanceFacts.Reading).DataSet);
        }
        catch (Exception e) when (e is IOException or DicomFormatException)
        {
            return SeriesTimes.Unknown;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Older series could not be read again; the next start goes on with them."
    )]
    private partial void LogFault(Exception e);
}
