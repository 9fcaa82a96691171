using Fiducial.Archive.Codecs;
using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>Draws a frame at a size: the full data through the display pipeline, then averaged down. What is not understood is not drawn.</summary>
internal static class FrameRenderer
{
    /// <param name="image">An opened object.</param>
    /// <param name="frame">Counted from 0.</param>
    /// <param name="width">Columns of the picture, at most those of the frame.</param>
    /// <param name="height">Rows of the picture, at most those of the frame.</param>
    /// <param name="window">In place of the image's own; grey images only.</param>
    /// <param name="measures">Collects from the full data when it is given.</param>
    /// <param name="withOverlays">Draws what lies over the image, too: marks of whoever looked at it. A check of views is made without.</param>
    /// <exception cref="CodecException">The frame cannot be decoded, or its colours are of a kind that is not drawn here.</exception>
    /// <exception cref="DicomFormatException">The frame is not all there, or its attributes contradict each other.</exception>
    public static Picture Draw(
        StoredImage image,
        int frame,
        int width,
        int height,
        Window? window = null,
        PixelMeasures? measures = null,
        bool withOverlays = false
    )
    {
        if (!image.CanDecode)
        {
            throw new CodecException($"Frames in {image.File.TransferSyntax.Name} are not drawn here.");
        }
        var rows = new FrameRows(image, frame);
        var picture = rows.Shape.PhotometricInterpretation is "MONOCHROME1" or "MONOCHROME2"
            ? Grey(image, rows, frame, width, height, window, measures)
            : Colour(image, rows, width, height, measures);
        if (withOverlays)
        {
            Overlay.Draw(picture, image, frame);
        }
        return picture;
    }

    private static Picture Grey(
        StoredImage image,
        FrameRows rows,
        int frame,
        int width,
        int height,
        Window? window,
        PixelMeasures? measures
    )
    {
        var shape = rows.Shape;
        if (shape.SamplesPerPixel != 1)
        {
            throw new CodecException($"A grey image has {shape.SamplesPerPixel} samples a pixel.");
        }
        var values = new StoredValues(shape);
        var mapping = GreyMapping.Of(
            image.File.DataSet,
            shape,
            frame,
            window,
            (modality, isPadding) => PercentileWindow.Of(rows, values, modality, isPadding)
        );
        var pass = GreyRow.For(shape, values, mapping);
        var average = new AreaAverage(shape.Columns, shape.Rows, width, height);
        var shown = new float[shape.Columns];
        for (var y = 0; y < shape.Rows; y++)
        {
            var clipped = pass.Map(rows[y], shown);
            measures?.AddClipped(clipped, shape.Columns);
            measures?.Add(shown);
            average.Add(shown);
        }
        return new Picture(Bytes(average.Result), width, height, IsColour: false);
    }

    private static Picture Colour(StoredImage image, FrameRows rows, int width, int height, PixelMeasures? measures)
    {
        var shape = rows.Shape;
        var colours = ColourRow.For(image.File.DataSet, shape);
        var channels = Enumerable
            .Range(0, 3)
            .Select(_ => new AreaAverage(shape.Columns, shape.Rows, width, height))
            .ToArray();
        var (red, green, blue) = (new float[shape.Columns], new float[shape.Columns], new float[shape.Columns]);
        var light = new float[shape.Columns];
        for (var y = 0; y < shape.Rows; y++)
        {
            colours(rows[y], red, green, blue);
            channels[0].Add(red);
            channels[1].Add(green);
            channels[2].Add(blue);
            if (measures is not null)
            {
                var clipped = 0;
                for (var x = 0; x < light.Length; x++)
                {
                    light[x] = 0.299f * red[x] + 0.587f * green[x] + 0.114f * blue[x];
                    clipped += light[x] is <= 0 or >= 254.99f ? 1 : 0;
                }
                measures.AddClipped(clipped, light.Length);
                measures.Add(light);
            }
        }
        var samples = new byte[3 * width * height];
        for (var channel = 0; channel < 3; channel++)
        {
            var bytes = Bytes(channels[channel].Result);
            for (var i = 0; i < bytes.Length; i++)
            {
                samples[3 * i + channel] = bytes[i];
            }
        }
        return new Picture(samples, width, height, IsColour: true);
    }

    private static byte[] Bytes(float[] levels)
    {
        var bytes = new byte[levels.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Math.Clamp(levels[i] + 0.5f, 0, 255);
        }
        return bytes;
    }
}
