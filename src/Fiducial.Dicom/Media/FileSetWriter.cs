using System.Globalization;

namespace Fiducial.Dicom.Media;

/// <summary>
/// Puts objects on a medium (PS3.10 8): a folder with files that have names of eight capital letters and digits, and a DICOMDIR
/// that says what they are. Files are copied byte for byte; one without file meta information gets it.
/// </summary>
/// <example>
/// <code>
/// var medium = new FileSetWriter("/media/export", "CLINIC");
/// foreach (var path in files) medium.Add(path);
/// medium.Finish();
/// </code>
/// </example>
/// <remarks>Files are written one after the other, each once and forwards: a medium may also be a ZIP that is being sent.</remarks>
public sealed class FileSetWriter
{
    /// <summary>Media Storage Directory Storage (PS3.4 annex I).</summary>
    private const string DirectoryClass = DicomUids.MediaStorageDirectoryStorage;
    private const string DirectoryFile = "DICOMDIR";
    private const string ImageFolder = "DICOM";

    private readonly Func<string, Stream> _create;
    private readonly string _fileSetId;
    private readonly Level _root = new(new DicomDataSet());
    private readonly HashSet<string> _instances = new(StringComparer.Ordinal);

    /// <param name="folder">Made when it is not there; it must not have a DICOMDIR yet.</param>
    /// <param name="fileSetId">Up to 16 capital letters, digits and underscores (PS3.3 F.3.2.1).</param>
    public FileSetWriter(string folder, string fileSetId = "FIDUCIAL")
        : this(name => Create(folder, name), fileSetId)
    {
        Directory.CreateDirectory(folder);
        if (File.Exists(Path.Combine(folder, DirectoryFile)))
        {
            throw new IOException($"{folder} has a DICOMDIR already: choose an empty folder.");
        }
    }

    /// <param name="create">
    /// Begins a file of the medium, whose name has slashes, such as <c>DICOM/PA000001/ST000001/SE000001/IM000001</c>. It is disposed of before the
    /// next begins, and need not seek.
    /// </param>
    /// <param name="fileSetId">Up to 16 capital letters, digits and underscores (PS3.3 F.3.2.1).</param>
    public FileSetWriter(Func<string, Stream> create, string fileSetId = "FIDUCIAL")
    {
        if (fileSetId.Length > 16 || fileSetId.Any(c => c is not (>= 'A' and <= 'Z' or >= '0' and <= '9' or '_')))
        {
            throw new ArgumentException(
                $"'{fileSetId}' is no File-set ID: up to 16 capital letters, digits and underscores.",
                nameof(fileSetId)
            );
        }
        (_create, _fileSetId) = (create, fileSetId);
    }

    /// <summary>Copies a file to the medium.</summary>
    /// <returns>False when an object with the same SOP Instance UID is there already.</returns>
    /// <exception cref="DicomFormatException">It is no DICOM file, or it lacks a UID.</exception>
    public bool Add(string path)
    {
        using var source = File.OpenRead(path);
        return Add(source);
    }

    /// <inheritdoc cref="Add(string)"/>
    public bool Add(Stream seekable)
    {
        if (Place(seekable) is not { } placed)
        {
            return false;
        }
        using var copy = _create(placed.Name);
        copy.Write(placed.Meta);
        seekable.CopyTo(copy);
        return true;
    }

    /// <inheritdoc cref="Add(string)"/>
    /// <remarks>The file is written with asynchronous calls alone.</remarks>
    public async Task<bool> AddAsync(Stream seekable, CancellationToken ct = default)
    {
        if (Place(seekable) is not { } placed)
        {
            return false;
        }
        await using var copy = _create(placed.Name);
        await copy.WriteAsync(placed.Meta, ct);
        await seekable.CopyToAsync(copy, ct);
        return true;
    }

    /// <summary>Writes the DICOMDIR: without it the medium is none.</summary>
    public void Finish()
    {
        using var file = _create(DirectoryFile);
        file.Write(DirectoryBytes());
    }

    /// <inheritdoc cref="Finish"/>
    /// <remarks>The file is written with asynchronous calls alone.</remarks>
    public async Task FinishAsync(CancellationToken ct = default)
    {
        await using var file = _create(DirectoryFile);
        await file.WriteAsync(DirectoryBytes(), ct);
    }

    private static FileStream Create(string folder, string name)
    {
        var target = Path.Combine([folder, .. name.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return new FileStream(target, FileMode.CreateNew, FileAccess.Write);
    }

    // Records the object and leaves the stream where its bytes begin. Null when it is on the medium already.
    private (string Name, byte[] Meta)? Place(Stream seekable)
    {
        var file = DicomFile.Read(seekable);
        var set = file.DataSet;
        var (sopClass, instance) = (Uid(set, DicomTags.SOPClassUID), Uid(set, DicomTags.SOPInstanceUID));
        var (study, series) = (Uid(set, DicomTags.StudyInstanceUID), Uid(set, DicomTags.SeriesInstanceUID));
        if (!_instances.Add(instance))
        {
            return null;
        }
        var patientKey =
            $"{set.GetString(DicomTags.PatientID)}\\{set.GetString(DicomTags.IssuerOfPatientID)}\\{set.GetString(DicomTags.PatientName)}";
        var place = _root
            .Below(patientKey, "PA", () => Record(RecordType.Patient, set, null))
            .Below(study, "ST", () => Record(RecordType.Study, set, DicomTags.StudyID))
            .Below(series, "SE", () => Record(RecordType.Series, set, DicomTags.SeriesNumber));
        var type = RecordType.Of(sopClass, set.Contains(DicomTags.PixelData));
        var image = place.Below(instance, "IM", () => Record(type, set, DicomTags.InstanceNumber));
        string[] name = [ImageFolder, .. image.Names()];
        image
            .Record.Set(DicomTags.ReferencedFileID, name)
            .Set(DicomTags.ReferencedSOPClassUIDInFile, sopClass)
            .Set(DicomTags.ReferencedSOPInstanceUIDInFile, instance)
            .Set(DicomTags.ReferencedTransferSyntaxUIDInFile, file.TransferSyntax.Uid);
        var hasMeta = file.HasPreamble && file.FileMeta.Contains(DicomTags.TransferSyntaxUID);
        seekable.Position = hasMeta ? 0 : file.DataSetOffset;
        return (
            string.Join('/', name),
            hasMeta ? [] : DicomFile.FileMetaBytes(sopClass, instance, file.TransferSyntax.Uid, null)
        );
    }

    private byte[] DirectoryBytes()
    {
        var records = new List<Level>();
        var pending = new Stack<Level>([_root]);
        while (pending.TryPop(out var level))
        {
            foreach (var child in Enumerable.Reverse(level.Children))
            {
                pending.Push(child);
            }
            records.Add(level);
        }
        records.RemoveAt(0);
        var set = new DicomDataSet()
            .Set(DicomTags.FileSetID, _fileSetId)
            .Set(DicomTags.FileSetConsistencyFlag, 0)
            .SetItems(DicomTags.DirectoryRecordSequence, [.. records.Select(r => r.Record)]);
        var meta = DicomFile.FileMetaBytes(
            DirectoryClass,
            DicomUidFactory.New(),
            TransferSyntax.ExplicitVRLittleEndian.Uid,
            null
        );
        // Offsets have a fixed length: where the records stand does not depend on them.
        Link(set, _ => 0);
        var offsets = new Dictionary<DicomDataSet, long>(ReferenceEqualityComparer.Instance);
        DataSetWriter.Write(
            Stream.Null,
            set,
            TransferSyntax.ExplicitVRLittleEndian,
            itemWritten: (item, at) => offsets[item] = meta.Length + at
        );
        Link(set, level => level is null ? 0 : offsets[level.Record]);
        using var bytes = new MemoryStream();
        bytes.Write(meta);
        DataSetWriter.Write(bytes, set, TransferSyntax.ExplicitVRLittleEndian);
        return bytes.ToArray();
    }

    private void Link(DicomDataSet set, Func<Level?, long> offsetOf)
    {
        SetOffset(
            set,
            DicomTags.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity,
            offsetOf(_root.Children.FirstOrDefault())
        );
        SetOffset(
            set,
            DicomTags.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity,
            offsetOf(_root.Children.LastOrDefault())
        );
        var pending = new Stack<Level>([_root]);
        while (pending.TryPop(out var parent))
        {
            for (var i = 0; i < parent.Children.Count; i++)
            {
                var level = parent.Children[i];
                var next = i + 1 < parent.Children.Count ? parent.Children[i + 1] : null;
                SetOffset(level.Record, DicomTags.OffsetOfTheNextDirectoryRecord, offsetOf(next));
                SetOffset(
                    level.Record,
                    DicomTags.OffsetOfReferencedLowerLevelDirectoryEntity,
                    offsetOf(level.Children.FirstOrDefault())
                );
                pending.Push(level);
            }
        }
    }

    private static void SetOffset(DicomDataSet set, DicomTag tag, long offset) =>
        set.Set(tag, offset.ToString(CultureInfo.InvariantCulture));

    // Attributes are copied with their bytes, and with the character set that these are in.
    private static DicomDataSet Record(RecordType type, DicomDataSet set, DicomTag? number)
    {
        var record = new DicomDataSet()
            .Set(DicomTags.RecordInUseFlag, 0xFFFF)
            .Set(DicomTags.DirectoryRecordType, type.Name);
        if (set.Find(DicomTags.SpecificCharacterSet) is { Value.IsEmpty: false } characters)
        {
            record.Add(characters);
        }
        foreach (var tag in type.Keys)
        {
            record.Add(
                set.Find(tag) is { IsElsewhere: false } element
                    ? Copy(element)
                    : new DicomElement
                    {
                        Tag = tag,
                        VR = DicomDictionary.VROf(tag),
                        Items = DicomDictionary.VROf(tag) is DicomVR.SQ ? [] : null,
                    }
            );
        }
        if (type == RecordType.Study)
        {
            FillStudyTime(record, set);
        }
        if (number is { } tagOfNumber && record.GetString(tagOfNumber) is null)
        {
            // Type 1 in a directory, type 2 in the object: the place among its like stands in for it.
            record.Set(tagOfNumber, "1");
        }
        return record;
    }

    // Study Date and Time are type 1 in a directory: those of the series or the content stand in for missing ones.
    private static void FillStudyTime(DicomDataSet record, DicomDataSet set)
    {
        DicomTag[] dates = [DicomTags.SeriesDate, DicomTags.AcquisitionDate, DicomTags.ContentDate];
        DicomTag[] times = [DicomTags.SeriesTime, DicomTags.AcquisitionTime, DicomTags.ContentTime];
        Fill(DicomTags.StudyDate, dates);
        Fill(DicomTags.StudyTime, times);
        void Fill(DicomTag tag, DicomTag[] others)
        {
            if (
                record.GetString(tag) is null
                && others.Select(set.GetString).FirstOrDefault(t => t is not null) is { } other
            )
            {
                record.Set(tag, other);
            }
        }
    }

    // Items are adopted by the set that they stand in: the record gets items of its own.
    private static DicomElement Copy(DicomElement element) =>
        element.Items is not { } items
            ? element
            : new DicomElement
            {
                Tag = element.Tag,
                VR = element.VR,
                Items =
                [
                    .. items.Select(item =>
                    {
                        var copy = new DicomDataSet();
                        foreach (var inner in item)
                        {
                            copy.Add(Copy(inner));
                        }
                        return copy;
                    }),
                ],
            };

    private static string Uid(DicomDataSet set, DicomTag tag) =>
        set.GetString(tag) ?? throw new DicomFormatException($"{DicomDictionary.Find(tag)!.Name} is missing.", 0);

    /// <summary>A record and those below it, by what makes them one.</summary>
    private sealed class Level(DicomDataSet record, Level? parent = null, string name = "")
    {
        private readonly Dictionary<string, Level> _byKey = new(StringComparer.Ordinal);

        public DicomDataSet Record => record;
        public List<Level> Children { get; } = [];

        public Level Below(string key, string prefix, Func<DicomDataSet> make)
        {
            if (!_byKey.TryGetValue(key, out var child))
            {
                child = new Level(
                    make(),
                    this,
                    string.Create(CultureInfo.InvariantCulture, $"{prefix}{Children.Count + 1:D6}")
                );
                _byKey.Add(key, child);
                Children.Add(child);
            }
            return child;
        }

        public IEnumerable<string> Names() => parent is null ? [] : [.. parent.Names(), name];
    }
}
