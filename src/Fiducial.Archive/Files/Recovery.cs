using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Files;

/// <summary>
/// What a crash left: files whose object was never acknowledged. They are listed in the quarantine and never deleted, because
/// an index that was restored from an older backup makes good files look the same.
/// </summary>
internal sealed partial class Recovery
{
    private const string Reason = "The object was never acknowledged to its sender, or is missing in the index.";

    // No message takes a day: what an earlier run has looked through needs no second look.
    private static readonly TimeSpan LongestMessage = TimeSpan.FromDays(1);

    /// <summary>Runs before the first object is taken.</summary>
    /// <returns>How many files were found that nobody knows.</returns>
    public static int Run(ArchiveIndex index, ArchiveFolder folder, IObjectStore store, TimeProvider clock, ILogger log)
    {
        var now = clock.GetUtcNow();
        // What left the folder stays there only until the index speaks of it: all that is there is looked at.
        var since = store.IsElsewhere ? DateTimeOffset.MinValue : index.Read(c => Since(c, folder));
        var files = folder.FilesSince(since).ToList();
        var orphans = Orphans(index, files);
        foreach (var known in files.Except(orphans, StringComparer.Ordinal))
        {
            store.Kept(known);
        }
        using (var statements = new IndexStatements(index.OpenWriter(), index.Dialect))
        {
            statements.Begin();
            foreach (var orphan in orphans)
            {
                store.KeepAsync(orphan).GetAwaiter().GetResult();
                statements.Quarantine(Describe(folder.PathOf(orphan), orphan, now), Reason);
            }
            statements.Commit();
        }
        orphans.ForEach(store.Kept);
        if (orphans.Count > 0)
        {
            LogOrphans(log, orphans.Count);
        }
        index
            .OpenWriter()
            .Run(
                "INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                LastRunOf(folder),
                now.UtcTicks.ToString(CultureInfo.InvariantCulture)
            );
        return orphans.Count;
    }

    private static List<string> Orphans(ArchiveIndex index, List<string> files) =>
        index.Read(c =>
        {
            using var find = c.Command(
                """
                SELECT 1 FROM instances WHERE file = $1 UNION ALL SELECT 1 FROM quarantine WHERE file = $1
                UNION ALL SELECT 1 FROM tombstones WHERE file = $1
                """,
                ""
            );
            return files
                .Where(f =>
                {
                    find.Parameters[0].Value = f;
                    return find.ExecuteScalar() is null;
                })
                .ToList();
        });

    private static Arrival Describe(string path, string file, DateTimeOffset now)
    {
        using var stream = File.OpenRead(path);
        var head =
            Read(stream, InstanceFacts.Reading)
            ?? Read(stream, new DicomReadOptions { StopBefore = new DicomTag(0x0003, 0) });
        var meta = head?.FileMeta ?? [];
        InstanceFacts Facts(DicomDataSet set) =>
            InstanceFacts.Of(
                set,
                meta.GetString(DicomTags.MediaStorageSOPClassUID) ?? "",
                meta.GetString(DicomTags.MediaStorageSOPInstanceUID) ?? ""
            );
        InstanceFacts facts;
        try
        {
            facts = Facts(head?.DataSet ?? []);
        }
        catch (DicomFormatException)
        {
            facts = Facts([]);
        }
        stream.Position = head?.DataSetOffset ?? 0;
        return new Arrival
        {
            Facts = facts,
            TransferSyntaxUid = meta.GetString(DicomTags.TransferSyntaxUID) ?? "",
            CallingAE = meta.GetString(DicomTags.SourceApplicationEntityTitle) ?? "",
            Length = stream.Length - stream.Position,
            DataSetOffset = stream.Position,
            Sha256 = SHA256.HashData(stream),
            File = file,
            At = now,
        };
    }

    // Cut off anywhere: then perhaps its group 0002, which we wrote ourselves, can be read.
    private static DicomFile? Read(Stream stream, DicomReadOptions options)
    {
        try
        {
            return DicomFile.Read(stream, options);
        }
        catch (DicomFormatException)
        {
            return null;
        }
    }

    // Several servers may share an index, and each looks through its own folder. It stands in the index, so that one that is restored from a
    // backup has files looked through from then on.
    private static string LastRunOf(ArchiveFolder folder) =>
        $"last-recovery of {Environment.MachineName}:{folder.Root}";

    private static DateTimeOffset Since(DbConnection connection, ArchiveFolder folder)
    {
        using var command = connection.Command("SELECT value FROM facts WHERE name = $1", LastRunOf(folder));
        return command.ExecuteScalar() is string ticks
            ? new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero) - LongestMessage
            : DateTimeOffset.MinValue;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{count} files were never acknowledged to their sender, or are missing in the index: they are listed in the quarantine."
    )]
    private static partial void LogOrphans(ILogger log, int count);
}
