using System.IO.Compression;

namespace Fiducial.Dicom;

/// <summary>A Part 10 file (PS3.10 7): its meta information and its data set, with large values left in the file.</summary>
public sealed class DicomFile
{
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

    /// <summary>True when the file starts as PS3.10 7.1 says.</summary>
    internal bool HasPreamble { get; private init; }

    public static DicomFile Read(string path, DicomReadOptions? options = null)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Read(file, options);
    }

    /// <exception cref="DicomFormatException">It is no DICOM file, or it is cut off or contradicts itself.</exception>
    public static DicomFile Read(Stream seekable, DicomReadOptions? options = null)
    {
        options ??= DicomReadOptions.Default;
        seekable.Position = 0;
        var mended = new List<string>();
        var window = ByteWindow.Over(seekable);
        var hasPreamble = PassPreamble(window, mended);
        var meta = new DicomDataSet();
        if (SyntaxOfMeta(window, mended) is { } metaSyntax)
        {
            var reader = new DataSetReader(window, metaSyntax, options) { OnlyGroup = 0x0002 };
            meta = reader.Read();
            mended.AddRange(reader.Mended);
        }
        var offset = window.Position;
        var syntax = SyntaxOf(meta, window, mended);
        byte[]? inflated = null;
        if (syntax.IsDeflated)
        {
            seekable.Position = offset;
            inflated = Inflate(seekable, options);
            window = ByteWindow.Over(inflated);
        }
        var bodyReader = new DataSetReader(window, syntax, options);
        var dataSet = bodyReader.Read();
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
            HasPreamble = hasPreamble,
        };
    }

    /// <summary>
    /// Reads the head of a data set that is still arriving. <paramref name="complete"/> is false when the bytes end before the
    /// element at which reading would stop. The values are parts of <paramref name="bytes"/>, which must not change while the
    /// data set is in use.
    /// </summary>
    /// <exception cref="DicomFormatException">The bytes cannot be understood.</exception>
    public static DicomDataSet ReadDataSet(
        ReadOnlyMemory<byte> bytes,
        TransferSyntax syntax,
        DicomReadOptions options,
        out bool complete
    )
    {
        var reader = new DataSetReader(ByteWindow.Over(bytes), syntax, options) { MayEndEarly = true };
        var dataSet = reader.Read();
        complete = options.StopBefore is null ? reader.IsComplete : reader.HasStopped;
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
        using var file = new MemoryStream();
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        DataSetWriter.WriteMeta(file, meta);
        return file.ToArray();
    }

    /// <summary>Writes a Part 10 file.</summary>
    /// <param name="valuesFrom">The file from which the data set was read, for values that were left there; see <see cref="Values"/>.</param>
    /// <exception cref="ArgumentException">Something in the data set cannot be written in this transfer syntax.</exception>
    public static void Write(
        Stream stream,
        DicomDataSet dataSet,
        TransferSyntax syntax,
        string? sourceAETitle = null,
        Stream? valuesFrom = null
    )
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
        DataSetWriter.Write(stream, dataSet, syntax, valuesFrom);
    }

    /// <summary>Writes a data set without preamble and group 0002, as it goes over the network.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteDataSet(
        Stream stream,
        DicomDataSet dataSet,
        TransferSyntax syntax,
        Stream? valuesFrom = null
    ) => DataSetWriter.Write(stream, dataSet, syntax, valuesFrom);

    /// <summary>The stream in which the places of this file's values are found: the file itself, or what was inflated from it.</summary>
    public Stream Values(Stream file) => Inflated is null ? file : new MemoryStream(Inflated, writable: false);

    /// <summary>Reads a value that was left in the file, little endian.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter than it was.</exception>
    public ReadOnlyMemory<byte> ReadValue(Stream file, DicomElement element)
    {
        if (element.Location is not { } place)
        {
            return element.Value;
        }
        var value = GC.AllocateUninitializedArray<byte>(checked((int)place.Length));
        var values = Values(file);
        values.Position = place.Offset;
        values.ReadExactly(value);
        Bytes.Swap(value, element.IsBigEndianInFile ? DicomVRs.UnitOf(element.VR) : 1);
        return value;
    }

    private static bool PassPreamble(ByteWindow window, List<string> mended)
    {
        var head = window.Peek(132);
        if (head.Length == 132 && head[128..].SequenceEqual("DICM"u8))
        {
            window.Skip(132);
            return true;
        }
        if (head.StartsWith("DICM"u8))
        {
            mended.Add("The preamble is missing.");
            window.Skip(4);
        }
        else
        {
            mended.Add("Preamble and DICM are missing.");
        }
        return false;
    }

    // Group 0002 is in explicit VR little endian (PS3.10 7.1); some old writers left the VRs out. Null when there is none.
    private static TransferSyntax? SyntaxOfMeta(ByteWindow window, List<string> mended)
    {
        var head = window.Peek(8);
        if (head.Length < 8 || head[0] != 2 || head[1] != 0)
        {
            return null;
        }
        if (DicomVRs.IsKnown((ushort)((head[4] << 8) | head[5])))
        {
            return TransferSyntax.ExplicitVRLittleEndian;
        }
        mended.Add("The file meta information was written in implicit VR.");
        return TransferSyntax.ImplicitVRLittleEndian;
    }

    private static TransferSyntax SyntaxOf(DicomDataSet meta, ByteWindow window, List<string> mended)
    {
        if (meta.GetString(DicomTags.TransferSyntaxUID) is { } uid)
        {
            return TransferSyntax.Of(uid);
        }
        var head = window.Peek(8);
        if (head.Length < 8)
        {
            throw new DicomFormatException("This is not a DICOM file: nothing follows its start.", window.Position);
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
                window.Position
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
