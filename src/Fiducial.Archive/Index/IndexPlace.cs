using System.Data.Common;
using Fiducial.Archive.Files;
using Fiducial.Foundation.Storage;

namespace Fiducial.Archive.Index;

/// <summary>
/// Which index belongs to which images. An archive that is opened with another index than its own would look empty, and all its files
/// would be put into the quarantine: that is refused instead.
/// </summary>
internal static class IndexPlace
{
    private const string Mark = "index-in-postgres";
    private const string Images = "images";
    public const string IndexFile = "index.db";

    /// <exception cref="IOException">The index is not that of these images, or cannot be reached.</exception>
    public static ArchiveIndex Open(ArchiveOptions options, ArchiveFolder folder)
    {
        var mark = folder.PathOf(Mark);
        if (options.Database.Length == 0)
        {
            return OpenFile(folder.Root);
        }
        var index = new PostgresIndex(ClinicDatabase.PostgresConnection(options.Database));
        try
        {
            if (File.Exists(folder.IndexPath))
            {
                IndexMove.Run(folder, index.OpenWriter());
            }
            Claim(index.OpenWriter(), options, folder, mark);
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>For who changes what stands beside the images, such as devices, whether the archive is open in another process or not.</summary>
    /// <exception cref="IOException">The index is elsewhere, or cannot be reached.</exception>
    public static ArchiveIndex OpenBeside(ArchiveOptions options)
    {
        var root = Path.GetFullPath(options.Folder);
        Directory.CreateDirectory(root);
        return options.Database.Length == 0 ? OpenFile(root)
            : File.Exists(Path.Combine(root, IndexFile))
                ? throw new IOException(
                    $"The index of {root} is still in its folder: open the archive with --database once, then it is moved."
                )
            : new PostgresIndex(ClinicDatabase.PostgresConnection(options.Database));
    }

    private static SqliteIndex OpenFile(string root) =>
        File.Exists(Path.Combine(root, Mark))
            ? throw new IOException(
                $"The index of {root} is in PostgreSQL: name it with --database postgres://user:password@host/name."
            )
            : new SqliteIndex(Path.Combine(root, IndexFile));

    private static void Claim(DbConnection writer, ArchiveOptions options, ArchiveFolder folder, string mark)
    {
        // Images of an object storage may be served by several machines, each with a folder of its own.
        var name = options.Store?.Url ?? (File.Exists(mark) ? File.ReadAllText(mark) : Guid.NewGuid().ToString("N"));
        writer.Run("INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", Images, name);
        using var owner = writer.Command("SELECT value FROM facts WHERE name = $1", Images);
        if (owner.ExecuteScalar() as string != name)
        {
            throw new IOException(
                $"The database holds the index of another archive than {folder.Root}: give each archive a database of its own."
            );
        }
        if (!File.Exists(mark))
        {
            File.WriteAllText(mark, name);
            folder.FlushDirectory("");
        }
    }
}
