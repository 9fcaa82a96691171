using System.IO.Compression;

namespace Fiducial.Dicom;

/// <summary>
/// Writes a data set strictly: even lengths, sequences of undefined length, padding as the VR says, no group lengths (PS3.5 6.2,
/// 7, 7.2). Values that were left in a file are copied from it piece by piece.
/// </summary>
internal static class DataSetWriter
{
    private const uint Undefined = 0xFFFFFFFF;
    private const ushort FileMetaGroup = 0x0002;

    /// <param name="valuesFrom">The file from which the data set was read; null when every value is at hand.</param>
    /// <param name="itemWritten">Told where each item's tag stands, counted from the first byte written.</param>
    public static void Write(
        Stream stream,
        DicomDataSet dataSet,
        TransferSyntax syntax,
        Stream? valuesFrom = null,
        Action<DicomDataSet, long>? itemWritten = null
    )
    {
        if (!syntax.IsDeflated)
        {
            WritePlain(stream, dataSet, syntax, valuesFrom, itemWritten);
            return;
        }
        var counted = new CountingStream(stream);
        using (var deflate = new DeflateStream(counted, CompressionLevel.Optimal, leaveOpen: true))
        {
            WritePlain(deflate, dataSet, syntax, valuesFrom, itemWritten);
        }
        if ((counted.Count & 1) == 1)
        {
            // PS3.5 A.5: the deflated stream is padded to an even length.
            stream.WriteByte(0);
        }
    }

    /// <summary>Writes group 0002, its length first (PS3.10 7.1).</summary>
    public static void WriteMeta(Stream stream, DicomDataSet meta)
    {
        using var group = new MemoryStream();
        using (var output = new ElementOutput(group, TransferSyntax.ExplicitVRLittleEndian, null))
        {
            foreach (var element in meta)
            {
                output.Value(element);
            }
            output.Flush();
        }
        var length = new DicomDataSet().Set(DicomTags.FileMetaInformationGroupLength, (int)group.Length);
        using (var output = new ElementOutput(stream, TransferSyntax.ExplicitVRLittleEndian, null))
        {
            output.Value(length.At(0));
            output.Flush();
        }
        group.WriteTo(stream);
    }

    private static void WritePlain(
        Stream stream,
        DicomDataSet dataSet,
        TransferSyntax syntax,
        Stream? valuesFrom,
        Action<DicomDataSet, long>? itemWritten
    )
    {
        using var output = new ElementOutput(stream, syntax, valuesFrom);
        // A stack in place of recursion: the data sets that are being written, from the outermost inwards.
        var open = new Stack<Place>();
        open.Push(new Place(dataSet));
        while (open.TryPop(out var place))
        {
            if (place.Items is { } items)
            {
                if (place.Next > 0)
                {
                    output.Mark(0xE00D, 0);
                }
                if (place.Next == items.Count)
                {
                    output.Mark(0xE0DD, 0);
                    continue;
                }
                itemWritten?.Invoke(items[place.Next], output.Position);
                output.Mark(0xE000, Undefined);
                open.Push(place with { Next = place.Next + 1 });
                open.Push(new Place(items[place.Next]));
                continue;
            }
            var (next, set) = (place.Next, place.Set!);
            while (next < set.Count && set.At(next).Items is null)
            {
                WriteElement(output, set.At(next++), syntax, open.Count == 0);
            }
            if (next < set.Count)
            {
                var sequence = set.At(next);
                output.Header(sequence.Tag, DicomVR.SQ, Undefined);
                open.Push(place with { Next = next + 1 });
                open.Push(new Place(null, sequence.Items));
            }
        }
        output.Flush();
    }

    private static void WriteElement(
        ElementOutput output,
        DicomElement element,
        TransferSyntax syntax,
        bool isOutermost
    )
    {
        if (element.Tag.Element == 0 || element.Tag.Group == FileMetaGroup)
        {
            // Group lengths are retired, and no longer true once something was changed (PS3.5 7.2). Group 0002 belongs before a
            // data set (PS3.10 7.1): within it, it would be read as if it stood there.
            return;
        }
        if (element.Tag.Group == 0xFFFE)
        {
            throw new ArgumentException($"{element.Tag} marks items and is no element of a data set.");
        }
        if (element.Tag == DicomTags.PixelData && isOutermost && !CanHave(syntax, element.IsEncapsulated))
        {
            throw new ArgumentException(
                element.IsEncapsulated
                    ? $"The pixel data are encapsulated, which {syntax.Name} does not allow: decode them first."
                    : $"The pixel data are native, which {syntax.Name} does not allow: encode them first."
            );
        }
        if (element.IsEncapsulated)
        {
            output.Fragments(element);
        }
        else
        {
            output.Value(element);
        }
    }

    // Of a syntax that the standard does not know it is only guessed whether its pixel data are encapsulated.
    private static bool CanHave(TransferSyntax syntax, bool isEncapsulated) =>
        syntax.IsEncapsulated == isEncapsulated || !syntax.IsKnown;

    private readonly record struct Place(DicomDataSet? Set, IReadOnlyList<DicomDataSet>? Items = null, int Next = 0);

    private sealed class CountingStream(Stream target) : Stream
    {
        public long Count { get; private set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => Count;
        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            target.Write(buffer);
            Count += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
