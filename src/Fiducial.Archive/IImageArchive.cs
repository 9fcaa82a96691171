using Fiducial.Archive.Pixels;

namespace Fiducial.Archive;

/// <summary>The full-fidelity door: images as they were received, and their pixels in full.</summary>
public interface IImageArchive
{
    /// <summary>In the order of their commit; empty when the study is unknown.</summary>
    IReadOnlyList<StoredInstance> FindStudy(string studyInstanceUid);

    StoredInstance? Find(string sopInstanceUid);

    /// <summary>The Part 10 file: our group 0002, then the data set byte for byte as it was received.</summary>
    /// <exception cref="FileNotFoundException">The file was taken away from the archive's folder.</exception>
    Stream OpenPart10(StoredInstance instance);

    /// <summary>The data set of the object, large values left in the file.</summary>
    /// <exception cref="Fiducial.Dicom.DicomFormatException">It cannot be read.</exception>
    StoredImage OpenImage(StoredInstance instance);
}

/// <summary>What was stored, in the order of commit: whoever remembers a position misses nothing and sees nothing twice.</summary>
public interface IStoredInstanceFeed
{
    /// <summary>At most <paramref name="limit"/> instances behind <paramref name="position"/>, in order.</summary>
    IReadOnlyList<StoredInstance> ReadAfter(long position, int limit);

    /// <summary>Completes when something behind <paramref name="position"/> is committed.</summary>
    Task WaitAsync(long position, CancellationToken ct);
}
