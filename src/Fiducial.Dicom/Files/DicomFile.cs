using System.IO.Compression;

namespace Fiducial.Dicom;

/// <summary>A Part 10 file (PS3.10 7): its meta information and its data set, with large values left in the file.</summary>
public sealed class DicomFile
{
    private static readonly byte[] Magic = "DICM"u8.ToArray();

    private DicomFile() { }

    /// <summary>Group 0002; empty when the file has none.</summary>
    public required DicomDataSet FileMeta { get; init; }
    public required DicomDataSet DataSet { get; init; }
    public required TransferSyntax TransferSyntax { get; init; }

    /// <summary>Place of the first byte after group 0002.</summary>
    public required long DataSetOffset { get; init; }

    /// <summary>Where the pixel data stand; null when there are none.</summary>
    public PixelDataLocation? PixelData { get; init; }

    /// <summary>Sentences that say what was against the standard and understood all the same.</summary>
    public required IReadOnlyList<string> Mended { get; init; }

    /// <summary>The inflated data set, to which the places of a deflated file refer; null for other files.</summary>
    public byte[]? Inflated { get; private init; }

    public static DicomFile Read(string path, DicomReadOptions? options = null)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Read(file, options);
    }

    /// <exception cref="DicomFormatException">It is no DICOM file, or it is cut off or contradicts itself.</exception>
    public static DicomFile Read(Stream seekable, DicomReadOptions? options = null)
    {
        options ??= DicomReadOptions.Default;
        var mended = new List<string>();
        var start = StartOf(seekable, mended);
        seekable.Position = start;
        var meta = new DicomDataSet();
        var offset = start;
        if (HasMeta(seekable, start))
        {
            seekable.Position = start;
            var window = ByteWindow.Over(seekable);
            var reader = new DataSetReader(window, TransferSyntax.ExplicitVRLittleEndian, options);
            meta = reader.Read(tag => tag.Group != 0x0002);
            mended.AddRange(reader.Mended);
            offset = window.Position;
        }
        seekable.Position = offset;
        var syntax = SyntaxOf(meta, seekable, offset, mended);
        seekable.Position = offset;
        byte[]? inflated = syntax.IsDeflated ? Inflate(seekable, options) : null;
        var body = inflated is null ? ByteWindow.Over(seekable, syntax.IsBigEndian) : ByteWindow.Over(inflated);
        var bodyReader = new DataSetReader(body, syntax, options);
        var dataSet = bodyReader.Read(options.StopBefore is { } stop ? tag => tag >= stop : null);
        mended.AddRange(bodyReader.Mended);
        return new DicomFile
        {
            FileMeta = meta,
            DataSet = dataSet,
            TransferSyntax = syntax,
            DataSetOffset = offset,
            PixelData = PixelDataLocation.Of(dataSet),
            Mended = mended,
            Inflated = inflated,
        };
    }

    /// <summary>
    /// Reads the head of a data set that is still arriving. <paramref name="complete"/> is false when the bytes end before the
    /// element at which reading would stop.
    /// </summary>
    public static DicomDataSet ReadDataSet(
        ReadOnlyMemory<byte> bytes,
        TransferSyntax syntax,
        DicomReadOptions options,
        out bool complete
    )
    {
        var reader = new DataSetReader(ByteWindow.Over(bytes, syntax.IsBigEndian), syntax, options);
        var stopped = false;
        var dataSet = reader.Read(tag => stopped = options.StopBefore is { } stop && tag >= stop, mayEndEarly: true);
        complete = options.StopBefore is null ? reader.IsComplete : stopped;
        return dataSet;
    }

    /// <summary>Preamble, DICM and group 0002 (PS3.10 7.1) for an object that arrived over the network.</summary>
    public static byte[] FileMetaBytes(
        string sopClassUid,
        string sopInstanceUid,
        string transferSyntaxUid,
        string? sourceAETitle
    )
    {
        var meta = new DicomDataSet()
            .SetBytes(DicomTags.FileMetaInformationVersion, DicomVR.OB, new byte[] { 0, 1 })
            .Set(DicomTags.MediaStorageSOPClassUID, sopClassUid)
            .Set(DicomTags.MediaStorageSOPInstanceUID, sopInstanceUid)
            .Set(DicomTags.TransferSyntaxUID, transferSyntaxUid)
            .Set(DicomTags.ImplementationClassUID, Implementation.ClassUid)
            .Set(DicomTags.ImplementationVersionName, Implementation.VersionName);
        if (!string.IsNullOrEmpty(sourceAETitle))
        {
            meta.Set(DicomTags.SourceApplicationEntityTitle, sourceAETitle);
        }
        using var group = new MemoryStream();
        DataSetWriter.Write(group, meta, TransferSyntax.ExplicitVRLittleEndian);
        using var file = new MemoryStream();
        file.Write(new byte[128]);
        file.Write(Magic);
        var length = new DicomDataSet().Set(DicomTags.FileMetaInformationGroupLength, (int)group.Length);
        DataSetWriter.Write(file, length, TransferSyntax.ExplicitVRLittleEndian);
        group.WriteTo(file);
        return file.ToArray();
    }

    /// <summary>Writes a Part 10 file.</summary>
    public static void Write(Stream stream, DicomDataSet dataSet, TransferSyntax syntax, string? sourceAETitle = null)
    {
        stream.Write(
            FileMetaBytes(
                dataSet.GetString(DicomTags.SOPClassUID) ?? throw new ArgumentException("SOP Class UID is missing."),
                dataSet.GetString(DicomTags.SOPInstanceUID)
                    ?? throw new ArgumentException("SOP Instance UID is missing."),
                syntax.Uid,
                sourceAETitle
            )
        );
        DataSetWriter.Write(stream, dataSet, syntax);
    }

    public static void WriteDataSet(Stream stream, DicomDataSet dataSet, TransferSyntax syntax) =>
        DataSetWriter.Write(stream, dataSet, syntax);

    private static long StartOf(Stream stream, List<string> mended)
    {
        Span<byte> head = stackalloc byte[132];
        stream.Position = 0;
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read == 132 && head[128..].SequenceEqual(Magic))
        {
            return 132;
        }
        if (read >= 4 && head[..4].SequenceEqual(Magic))
        {
            mended.Add("The preamble is missing.");
            return 4;
        }
        mended.Add("Preamble and DICM are missing.");
        return 0;
    }

    private static bool HasMeta(Stream stream, long start)
    {
        Span<byte> head = stackalloc byte[8];
        stream.Position = start;
        return stream.ReadAtLeast(head, 8, throwOnEndOfStream: false) == 8
            && head[0] == 2
            && head[1] == 0
            && head[3] == 0
            && DicomVRs.IsKnown((ushort)((head[4] << 8) | head[5]));
    }

    private static TransferSyntax SyntaxOf(DicomDataSet meta, Stream stream, long offset, List<string> mended)
    {
        if (meta.GetString(DicomTags.TransferSyntaxUID) is { } uid)
        {
            return TransferSyntax.Of(uid);
        }
        Span<byte> head = stackalloc byte[8];
        stream.Position = offset;
        if (stream.ReadAtLeast(head, 8, throwOnEndOfStream: false) < 8)
        {
            throw new DicomFormatException("This is not a DICOM file: nothing follows its start.", offset);
        }
        var isExplicit = DicomVRs.IsKnown((ushort)((head[4] << 8) | head[5]));
        // A data set begins with a low group; anything else is not DICOM.
        var (little, big) = (head[0] | (head[1] << 8), head[1] | (head[0] << 8));
        var guess =
            little is > 0 and <= 0x0040
                ? (isExplicit ? TransferSyntax.ExplicitVRLittleEndian : TransferSyntax.ImplicitVRLittleEndian)
            : big is > 0 and <= 0x0040 && isExplicit ? TransferSyntax.ExplicitVRBigEndian
            : throw new DicomFormatException(
                "This is not a DICOM file: no DICM, and no data set at its start.",
                offset
            );
        mended.Add($"The transfer syntax is missing and was taken to be {guess.Name}.");
        return guess;
    }

    private static byte[] Inflate(Stream stream, DicomReadOptions options)
    {
        using var inflate = new DeflateStream(stream, CompressionMode.Decompress, leaveOpen: true);
        using var whole = new MemoryStream();
        var buffer = new byte[81920];
        try
        {
            while (inflate.Read(buffer) is var read and > 0)
            {
                whole.Write(buffer, 0, read);
                if (whole.Length > options.LargestInflated)
                {
                    throw new DicomFormatException("The deflated data set is larger than is allowed.", stream.Position);
                }
            }
        }
        catch (InvalidDataException)
        {
            throw new DicomFormatException("The deflated data set is damaged.", stream.Position);
        }
        return whole.ToArray();
    }
}
