using Fiducial.Archive.Files;
using Fiducial.Archive.Index;
using Fiducial.Archive.Previews;
using Fiducial.Archive.Web;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Retention;

/// <summary>Carries out what was approved.</summary>
public interface ICarryOutDeletions
{
    /// <summary>
    /// Each study that is approved and still due ceases to exist; then the bytes of everything that ceased to, now or before a crash, are
    /// taken away: the object, its second copy, and what was made of it on this machine.
    /// </summary>
    /// <returns>The deletions that were refused after all, as they stand now.</returns>
    /// <exception cref="IOException">Bytes could not be taken away; it is tried again with the next call.</exception>
    Task<IReadOnlyList<Deletion>> RunAsync(CancellationToken ct);
}

internal sealed partial class CarryOutDeletions(
    ArchiveIndex index,
    IndexWriter writer,
    IObjectStore store,
    Deletions deletions,
    Entombment entombment,
    IRetentionGuard guard,
    PreviewFiles previews,
    MetadataStore metadata,
    TimeProvider clock,
    ILogger<CarryOutDeletions> log
) : ICarryOutDeletions
{
    private const int PageLength = 100;

    public async Task<IReadOnlyList<Deletion>> RunAsync(CancellationToken ct)
    {
        var refused = new List<Deletion>();
        foreach (var approved in deletions.Approved())
        {
            var refusal = await guard.WhileStillAsync(
                approved.StudyInstanceUid,
                known => entombment.Run(approved.Id, known),
                ct
            );
            if (refusal is null)
            {
                LogDeleted(approved.StudyInstanceUid, approved.Rule, approved.RequestedBy, approved.DecidedBy);
            }
            else
            {
                LogKept(approved.StudyInstanceUid, refusal);
                refused.Add(deletions.Find(approved.Id)!);
            }
        }
        await RemoveBytesAsync(ct);
        ForgetWhatWasMade();
        return refused;
    }

    // A file is crossed off when it is gone for certain; one that is gone already is no error.
    private async Task RemoveBytesAsync(CancellationToken ct)
    {
        while (true)
        {
            var left = index.Read(c =>
            {
                using var reader = c.Execute(
                    "SELECT id, file FROM tombstones WHERE removed_at IS NULL ORDER BY id LIMIT $1",
                    PageLength
                );
                var files = new List<(long Id, string File)>();
                while (reader.Read())
                {
                    files.Add((reader.GetInt64(0), reader.GetString(1)));
                }
                return files;
            });
            if (left.Count == 0)
            {
                return;
            }
            foreach (var (_, file) in left)
            {
                await store.DestroyAsync(file, ct);
            }
            writer.Write(connection =>
            {
                foreach (var (id, _) in left)
                {
                    connection.Run(
                        "UPDATE tombstones SET removed_at = $2 WHERE id = $1",
                        id,
                        clock.GetUtcNow().UtcTicks
                    );
                }
                return true;
            });
        }
    }

    // Each server of an archive has made previews and metadata of its own, and remembers up to which tombstone it has forgotten them.
    private void ForgetWhatWasMade()
    {
        while (true)
        {
            var gone = index.Read(c =>
            {
                using var reader = c.Execute(
                    "SELECT id, position, uid FROM tombstones WHERE id > $1 ORDER BY id LIMIT $2",
                    metadata.ForgottenUpTo,
                    PageLength
                );
                var rows = new List<(long Id, long Position, string Uid)>();
                while (reader.Read())
                {
                    rows.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2)));
                }
                return rows;
            });
            if (gone.Count == 0)
            {
                return;
            }
            foreach (var (_, position, uid) in gone.Where(g => g.Position > 0))
            {
                previews.Forget(uid);
                metadata.Forget(position);
            }
            metadata.ForgottenUpTo = gone[^1].Id;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The study {study} was deleted: {rule}; asked for by {requestedBy}, approved by {decidedBy}."
    )]
    private partial void LogDeleted(string study, string rule, string requestedBy, string decidedBy);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The study {study} was not deleted: {refusal}")]
    private partial void LogKept(string study, string refusal);
}
