using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fiducial.Archive.Files;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Receiving;

/// <summary>
/// Takes in what lies in a folder. What has been taken in is written down below the archive's <c>imports</c>, a line for each file, so that
/// a second run goes on where the first one stopped; and the same object twice is kept once in any case.
/// </summary>
internal sealed class FolderImport(StoreService store, ArchiveFolder archive) : IFolderImport
{
    // Several at once share a flush of the index.
    private const int AtOnce = 4;

    public async Task<ImportProgress> ImportAsync(
        string folder,
        IProgress<ImportProgress> progress,
        CancellationToken ct
    )
    {
        var root = Path.GetFullPath(folder);
        var files = Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .ToList();
        var journal = JournalOf(root);
        var done = File.Exists(journal) ? File.ReadLines(journal).ToHashSet(StringComparer.Ordinal) : [];
        var now = new ImportProgress { Files = files.Count };
        using var turn = new SemaphoreSlim(1);
        await using var lines = new StreamWriter(journal, append: true);
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (path, stop) =>
            {
                var line = LineOf(root, path);
                var status = done.Contains(line) ? null : await StoreAsync(path, stop);
                await turn.WaitAsync(stop);
                try
                {
                    now = now.With(path, line.Length > 0 && done.Contains(line), status);
                    if (status is { IsStored: true } || status is null && !done.Contains(line))
                    {
                        await lines.WriteLineAsync(line);
                        await lines.FlushAsync(stop);
                    }
                    progress.Report(now);
                }
                finally
                {
                    turn.Release();
                }
            }
        );
        return now;
    }

    // Null for what is no DICOM object: a DICOMDIR, a read-me, a viewer on the disc.
    private async Task<DimseStatus?> StoreAsync(string path, CancellationToken ct)
    {
        await using var file = new FileStream(
            path,
            new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan }
        );
        var part = new ArrivingPart10(file);
        try
        {
            var syntax = await part.ReadAsync(ct);
            if (part.SopClassUid is DicomUids.MediaStorageDirectoryStorage)
            {
                return null;
            }
            var request = new StoreRequest(
                Allowances.Import,
                "",
                new IPEndPoint(IPAddress.Loopback, 0),
                part.SopClassUid,
                part.SopInstanceUid,
                syntax
            );
            await using var receipt = store.Begin(request, isCommand: false);
            await part.CopyAsync(receipt, ct);
            return await receipt.CompleteAsync(ct);
        }
        catch (DicomFormatException)
        {
            return null;
        }
        catch (DimseException e)
        {
            return e.Status;
        }
    }

    private string JournalOf(string root)
    {
        Directory.CreateDirectory(archive.PathOf("imports"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 8));
        return archive.PathOf(Path.Combine("imports", $"{hash}.txt"));
    }

    // A file that has changed since is taken in again.
    private static string LineOf(string root, string path)
    {
        var info = new FileInfo(path);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{info.Length} {info.LastWriteTimeUtc.Ticks} {Path.GetRelativePath(root, path).ReplaceLineEndings("?")}"
        );
    }
}
