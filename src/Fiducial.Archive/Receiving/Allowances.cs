using System.Collections.Concurrent;
using Fiducial.Archive.Devices;
using Fiducial.Archive.Index;
using Fiducial.Dicom.Network;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Receiving;

/// <summary>
/// How many bytes may still come from a device, by STOW-RS or by an import, where there is a limit: a sender that runs wild fills its own share
/// and not the archive. What it sent in the last 24 hours is counted from the index, so that a restart and another server change nothing; what is on its way counts too.
/// </summary>
internal sealed partial class Allowances(
    ArchiveOptions options,
    ArchiveIndex index,
    TimeProvider clock,
    ILogger<Allowances> log,
    DeviceRegistry? registry = null
)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    // What other servers of the archive took is seen after this time.
    private static readonly TimeSpan Recount = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Share> _shares = new(StringComparer.Ordinal);

    // No instance that was stored before the day has a greater position; it only grows.
    private long _before;

    /// <summary>What stands as calling AE title of objects that were posted, and of those that a folder held: they came from no device.</summary>
    public const string StowRs = "STOW-RS";

    /// <inheritdoc cref="StowRs"/>
    public const string Import = "IMPORT";

    public static DimseStatus TooLarge { get; } =
        DimseStatus.OutOfResources("The object is larger than its sender may send");

    public static DimseStatus DayIsFull { get; } =
        DimseStatus.OutOfResources("The sender has sent all that it may in a day");

    /// <summary>For one object that arrives; null for a sender without a limit.</summary>
    /// <param name="sender">Its AE title, or <see cref="StowRs"/> or <see cref="Import"/>.</param>
    /// <param name="isDevice">It came over an association.</param>
    /// <exception cref="DimseException">It has sent all that it may.</exception>
    public Allowance? Begin(string sender, bool isDevice)
    {
        var limits =
            isDevice ? OfDevice(sender)
            : sender is Import ? options.Limits.Import
            : sender is StowRs ? options.Limits.StowRs
            // The house itself.
            : new ByteLimits();
        if (limits is { MostBytesADay: 0, LargestObject: 0 })
        {
            return null;
        }
        var share = _shares.GetOrAdd(sender, _ => new Share());
        if (limits.MostBytesADay > 0)
        {
            CountAgain(sender, share);
        }
        var allowance = new Allowance(this, sender, limits, share);
        allowance.Take(0);
        return allowance;
    }

    private ByteLimits OfDevice(string aeTitle)
    {
        var site = options.Limits.Associations;
        return registry?.Devices.FirstOrDefault(d => d.AETitle == aeTitle) is { } device
            ? new ByteLimits(
                device.MostBytesADay > 0 ? device.MostBytesADay : site.MostBytesADay,
                device.LargestObject > 0 ? device.LargestObject : site.LargestObject
            )
            : site;
    }

    private void CountAgain(string sender, Share share)
    {
        lock (share)
        {
            var now = clock.GetUtcNow();
            if (share.CountedAt is { } at && now - at < Recount && now >= at)
            {
                return;
            }
            try
            {
                share.Sent = index.Read(c => Sent(c, sender, (now - Day).UtcTicks));
                share.CountedAt = now;
            }
            catch (IndexUnavailableException)
            {
                throw new DimseException(DimseStatus.OutOfResources("The archive's index cannot be read"));
            }
        }
    }

    private long Sent(System.Data.Common.DbConnection connection, string aeTitle, long since)
    {
        var (low, high) = (_before, Number(connection, "SELECT coalesce(max(id), 0) FROM instances"));
        // Positions grow with time: the first of the day is found by halving, without reading what is older.
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var at = Number(
                connection,
                "SELECT coalesce((SELECT stored_at FROM instances WHERE id > $1 ORDER BY id LIMIT 1), $2)",
                middle,
                since
            );
            (low, high) = at < since ? (middle + 1, high) : (low, middle);
        }
        _before = low;
        return Number(
                connection,
                "SELECT CAST(coalesce(sum(length), 0) AS BIGINT) FROM instances WHERE id > $1 AND calling_ae = $2 AND stored_at >= $3",
                low,
                aeTitle,
                since
            )
            + Number(
                connection,
                "SELECT CAST(coalesce(sum(length), 0) AS BIGINT) FROM quarantine WHERE calling_ae = $1 AND at >= $2",
                aeTitle,
                since
            );
    }

    private static long Number(
        System.Data.Common.DbConnection connection,
        string sql,
        params ReadOnlySpan<object?> values
    )
    {
        using var command = connection.Command(sql, values);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Of one sender, on this server.</summary>
    internal sealed class Share
    {
        public DateTimeOffset? CountedAt { get; set; }

        /// <summary>Bytes of the last 24 hours that are stored.</summary>
        public long Sent { get; set; }

        /// <summary>Bytes of objects that are not complete.</summary>
        public long Arriving { get; set; }
    }

    /// <summary>What one object takes of its sender's share.</summary>
    internal sealed class Allowance(Allowances allowances, string sender, ByteLimits limits, Share share)
    {
        private long _length;

        /// <exception cref="DimseException">The object or the day is full: A700, out of resources (PS3.4 B.2.3).</exception>
        public void Take(int bytes)
        {
            lock (share)
            {
                if (limits.LargestObject > 0 && _length + bytes > limits.LargestObject)
                {
                    allowances.LogTooLarge(sender, limits.LargestObject);
                    throw new DimseException(TooLarge);
                }
                var sent = share.Sent + share.Arriving + bytes;
                if (
                    limits.MostBytesADay > 0
                    && (sent > limits.MostBytesADay || (bytes == 0 && sent == limits.MostBytesADay))
                )
                {
                    allowances.LogFull(sender, share.Sent, limits.MostBytesADay);
                    throw new DimseException(DayIsFull);
                }
                share.Arriving += bytes;
                _length += bytes;
            }
        }

        /// <summary>The object was kept, or was not.</summary>
        public void End(bool isKept)
        {
            lock (share)
            {
                share.Arriving -= _length;
                share.Sent += isKept ? _length : 0;
                _length = 0;
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{sender} has sent {sent} bytes within 24 hours and may send {most}: an object was refused. fiducial device change, or Limits in fiducial.json, gives it more."
    )]
    private partial void LogFull(string sender, long sent, long most);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{sender} sent an object that is larger than the {largest} bytes that it may have: it was refused. fiducial device change, or Limits in fiducial.json, gives it more."
    )]
    private partial void LogTooLarge(string sender, long largest);
}
