namespace Fiducial.Dicom.Media;

/// <summary>A DICOMDIR (PS3.10 8.6, PS3.3 annex F): what is on a medium.</summary>
/// <example>
/// <code>
/// var directory = DicomDirectory.Read("/media/cd/DICOMDIR");
/// foreach (var record in directory.Records.Where(r => r.ReferencedFile.Count > 0))
///     Import(record.PathBelow("/media/cd"));
/// </code>
/// </example>
public sealed class DicomDirectory
{
    private static readonly string[] Levels = ["PATIENT", "STUDY", "SERIES"];

    private DicomDirectory() { }

    /// <summary>The entries at the top: patients, as a rule.</summary>
    public required IReadOnlyList<DirectoryRecord> Roots { get; init; }
    public string FileSetId { get; private init; } = "";

    /// <summary>Sentences that say what was against the standard and understood all the same.</summary>
    public required IReadOnlyList<string> Mended { get; init; }

    /// <summary>Every entry in use, from the top, each before those below it.</summary>
    public IEnumerable<DirectoryRecord> Records => Roots.SelectMany(r => r.AndAllBelow()).Where(r => r.IsInUse);

    /// <exception cref="DicomFormatException">It is no DICOMDIR.</exception>
    public static DicomDirectory Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file);
    }

    /// <inheritdoc cref="Read(string)"/>
    public static DicomDirectory Read(Stream seekable)
    {
        var file = DicomFile.Read(seekable);
        if (file.DataSet.Find(DicomTags.DirectoryRecordSequence) is null)
        {
            throw new DicomFormatException("This is no DICOMDIR: it has no Directory Record Sequence.", 0);
        }
        var items = file.DataSet.GetItems(DicomTags.DirectoryRecordSequence);
        var mended = file.Mended.ToList();
        var roots = Linked(file.DataSet, items, out var linked);
        if (linked == 0 && items.Count > 0)
        {
            mended.Add("The records are not linked: they were put in order by their types.");
            roots = ByType(items);
        }
        else if (linked < items.Count)
        {
            mended.Add($"{items.Count - linked} records are not linked to any other and were left out.");
        }
        return new DicomDirectory
        {
            Roots = roots,
            FileSetId = file.DataSet.GetString(DicomTags.FileSetID) ?? "",
            Mended = mended,
        };
    }

    // Offsets are those of the items' tags in the file (PS3.3 F.3.2.2). A record is visited once, so that rings end.
    private static List<DirectoryRecord> Linked(DicomDataSet set, IReadOnlyList<DicomDataSet> items, out int linked)
    {
        var byOffset = items.ToDictionary(i => i.ItemOffset);
        var roots = new List<DirectoryRecord>();
        var pending = new Stack<(long Offset, DirectoryRecord? Parent)>();
        pending.Push((Offset(set, DicomTags.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity), null));
        linked = 0;
        while (pending.TryPop(out var next))
        {
            if (!byOffset.Remove(next.Offset, out var item))
            {
                continue;
            }
            linked++;
            var record = RecordOf(item);
            if (next.Parent is { } parent)
            {
                parent.Add(record);
            }
            else
            {
                roots.Add(record);
            }
            pending.Push((Offset(item, DicomTags.OffsetOfTheNextDirectoryRecord), next.Parent));
            pending.Push((Offset(item, DicomTags.OffsetOfReferencedLowerLevelDirectoryEntity), record));
        }
        return roots;
    }

    private static List<DirectoryRecord> ByType(IReadOnlyList<DicomDataSet> items)
    {
        var roots = new List<DirectoryRecord>();
        var open = new List<DirectoryRecord>();
        foreach (var item in items)
        {
            var record = RecordOf(item);
            var level = Array.IndexOf(Levels, record.Type) is var at and >= 0 ? at : Levels.Length;
            open.RemoveRange(Math.Min(level, open.Count), open.Count - Math.Min(level, open.Count));
            if (open.Count > 0)
            {
                open[^1].Add(record);
            }
            else
            {
                roots.Add(record);
            }
            if (level < Levels.Length)
            {
                open.Add(record);
            }
        }
        return roots;
    }

    private static DirectoryRecord RecordOf(DicomDataSet item) =>
        new()
        {
            Type = item.GetString(DicomTags.DirectoryRecordType) ?? "",
            Keys = item,
            ReferencedFile = item.GetStrings(DicomTags.ReferencedFileID),
            IsInUse = item.GetInt(DicomTags.RecordInUseFlag) is not 0,
        };

    private static long Offset(DicomDataSet set, DicomTag tag) => (long)(set.GetDouble(tag) ?? 0);
}
