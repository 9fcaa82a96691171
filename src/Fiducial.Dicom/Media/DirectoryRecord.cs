namespace Fiducial.Dicom.Media;

/// <summary>An entry of a DICOMDIR (PS3.3 F.3): a patient, study, series, or an object of a file.</summary>
public sealed record DirectoryRecord
{
    /// <summary>PATIENT, STUDY, SERIES, IMAGE, SR DOCUMENT … (PS3.3 F.5).</summary>
    public required string Type { get; init; }

    /// <summary>The attributes by which the entry is told from others.</summary>
    public required DicomDataSet Keys { get; init; }

    /// <summary>The components of the file's name below the folder of the DICOMDIR; empty when the entry has no file.</summary>
    public IReadOnlyList<string> ReferencedFile { get; init; } = [];

    /// <summary>False for an entry that was deleted (PS3.3 F.3.2.2).</summary>
    public bool IsInUse { get; init; } = true;

    public IReadOnlyList<DirectoryRecord> Children => _children;

    private readonly List<DirectoryRecord> _children = [];

    internal void Add(DirectoryRecord child) => _children.Add(child);

    /// <summary>This entry and all below it, in the order of the directory.</summary>
    public IEnumerable<DirectoryRecord> AndAllBelow()
    {
        var pending = new Stack<DirectoryRecord>([this]);
        while (pending.TryPop(out var record))
        {
            yield return record;
            for (var i = record._children.Count - 1; i >= 0; i--)
            {
                pending.Push(record._children[i]);
            }
        }
    }

    /// <summary>
    /// The file, below the folder of the DICOMDIR. A name that would lead out of the folder is refused: media come from strangers.
    /// </summary>
    /// <exception cref="DicomFormatException">The name is none that PS3.10 8.5 allows, not even loosely.</exception>
    public string PathBelow(string folder)
    {
        foreach (var part in ReferencedFile)
        {
            if (part is "" or "." or ".." || part.AsSpan().ContainsAny('/', '\\', '\0') || part.Contains(':'))
            {
                throw new DicomFormatException($"'{part}' is no part of a file's name.", 0);
            }
        }
        return ReferencedFile.Count > 0
            ? Path.Combine([folder, .. ReferencedFile])
            : throw new DicomFormatException($"The {Type} record refers to no file.", 0);
    }
}
