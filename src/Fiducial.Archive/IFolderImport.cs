using Fiducial.Dicom.Network;

namespace Fiducial.Archive;

/// <summary>Takes in the files of a folder, such as a disc with a DICOMDIR or another archive's store.</summary>
public interface IFolderImport
{
    /// <summary>Stores every DICOM file of the folder and of the folders in it; a second run goes on where the first one stopped.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    Task<ImportProgress> ImportAsync(string folder, IProgress<ImportProgress> progress, CancellationToken ct);
}

/// <summary>How far an import has come.</summary>
public sealed record ImportProgress
{
    /// <summary>How many files there are.</summary>
    public required int Files { get; init; }

    /// <summary>Durable and indexed, or in the quarantine, by this run.</summary>
    public int Stored { get; init; }

    /// <summary>By an earlier run.</summary>
    public int StoredBefore { get; init; }

    /// <summary>No DICOM objects: a DICOMDIR, a read-me.</summary>
    public int Ignored { get; init; }

    /// <summary>Each with its path and the reason; the first hundred.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];
    public int RefusedCount { get; init; }
    public int Done => Stored + StoredBefore + Ignored + RefusedCount;

    internal ImportProgress With(string path, bool wasDone, DimseStatus? status) =>
        wasDone ? this with { StoredBefore = StoredBefore + 1 }
        : status is not { } judged ? this with { Ignored = Ignored + 1 }
        : judged.IsStored ? this with { Stored = Stored + 1 }
        : this with
        {
            RefusedCount = RefusedCount + 1,
            Refused = RefusedCount < 100 ? [.. Refused, $"{path}: {judged}"] : Refused,
        };
}
