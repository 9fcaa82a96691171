using System.Globalization;
using Fiducial.Archive.Files;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Previews;

/// <summary>Makes the preview of each instance right after its commit, on every processor at once, and remembers how far it came.</summary>
internal sealed partial class PreviewWorker(
    IStoredInstanceFeed feed,
    PreviewFiles previews,
    ArchiveFolder folder,
    ILogger<PreviewWorker> log
) : BackgroundService
{
    private const int MostWaiting = 4096;
    private const int PageLength = 256;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly SemaphoreSlim _room = new(MostWaiting);
    private long _remembered;

    private string PositionFile => Path.Combine(folder.Previews, "position");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Directory.CreateDirectory(folder.Previews);
        _remembered = RememberedPosition();
        var queue = new PreviewQueue(_remembered);
        var makers = Enumerable
            .Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => MakeAsync(queue, stoppingToken), stoppingToken));
        await Task.WhenAll([ReadAsync(queue, stoppingToken), .. makers]);
    }

    public override void Dispose()
    {
        base.Dispose();
        _waiting.Dispose();
        _room.Dispose();
    }

    private async Task ReadAsync(PreviewQueue queue, CancellationToken ct)
    {
        var position = _remembered;
        while (true)
        {
            var instances = feed.ReadAfter(position, PageLength);
            if (instances.Count == 0)
            {
                await feed.WaitAsync(position, ct);
                continue;
            }
            foreach (var instance in instances)
            {
                await _room.WaitAsync(ct);
                lock (_lock)
                {
                    queue.Add(instance);
                }
                _waiting.Release();
            }
            position = instances[^1].Position;
        }
    }

    private async Task MakeAsync(PreviewQueue queue, CancellationToken ct)
    {
        while (true)
        {
            await _waiting.WaitAsync(ct);
            StoredInstance next;
            lock (_lock)
            {
                next = queue.Take()!;
            }
            await MakeAsync(next);
            _room.Release();
            lock (_lock)
            {
                queue.Done(next);
                Remember(queue);
            }
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

    // When nothing waits, or now and then: what is forgotten by a crash is looked at once more, and is there already.
    private void Remember(PreviewQueue queue)
    {
        if (queue.MadeUpTo > _remembered && (queue.Count == 0 || queue.MadeUpTo > _remembered + PageLength))
        {
            _remembered = queue.MadeUpTo;
            File.WriteAllText(PositionFile, _remembered.ToString(CultureInfo.InvariantCulture));
        }
    }

    private long RememberedPosition() =>
        File.Exists(PositionFile)
        && long.TryParse(File.ReadAllText(PositionFile), CultureInfo.InvariantCulture, out var position)
            ? position
            : 0;

    [LoggerMessage(Level = LogLevel.Error, Message = "The preview of {sopInstanceUid} could not be made.")]
    private partial void LogFault(Exception e, string sopInstanceUid);
}
