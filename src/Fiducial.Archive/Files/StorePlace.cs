using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Files;

/// <summary>Where the images of an archive are, once and for all: an archive that looked for them elsewhere would have lost them.</summary>
internal static class StorePlace
{
    private const string Mark = "images-in";

    /// <exception cref="IOException">The images are elsewhere, or the storage is out of reach.</exception>
    public static IObjectStore Open(ArchiveOptions options, ArchiveFolder folder, ILoggerFactory logs)
    {
        var mark = folder.PathOf(Mark);
        var place =
            File.Exists(mark) ? File.ReadAllText(mark)
            : Directory.Exists(folder.PathOf("instances")) ? ""
            : null;
        var asked = options.Store?.Url ?? "";
        if (place is not null && place != asked)
        {
            throw new IOException(
                place.Length == 0
                    ? $"The images of {folder.Root} are files in that folder: leave --store out, or import them into a new archive."
                    : $"The images of {folder.Root} are in {place}: name it with --store."
            );
        }
        if (options.Store is null)
        {
            return new FolderStore(folder);
        }
        var store = new S3Store(options.Store, folder, logs.CreateLogger<S3Store>());
        if (place is null)
        {
            File.WriteAllText(mark, asked);
            folder.FlushDirectory("");
        }
        return store;
    }
}
