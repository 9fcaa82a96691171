using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Retention;

/// <summary>Looks every minute whether a deletion was approved, here or in another process, and at the start whether one was half done.</summary>
internal sealed partial class DeletionRound(
    ICarryOutDeletions deletions,
    TimeProvider clock,
    ILogger<DeletionRound> log
) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await deletions.RunAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFault(e);
            }
            await Task.Delay(Look, clock, stoppingToken);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A deletion could not be finished; it is tried again in a minute."
    )]
    private partial void LogFault(Exception e);
}
