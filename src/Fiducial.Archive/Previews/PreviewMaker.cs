using Fiducial.Archive.Pixels;
using Fiducial.Dicom;

namespace Fiducial.Archive.Previews;

/// <summary>Makes the one preview of an image: one size, one window, one frame.</summary>
internal static class PreviewMaker
{
    /// <summary>Pixels of a preview, whatever its shape.</summary>
    public const int MostPixels = 307_200;

    /// <returns>Null when the object is no image.</returns>
    /// <exception cref="Codecs.CodecException">It cannot be decoded or is of a kind that is not drawn.</exception>
    /// <exception cref="DicomFormatException">Its data are not all there or contradict each other.</exception>
    public static Preview? Make(StoredImage image)
    {
        if (image.Image is not { } shape || image.NumberOfFrames == 0)
        {
            return null;
        }
        var (width, height) = SizeOf(shape.Columns, shape.Rows);
        var measures = new PixelMeasures(shape.Columns);
        // The middle of a series of frames shows more of what was examined than its first.
        var picture = FrameRenderer.Draw(image, image.NumberOfFrames / 2, width, height, measures: measures);
        var labelled = PreviewLabel.On(picture);
        var set = image.File.DataSet;
        var numbers = new TechnicalNumbers(
            set.GetDouble(DicomTags.ExposureIndex),
            set.GetDouble(DicomTags.DeviationIndex),
            set.GetDouble(DicomTags.TargetExposureIndex),
            measures.ClippedPercent,
            measures.Sharpness,
            set.GetString(DicomTags.ImageLaterality) ?? set.GetString(DicomTags.Laterality) ?? ""
        );
        return new Preview(labelled.ToJpeg(), labelled.Width, labelled.Height, numbers);
    }

    /// <summary>The size of a preview with the image's own shape; never larger than the image.</summary>
    public static (int Width, int Height) SizeOf(int columns, int rows)
    {
        // Very narrow pictures get a border for their label, which counts.
        var (leastWidth, leastHeight) = PreviewLabel.LeastCanvas;
        var scale = Math.Min(1, Math.Sqrt((double)MostPixels / columns / rows));
        var width = Math.Clamp((int)(columns * scale), 1, MostPixels / leastHeight);
        var height = Math.Clamp((int)(rows * scale), 1, MostPixels / Math.Max(width, leastWidth));
        return (width, height);
    }
}
