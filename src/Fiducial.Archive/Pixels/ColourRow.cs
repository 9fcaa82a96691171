using Fiducial.Archive.Codecs;
using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>Turns one row of samples into red, green and blue, 0 to 255.</summary>
internal delegate void ColourMapping(ReadOnlySpan<byte> samples, Span<float> red, Span<float> green, Span<float> blue);

/// <summary>The colour models of PS3.3 C.7.6.3.1.2 that are drawn.</summary>
internal static class ColourRow
{
    /// <exception cref="CodecException">The colour model is not drawn here.</exception>
    public static ColourMapping For(DicomDataSet set, ImageDescription image)
    {
        var unit = image.BitsAllocated / 8;
        var scale = (float)(255 / (Math.Pow(2, image.BitsStored) - 1));
        return (image.PhotometricInterpretation, image.SamplesPerPixel) switch
        {
            ("RGB" or "YBR_RCT" or "YBR_ICT", 3) => (samples, red, green, blue) =>
            {
                for (int x = 0, at = 0; x < red.Length; x++, at += 3 * unit)
                {
                    red[x] = GreyRow.Cell(samples[at..], unit) * scale;
                    green[x] = GreyRow.Cell(samples[(at + unit)..], unit) * scale;
                    blue[x] = GreyRow.Cell(samples[(at + 2 * unit)..], unit) * scale;
                }
            },
            ("YBR_FULL", 3) => (samples, red, green, blue) =>
            {
                for (int x = 0, at = 0; x < red.Length; x++, at += 3 * unit)
                {
                    var y = GreyRow.Cell(samples[at..], unit) * scale;
                    var cb = GreyRow.Cell(samples[(at + unit)..], unit) * scale;
                    var cr = GreyRow.Cell(samples[(at + 2 * unit)..], unit) * scale;
                    (red[x], green[x], blue[x]) = FromYbr(y, cb, cr);
                }
            },
            // Two pixels share their colour: Y1 Y2 Cb Cr.
            ("YBR_FULL_422", 3) when unit == 1 && image.Columns % 2 == 0 => (samples, red, green, blue) =>
            {
                for (var x = 0; x < red.Length; x++)
                {
                    var four = samples.Slice(x / 2 * 4, 4);
                    (red[x], green[x], blue[x]) = FromYbr(four[x & 1], four[2], four[3]);
                }
            },
            ("PALETTE COLOR", 1) when unit <= 2 => Palette(set, image, unit),
            _ => throw new CodecException(
                $"{image.PhotometricInterpretation} with {image.SamplesPerPixel} samples of {image.BitsAllocated} bits is not drawn here."
            ),
        };
    }

    private static ColourMapping Palette(DicomDataSet set, ImageDescription image, int unit)
    {
        var values = new StoredValues(image);
        var channels = new[]
        {
            (
                Descriptor: DicomTags.RedPaletteColorLookupTableDescriptor,
                Data: DicomTags.RedPaletteColorLookupTableData,
                Segments: DicomTags.SegmentedRedPaletteColorLookupTableData
            ),
            (
                Descriptor: DicomTags.GreenPaletteColorLookupTableDescriptor,
                Data: DicomTags.GreenPaletteColorLookupTableData,
                Segments: DicomTags.SegmentedGreenPaletteColorLookupTableData
            ),
            (
                Descriptor: DicomTags.BluePaletteColorLookupTableDescriptor,
                Data: DicomTags.BluePaletteColorLookupTableData,
                Segments: DicomTags.SegmentedBluePaletteColorLookupTableData
            ),
        }
            .Select(c =>
                Levels(LookupTable.Of(set, c.Descriptor, c.Data, image.IsSigned, c.Segments), values, 1 << (8 * unit))
            )
            .ToArray();
        return (samples, red, green, blue) =>
        {
            for (var x = 0; x < red.Length; x++)
            {
                var cell = GreyRow.Cell(samples[(x * unit)..], unit);
                (red[x], green[x], blue[x]) = (channels[0][cell], channels[1][cell], channels[2][cell]);
            }
        };
    }

    private static float[] Levels(LookupTable table, StoredValues values, int cells) =>
        [.. Enumerable.Range(0, cells).Select(cell => (float)(255 * table[values.Of((ulong)cell)] / table.Largest))];

    // ITU-R BT.601, full range, as PS3.3 C.7.6.3.1.2 has it.
    private static (float Red, float Green, float Blue) FromYbr(float y, float cb, float cr) =>
        (
            Math.Clamp(y + 1.402f * (cr - 128), 0, 255),
            Math.Clamp(y - 0.344136f * (cb - 128) - 0.714136f * (cr - 128), 0, 255),
            Math.Clamp(y + 1.772f * (cb - 128), 0, 255)
        );
}
