using Fiducial.Archive.Pixels;
using Fiducial.Dicom;

namespace Fiducial.Archive.Web;

/// <summary>Gives a stored object in Explicit VR Little Endian, its frames decoded, one frame in memory at a time.</summary>
internal static class NativeEncoding
{
    /// <summary>Largest native pixel data that a header of 32 bits can announce.</summary>
    private const long LargestPixelData = uint.MaxValue - 1;

    /// <summary>True when the object can be given so, as far as its transfer syntax tells.</summary>
    public static bool IsPossible(StoredImage image) =>
        !image.IsEncapsulated || (image.CanDecode && TotalLength(image, image.Image!) <= LargestPixelData);

    /// <exception cref="Codecs.CodecException">A frame cannot be decoded. The first is decoded before anything is written.</exception>
    /// <exception cref="DicomFormatException">The object is not all there.</exception>
    public static async Task WriteAsync(StoredInstance instance, StoredImage image, Stream output, CancellationToken ct)
    {
        var syntax = TransferSyntax.ExplicitVRLittleEndian;
        var first = FirstOf(image);
        await output.WriteAsync(
            DicomFile.FileMetaBytes(instance.SopClassUid, instance.SopInstanceUid, syntax.Uid, instance.CallingAE),
            ct
        );
        await WriteDataSetAsync(image, first, syntax, output, ct);
    }

    /// <summary>The data set alone, in one of the two little endian syntaxes.</summary>
    /// <exception cref="Codecs.CodecException">A frame cannot be decoded.</exception>
    /// <exception cref="DicomFormatException">The object is not all there.</exception>
    public static Task WriteDataSetAsync(
        StoredImage image,
        TransferSyntax syntax,
        Stream output,
        CancellationToken ct
    ) => WriteDataSetAsync(image, FirstOf(image), syntax, output, ct);

    private static FramePixels? FirstOf(StoredImage image) => image.IsEncapsulated ? image.DecodeFrame(0) : null;

    private static async Task WriteDataSetAsync(
        StoredImage image,
        FramePixels? first,
        TransferSyntax syntax,
        Stream output,
        CancellationToken ct
    )
    {
        var before = new DicomDataSet();
        var after = new DicomDataSet();
        foreach (var element in image.File.DataSet)
        {
            // Group lengths would no longer be true, and nobody needs them (PS3.5 7.2).
            if (element.Tag.Element != 0 && element.Tag != DicomTags.PixelData)
            {
                (element.Tag < DicomTags.PixelData ? before : after).Add(Loaded(image, element));
            }
        }
        if (first is not null)
        {
            before
                .Set(DicomTags.PhotometricInterpretation, first.Image.PhotometricInterpretation)
                .Set(DicomTags.BitsAllocated, first.Image.BitsAllocated);
            if (first.Image.SamplesPerPixel > 1)
            {
                before.Set(DicomTags.PlanarConfiguration, 0);
            }
            // They are of the fragments that are no more (PS3.3 C.7.6.3.1.8).
            before.Remove(DicomTags.ExtendedOffsetTable);
            before.Remove(DicomTags.ExtendedOffsetTableLengths);
        }
        var head = new MemoryStream();
        DicomFile.WriteDataSet(head, before, syntax);
        await output.WriteAsync(head.ToArray(), ct);
        if (image.File.PixelData is not null)
        {
            await WritePixelsAsync(image, first, syntax, output, ct);
        }
        var tail = new MemoryStream();
        DicomFile.WriteDataSet(tail, after, syntax);
        await output.WriteAsync(tail.ToArray(), ct);
    }

    private static async Task WritePixelsAsync(
        StoredImage image,
        FramePixels? first,
        TransferSyntax syntax,
        Stream output,
        CancellationToken ct
    )
    {
        if (first is null)
        {
            var element = Loaded(image, image.File.DataSet.Find(DicomTags.PixelData)!);
            await output.WriteAsync(Header(syntax, element.VR, element.Value.Length), ct);
            await output.WriteAsync(element.Value, ct);
            await output.WriteAsync(new byte[element.Value.Length & 1], ct);
            return;
        }
        var length = TotalLength(image, first.Image);
        await output.WriteAsync(Header(syntax, first.Image.BitsAllocated > 8 ? DicomVR.OW : DicomVR.OB, length), ct);
        for (var frame = 0; frame < image.NumberOfFrames; frame++)
        {
            var decoded = frame == 0 ? first : image.DecodeFrame(frame);
            await output.WriteAsync(decoded.Samples[..(int)decoded.Image.DecodedLength], ct);
        }
        await output.WriteAsync(new byte[(int)(length & 1)], ct);
    }

    private static long TotalLength(StoredImage image, ImageDescription shape) =>
        shape.DecodedLength * image.NumberOfFrames;

    private static byte[] Header(TransferSyntax syntax, DicomVR vr, long length)
    {
        var even = (uint)(length + (length & 1));
        byte[] count = [(byte)even, (byte)(even >> 8), (byte)(even >> 16), (byte)(even >> 24)];
        byte[] kind = syntax.IsExplicitVR ? [(byte)((ushort)vr >> 8), (byte)vr, 0, 0] : [];
        return [0xE0, 0x7F, 0x10, 0x00, .. kind, .. count];
    }

    private static DicomElement Loaded(StoredImage image, DicomElement element)
    {
        if (element.Items is { } items)
        {
            var loaded = items.Select(item =>
            {
                var copy = new DicomDataSet();
                foreach (var inner in item)
                {
                    copy.Add(Loaded(image, inner));
                }
                return copy;
            });
            return new DicomElement
            {
                Tag = element.Tag,
                VR = DicomVR.SQ,
                Items = [.. loaded],
            };
        }
        var value = element.Location is null ? element.Value : image.ReadValue(element);
        // An implicit VR may be longer than the header of its explicit form can say (PS3.5 6.2.2, note 7).
        var isTooLong = DicomVRs.HasShortLength(element.VR) && value.Length > ushort.MaxValue - 1;
        return new DicomElement
        {
            Tag = element.Tag,
            VR = isTooLong ? DicomVR.UN : element.VR,
            Value = value,
        };
    }
}
