namespace Fiducial.Archive.Files;

/// <summary>Objects stay where they arrived: plain Part 10 files below the archive's folder.</summary>
internal sealed class FolderStore(ArchiveFolder folder) : IObjectStore
{
    private const int ChunkLength = 256 * 1024;

    public bool IsElsewhere => false;

    // Its name is made durable with those of its group, by the index writer.
    public Task KeepAsync(string file) => Task.CompletedTask;

    public void Kept(string file) { }

    public Task RemoveAsync(string file)
    {
        File.Delete(folder.PathOf(file));
        return Task.CompletedTask;
    }

    public Task DestroyAsync(string file, CancellationToken ct)
    {
        foreach (var path in (string[])[folder.PathOf(file), Path.Combine(folder.SecondCopy, file)])
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                // A power failure must not bring the name back.
                DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
            }
        }
        return Task.CompletedTask;
    }

    public Stream OpenRead(string file) => Open(folder.PathOf(file));

    public Stream OpenSecondCopy(string file) => Open(Path.Combine(folder.SecondCopy, file));

    public Task MakeSecondCopyAsync(string file, CancellationToken ct) =>
        CopyAsync(folder.PathOf(file), Path.Combine(folder.SecondCopy, file), ct);

    public Task HealAsync(string file, CancellationToken ct) =>
        CopyAsync(Path.Combine(folder.SecondCopy, file), folder.PathOf(file), ct);

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.Read,
                    Share = FileShare.Read | FileShare.Delete,
                    BufferSize = 0,
                    Options = FileOptions.Asynchronous,
                }
            );
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException(e.Message, path, e);
        }
    }

    // Beside its place, then renamed: a crash leaves the old bytes or the new ones and nothing between.
    private static async Task CopyAsync(string from, string to, CancellationToken ct)
    {
        var directory = Path.GetDirectoryName(to)!;
        Directory.CreateDirectory(directory);
        var beside = to + ".new";
        await using (
            var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true)
        )
        await using (
            var copy = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 0, useAsync: true)
        )
        {
            await source.CopyToAsync(copy, ChunkLength, ct);
            copy.Flush(flushToDisk: true);
        }
        File.Move(beside, to, overwrite: true);
        DirectoryFlush.Flush(directory);
    }
}
