namespace Fiducial.Archive.Files;

/// <summary>
/// Where the bytes of objects stay. An object arrives as a file of the archive's folder; the store keeps it there, or takes it elsewhere
/// before the index speaks of it. Names are those of the files, relative to the folder.
/// </summary>
internal interface IObjectStore
{
    /// <summary>True when objects leave the folder.</summary>
    bool IsElsewhere { get; }

    /// <summary>Makes a file that is complete and on the disk durable in the store.</summary>
    /// <exception cref="IOException">The store is full, failed or out of reach.</exception>
    Task KeepAsync(string file);

    /// <summary>The index speaks of it now: what was only needed on the way may go.</summary>
    void Kept(string file);

    /// <summary>Takes away what the index does not speak of.</summary>
    Task RemoveAsync(string file);

    /// <summary>Takes away an object that was deleted, and its second copy, for good; one that is gone already is no error.</summary>
    /// <exception cref="IOException">The store failed or is out of reach: it may still be there.</exception>
    Task DestroyAsync(string file, CancellationToken ct);

    /// <summary>Seekable, at its beginning; a <see cref="FileStream"/> when it is a file of this machine.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    Stream OpenRead(string file);

    /// <summary>As <see cref="OpenRead"/>, the second copy.</summary>
    Stream OpenSecondCopy(string file);

    /// <exception cref="IOException">The store is full, failed or out of reach.</exception>
    Task MakeSecondCopyAsync(string file, CancellationToken ct);

    /// <summary>Puts the second copy in place of the first.</summary>
    /// <exception cref="IOException">The store is full, failed or out of reach.</exception>
    Task HealAsync(string file, CancellationToken ct);
}

/// <summary>The store cannot be asked now; later it may be. Whether an object is in it nobody knows.</summary>
internal sealed class StoreUnavailableException(string message, Exception reason) : IOException(message, reason);
