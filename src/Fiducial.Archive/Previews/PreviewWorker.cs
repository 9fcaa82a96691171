using System.Globalization;
using Fiducial.Archive.Codecs;
using Fiducial.Archive.Files;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Previews;

/// <summary>Makes the preview of each instance right after its commit, in the order of commit, and remembers how far it came.</summary>
internal sealed partial class PreviewWorker(
    IStoredInstanceFeed feed,
    PreviewFiles previews,
    ArchiveFolder folder,
    CodecPool codecs,
    ILogger<PreviewWorker> log
) : BackgroundService
{
    private const int GroupLength = 16;

    private string PositionFile => Path.Combine(folder.Previews, "position");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Warm();
        Directory.CreateDirectory(folder.Previews);
        var position = RememberedPosition();
        while (!stoppingToken.IsCancellationRequested)
        {
            var instances = feed.ReadAfter(position, GroupLength);
            if (instances.Count == 0)
            {
                await feed.WaitAsync(position, stoppingToken);
                continue;
            }
            foreach (var instance in instances)
            {
                stoppingToken.ThrowIfCancellationRequested();
                await MakeAsync(instance);
                position = instance.Position;
            }
            await File.WriteAllTextAsync(
                PositionFile,
                position.ToString(CultureInfo.InvariantCulture),
                CancellationToken.None
            );
        }
    }

    // One image that cannot be drawn must not keep the others from it; who asks for it hears of it again.
    private async Task MakeAsync(StoredInstance instance)
    {
        try
        {
            await previews.GetAsync(instance);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFault(e, instance.SopInstanceUid);
        }
    }

    private void Warm()
    {
        try
        {
            codecs.Warm();
        }
        catch (Exception e) when (e is CodecException or IOException or Wasmtime.WasmtimeException)
        {
            LogNoCodecs(e);
        }
    }

    private long RememberedPosition() =>
        File.Exists(PositionFile)
        && long.TryParse(File.ReadAllText(PositionFile), CultureInfo.InvariantCulture, out var position)
            ? position
            : 0;

    [LoggerMessage(Level = LogLevel.Error, Message = "The preview of {sopInstanceUid} could not be made.")]
    private partial void LogFault(Exception e, string sopInstanceUid);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The codecs cannot be used: compressed images are stored and served, but not drawn."
    )]
    private partial void LogNoCodecs(Exception e);
}
