namespace Fiducial.Archive;

/// <summary>Where the archive keeps its images, and what it allows.</summary>
public sealed record ArchiveOptions
{
    /// <summary>Holds the index, the images and everything that is made of them; created when missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Of the index: a <c>postgres://user:password@host:port/name</c> URL or an Npgsql connection text. Empty: SQLite in <see cref="Folder"/>.</summary>
    public string Database { get; init; } = "";

    /// <summary>Where the images are kept; null keeps them as files in <see cref="Folder"/>, which else holds them only on their way.</summary>
    public ObjectStorage? Store { get; init; }

    /// <summary>Where verified second copies are kept: better another disk. Null takes <c>second-copy</c> below <see cref="Folder"/>.</summary>
    public string? SecondCopyFolder { get; init; }

    /// <summary>Bytes; with less than this free, objects are refused with A700 (out of resources) before a byte is written.</summary>
    public long LeastFreeSpace { get; init; } = 512L * 1024 * 1024;

    /// <summary>How much may come by which way.</summary>
    public ArrivalLimits Limits { get; init; } = new();

    /// <summary>Prepares the codecs and verifies what is stored in the background; tests that need neither switch it off.</summary>
    public bool RunsWorkers { get; init; } = true;

    /// <summary>Makes the preview of each image as it arrives. A plain archive has nobody who would look at them.</summary>
    public bool MakesPreviews { get; init; } = true;

    /// <summary>How long images are kept.</summary>
    public RetentionRules Retention { get; init; } = new();

    /// <summary>Each study is read again, hashed and compared with its second copy once in this time.</summary>
    public TimeSpan VerifyEvery { get; init; } = TimeSpan.FromDays(30);
}
