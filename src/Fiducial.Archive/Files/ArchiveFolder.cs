using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fiducial.Archive.Index;

namespace Fiducial.Archive.Files;

/// <summary>
/// The folder of the archive. Objects stand by the hour of their arrival, under a hash of their UID and a number of their
/// own: nothing that a peer sends ever becomes a path, and no two arrivals share a file.
/// </summary>
internal sealed class ArchiveFolder : IDisposable
{
    private const string Instances = "instances";
    private const string Passing = "passing";

    private readonly FileStream _lock;
    private readonly TimeProvider _clock;
    private readonly DriveInfo _drive;
    private volatile string _made = "";
    private long _spaceAskedAt = long.MinValue;
    private long _freeSpace = long.MaxValue;

    /// <exception cref="IOException">Another process has this archive open.</exception>
    public ArchiveFolder(ArchiveOptions options, TimeProvider clock)
    {
        Root = Path.GetFullPath(options.Folder);
        SecondCopy = Path.GetFullPath(options.SecondCopyFolder ?? Path.Combine(Root, "second-copy"));
        _clock = clock;
        Directory.CreateDirectory(Root);
        _drive = new DriveInfo(Root);
        try
        {
            _lock = new FileStream(
                Path.Combine(Root, "archive.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException e)
        {
            throw new IOException($"The archive in {Root} is open in another process. End that one first.", e);
        }
        if (Directory.Exists(PathOf(Passing)))
        {
            // A crash left them, and nobody will ask for them again.
            Directory.Delete(PathOf(Passing), recursive: true);
        }
    }

    public string Root { get; }
    public string SecondCopy { get; }
    public string IndexPath => Path.Combine(Root, IndexPlace.IndexFile);
    public string Previews => Path.Combine(Root, "previews");

    public string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>A name that no other arrival has, relative to the root; its directory is made.</summary>
    public string NewFile(string sopInstanceUid)
    {
        var directory = Path.Combine(Instances, HourOf(_clock.GetUtcNow()));
        if (directory != _made)
        {
            Directory.CreateDirectory(PathOf(directory));
            FlushDirectory(Path.GetDirectoryName(directory)!);
            FlushDirectory(Instances);
            _made = directory;
        }
        var number = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        return Path.Combine(directory, $"{HashOf(sopInstanceUid)}-{number}.dcm");
    }

    /// <summary>A file for a moment, larger than memory may be; it is gone when it is disposed of.</summary>
    public FileStream NewPassingFile()
    {
        Directory.CreateDirectory(PathOf(Passing));
        return new FileStream(
            Path.Combine(PathOf(Passing), Guid.NewGuid().ToString("N")),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            }
        );
    }

    public static string HashOf(string uid) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uid)).AsSpan(0, 16));

    /// <summary>Makes the names in a directory as durable as the bytes of its files.</summary>
    public void FlushDirectory(string directory) => DirectoryFlush.Flush(PathOf(directory));

    /// <summary>Bytes; asked of the file system once a second.</summary>
    public long FreeSpace
    {
        get
        {
            var now = _clock.GetTimestamp();
            var asked = Volatile.Read(ref _spaceAskedAt);
            if (asked == long.MinValue || _clock.GetElapsedTime(asked, now) > TimeSpan.FromSeconds(1))
            {
                Volatile.Write(ref _freeSpace, _drive.AvailableFreeSpace);
                Volatile.Write(ref _spaceAskedAt, now);
            }
            return Volatile.Read(ref _freeSpace);
        }
    }

    /// <summary>Files of objects that arrived in this hour or later, relative to the root.</summary>
    public IEnumerable<string> FilesSince(DateTimeOffset time)
    {
        var root = PathOf(Instances);
        if (!Directory.Exists(root))
        {
            yield break;
        }
        var since = HourOf(time);
        foreach (var day in Directory.EnumerateDirectories(root))
        {
            foreach (var hour in Directory.EnumerateDirectories(day))
            {
                if (string.CompareOrdinal(Path.GetRelativePath(root, hour), since) < 0)
                {
                    continue;
                }
                foreach (var file in Directory.EnumerateFiles(hour))
                {
                    yield return Path.GetRelativePath(Root, file);
                }
            }
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string HourOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'/'HH", CultureInfo.InvariantCulture);
}
