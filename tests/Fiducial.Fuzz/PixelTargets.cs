using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Fuzz;

/// <summary>Pixel data of strangers: run lengths, fragments and their offset tables, and the display pipeline with attributes that contradict each other.</summary>
internal static class PixelTargets
{
    private const string EncapsulatedUncompressed = "1.2.840.10008.1.2.1.98";
    private const string DeflatedFrame = "1.2.840.10008.1.2.8.1";
    private const int MostFrames = 8;

    private static readonly CodecPool Codecs = new(
        Path.Combine(Path.GetTempPath(), "fiducial-test-codecs"),
        NullLogger.Instance
    );

    // What stands in the first markers, before any codec is called.
    public static void Codestreams(byte[] bytes)
    {
        if (CodestreamShape.Of(bytes) is { Rows: < 0 } or { Columns: < 0 } or { Precision: < 0 })
        {
            throw new InvalidDataException("A shape of less than nothing.");
        }
    }

    // Eight bytes choose the shape, the rest is the frame.
    public static void RunLengths(byte[] bytes)
    {
        var choices = new Choices(bytes);
        var image = new ImageDescription
        {
            Rows = 1 + (ushort)choices.Int16() % 4096,
            Columns = 1 + (ushort)choices.Int16() % 4096,
            SamplesPerPixel = choices.Of(1, 3, 4),
            BitsAllocated = choices.Of(8, 16, 32, 64, 1),
            BitsStored = 8,
            HighBit = 7,
            IsSigned = false,
            IsPlanar = choices.Yes(),
            PhotometricInterpretation = choices.Of("MONOCHROME2", "RGB", "YBR_FULL"),
            NumberOfFrames = 1,
        };
        var (samples, decoded) = FrameDecoder.Decode(TransferSyntax.RLELossless, choices.Rest(), image, Codecs);
        if (samples.Length < decoded.DecodedLength)
        {
            throw new InvalidDataException($"{samples.Length} bytes in place of {decoded.DecodedLength}.");
        }
    }

    /// <summary>A Part 10 file: each of its frames as it is stored.</summary>
    public static void Fragments(byte[] bytes)
    {
        using var image = StoredImage.Open(new MemoryStream(bytes), Codecs);
        var whole = 0L;
        for (var frame = 0; frame < Math.Min(MostFrames, image.NumberOfFrames); frame++)
        {
            whole += image.StoredFrame(frame).Length;
        }
        if (image.IsEncapsulated && whole > bytes.Length)
        {
            throw new InvalidDataException($"Frames of {whole} bytes came out of {bytes.Length}.");
        }
    }

    /// <summary>An image whose attributes the input chooses, drawn.</summary>
    public static void Pixels(byte[] bytes)
    {
        var choices = new Choices(bytes);
        var syntax = TransferSyntax.Of(
            choices.Of(
                DicomUids.ExplicitVRLittleEndian,
                DicomUids.ImplicitVRLittleEndian,
                DicomUids.ExplicitVRBigEndian,
                DicomUids.DeflatedExplicitVRLittleEndian,
                DicomUids.RLELossless,
                EncapsulatedUncompressed,
                DeflatedFrame
            )
        );
        var set = Shape(choices);
        Grey(set, choices);
        Palette(set, choices);
        Overlay(set, choices);
        var pixels = choices.Rest();
        set.Add(
            syntax.IsEncapsulated
                ? new DicomElement
                {
                    Tag = DicomTags.PixelData,
                    VR = DicomVR.OB,
                    LoadedFragments = [pixels[..(pixels.Length / 2)], pixels[(pixels.Length / 2)..]],
                }
                : new DicomElement
                {
                    Tag = DicomTags.PixelData,
                    VR = DicomVR.OW,
                    Value = pixels.Length % 2 == 0 ? pixels : [.. pixels, 0],
                }
        );
        using var file = new MemoryStream();
        DicomFile.Write(file, set, syntax);
        using var image = StoredImage.Open(new MemoryStream(file.ToArray()), Codecs);
        for (var frame = 0; frame < Math.Min(3, image.NumberOfFrames); frame++)
        {
            var (width, height) = (Math.Min(16, image.Image!.Columns), Math.Min(16, image.Image.Rows));
            var measures = new PixelMeasures(image.Image.Columns);
            var picture = FrameRenderer.Draw(image, frame, width, height, window: null, measures, withOverlays: true);
            if (picture.Samples.Length != width * height * (picture.IsColour ? 3 : 1))
            {
                throw new InvalidDataException($"{picture.Samples.Length} samples of {width} x {height} pixels.");
            }
        }
    }

    private static DicomDataSet Shape(Choices choices)
    {
        // Most attributes agree with each other, so that the pipeline is reached; the more so the fewer are odd.
        var allocated = choices.Of(8, 8, 8, 16, 16, 16, 1, 32, 64, choices.Byte());
        var stored = choices.Below(4) > 0 ? allocated : choices.Byte();
        var isColour = choices.Below(3) == 1;
        var set = new DicomDataSet()
            .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
            .Set(DicomTags.SOPInstanceUID, "1.2.3")
            .Set(
                DicomTags.PhotometricInterpretation,
                isColour
                    ? choices.Of("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "MONOCHROME2")
                    : choices.Of("MONOCHROME2", "MONOCHROME1", "PALETTE COLOR", "PALETTE COLOR", "RGB", "HSV")
            );
        Number(set, DicomTags.Rows, choices.Below(24));
        Number(set, DicomTags.Columns, choices.Below(24));
        Number(set, DicomTags.SamplesPerPixel, choices.Below(8) > 0 ? (isColour ? 3 : 1) : choices.Byte());
        Number(set, DicomTags.BitsAllocated, allocated);
        Number(set, DicomTags.BitsStored, stored);
        Number(set, DicomTags.HighBit, choices.Below(4) > 0 ? stored - 1 : choices.Byte());
        Number(set, DicomTags.PixelRepresentation, choices.Below(3));
        Number(set, DicomTags.PlanarConfiguration, choices.Below(3));
        if (choices.Below(4) == 1)
        {
            set.SetBytes(DicomTags.NumberOfFrames, DicomVR.IS, Text(choices));
        }
        return set;
    }

    private static void Grey(DicomDataSet set, Choices choices)
    {
        foreach (
            var tag in new[]
            {
                DicomTags.RescaleSlope,
                DicomTags.RescaleIntercept,
                DicomTags.WindowCenter,
                DicomTags.WindowWidth,
            }
        )
        {
            if (choices.Yes())
            {
                set.SetBytes(tag, DicomVR.DS, Text(choices));
            }
        }
        if (choices.Yes())
        {
            set.SetBytes(DicomTags.VOILUTFunction, DicomVR.CS, Padded(choices.Of("SIGMOID", "LINEAR_EXACT", "NONE")));
        }
        if (choices.Yes())
        {
            set.SetBytes(DicomTags.PresentationLUTShape, DicomVR.CS, Padded(choices.Of("INVERSE", "IDENTITY")));
        }
        if (choices.Yes())
        {
            set.SetBytes(DicomTags.PixelPaddingValue, choices.Of(DicomVR.US, DicomVR.SS, DicomVR.DS), choices.Take(2));
            set.SetBytes(DicomTags.PixelPaddingRangeLimit, DicomVR.SS, choices.Take(2));
        }
        foreach (var tag in new[] { DicomTags.ModalityLUTSequence, DicomTags.VOILUTSequence })
        {
            if (choices.Below(3) == 1)
            {
                var item = new DicomDataSet();
                Lut(item, DicomTags.LUTDescriptor, DicomTags.LUTData, choices);
                set.SetItems(tag, item);
            }
        }
        if (choices.Below(8) == 1)
        {
            var window = new DicomDataSet()
                .SetBytes(DicomTags.WindowCenter, DicomVR.DS, Text(choices))
                .SetBytes(DicomTags.WindowWidth, DicomVR.DS, Text(choices));
            set.SetItems(
                choices.Of(DicomTags.PerFrameFunctionalGroupsSequence, DicomTags.SharedFunctionalGroupsSequence),
                new DicomDataSet().SetItems(DicomTags.FrameVOILUTSequence, window)
            );
        }
    }

    private static void Overlay(DicomDataSet set, Choices choices)
    {
        if (choices.Below(3) != 1)
        {
            return;
        }
        var group = choices.Of<ushort>(0x6000, 0x601E);
        Number(set, new DicomTag(group, 0x0010), choices.Below(40));
        Number(set, new DicomTag(group, 0x0011), choices.Below(40));
        if (choices.Yes())
        {
            set.SetBytes(new DicomTag(group, 0x0050), choices.Of(DicomVR.SS, DicomVR.DS), choices.Take(4));
        }
        if (choices.Yes())
        {
            set.SetBytes(new DicomTag(group, 0x0015), DicomVR.IS, Text(choices));
            Number(set, new DicomTag(group, 0x0051), choices.Byte());
        }
        Number(set, new DicomTag(group, 0x0102), choices.Byte());
        if (choices.Yes())
        {
            set.SetBytes(new DicomTag(group, 0x3000), DicomVR.OB, choices.Take(2 * choices.Below(40)));
        }
    }

    private static void Palette(DicomDataSet set, Choices choices)
    {
        if (choices.Below(4) == 1)
        {
            return;
        }
        foreach (
            var (descriptor, data) in new[]
            {
                (DicomTags.RedPaletteColorLookupTableDescriptor, DicomTags.RedPaletteColorLookupTableData),
                (DicomTags.GreenPaletteColorLookupTableDescriptor, DicomTags.GreenPaletteColorLookupTableData),
                (DicomTags.BluePaletteColorLookupTableDescriptor, DicomTags.BluePaletteColorLookupTableData),
            }
        )
        {
            Lut(set, descriptor, data, choices);
        }
    }

    private static void Lut(DicomDataSet set, DicomTag descriptor, DicomTag data, Choices choices)
    {
        set.SetBytes(
            descriptor,
            choices.Of(DicomVR.US, DicomVR.US, DicomVR.SS, DicomVR.SL, DicomVR.FD, DicomVR.DS),
            choices.Yes() ? [choices.Byte(), 0, 0, 0, choices.Of<byte>(8, 16), 0] : choices.Take(choices.Of(6, 12, 24))
        );
        set.SetBytes(data, choices.Of(DicomVR.OW, DicomVR.US), new byte[2 * choices.Byte()]);
    }

    private static void Number(DicomDataSet set, DicomTag tag, int value) =>
        set.SetBytes(tag, DicomVR.US, new byte[] { (byte)value, (byte)(value >> 8) });

    private static byte[] Text(Choices choices) =>
        Padded(
            choices.Of(
                "1",
                "0",
                "2",
                "-1024",
                "1e308",
                "-1e308",
                "1e-308",
                "NaN",
                "",
                "40\\400",
                "99999999",
                "x",
                "3.5"
            )
        );

    private static byte[] Padded(string text) =>
        System.Text.Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + " ");
}
