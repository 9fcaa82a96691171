using System.Diagnostics;
using Fiducial.Archive.Index;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Verification;

/// <summary>
/// Goes round the archive for ever: each study is read again, hashed, copied a second time and healed when its turn comes. It takes
/// a tenth of the disk's time at most, and begins with what was verified longest ago.
/// </summary>
internal sealed partial class VerificationRound(
    ArchiveIndex index,
    IndexWriter writer,
    IImageVerification verification,
    ArchiveOptions options,
    TimeProvider clock,
    ILogger<VerificationRound> log
) : BackgroundService
{
    private const int PageLength = 20;
    private const int Pause = 9;

    // What still arrives is verified when it is complete.
    private static readonly TimeSpan Settled = TimeSpan.FromHours(1);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    /// <summary>Verifies the studies that are due, the one verified longest ago first.</summary>
    /// <returns>How many were verified; 0 when none is due.</returns>
    internal async Task<int> VerifyDueAsync(CancellationToken ct)
    {
        var due = Due();
        foreach (var study in due)
        {
            var begun = Stopwatch.GetTimestamp();
            var receipt = await verification.VerifyStudyAsync(study, ct);
            if (!receipt.Ok)
            {
                LogProblems(study, string.Join(' ', receipt.Problems.Take(3)));
            }
            writer.Verified(study, clock.GetUtcNow());
            await Task.Delay(Pause * Stopwatch.GetElapsedTime(begun), clock, ct);
        }
        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await VerifyDueAsync(stoppingToken) > 0)
                {
                    continue;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFault(e);
            }
            await Task.Delay(Idle, clock, stoppingToken);
        }
    }

    private List<string> Due() =>
        index.Read(connection =>
        {
            var now = clock.GetUtcNow();
            using var command = connection.Command(
                """
                SELECT st.uid FROM studies st WHERE st.verified_at < $1 AND NOT EXISTS (
                    SELECT 1 FROM series se JOIN instances i ON i.series = se.id
                    WHERE se.study = st.id AND i.stored_at > $2)
                ORDER BY st.verified_at LIMIT $3
                """,
                (now - options.VerifyEvery).UtcTicks,
                (now - Settled).UtcTicks,
                PageLength
            );
            using var reader = command.ExecuteReader();
            var studies = new List<string>();
            while (reader.Read())
            {
                studies.Add(reader.GetString(0));
            }
            return studies;
        });

    [LoggerMessage(Level = LogLevel.Error, Message = "The study {study} is not as it was received: {problems}")]
    private partial void LogProblems(string study, string problems);

    [LoggerMessage(Level = LogLevel.Error, Message = "Verification could not go on; it is tried again in ten minutes.")]
    private partial void LogFault(Exception e);
}
