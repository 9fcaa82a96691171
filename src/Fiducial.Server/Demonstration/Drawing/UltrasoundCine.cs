using Fiducial.Dicom;

namespace Fiducial.Server.Demonstration.Drawing;

/// <summary>A cine of 30 frames: a sector with speckle, and a gall bladder that moves with the breath.</summary>
public static class UltrasoundCine
{
    private const int Columns = 640;
    private const int Rows = 480;
    private const int Frames = 30;

    public static IEnumerable<DicomDataSet> Draw(ExamIdentity exam)
    {
        var pixels = new byte[Columns * Rows * Frames];
        Parallel.For(0, Frames, f => Paint(pixels.AsSpan(f * Columns * Rows, Columns * Rows), f));
        yield return ImageHeader
            .Of(exam, DicomUids.UltrasoundMultiFrameImageStorage, "US", 1, "CINE ABDOMEN", 1)
            .Set(DicomTags.Laterality, "")
            .Set(DicomTags.SamplesPerPixel, 1)
            .Set(DicomTags.PhotometricInterpretation, "MONOCHROME2")
            .Set(DicomTags.Rows, Rows)
            .Set(DicomTags.Columns, Columns)
            .Set(DicomTags.BitsAllocated, 8)
            .Set(DicomTags.BitsStored, 8)
            .Set(DicomTags.HighBit, 7)
            .Set(DicomTags.PixelRepresentation, 0)
            .Set(DicomTags.NumberOfFrames, "30")
            .Set(DicomTags.FrameTime, "40")
            .SetBytes(DicomTags.FrameIncrementPointer, DicomVR.AT, new byte[] { 0x18, 0, 0x63, 0x10 })
            .Set(DicomTags.LossyImageCompression, "00")
            .SetBytes(DicomTags.PixelData, DicomVR.OB, pixels);
    }

    private static void Paint(Span<byte> frame, int number)
    {
        var noise = new Noise((uint)number + 31);
        var breath = Math.Sin(number / (double)Frames * 2 * Math.PI) * 14;
        for (var y = 0; y < Rows; y++)
        {
            for (var x = 0; x < Columns; x++)
            {
                var (dx, dy) = (x - Columns / 2.0, y + 40.0);
                var depth = Math.Sqrt(dx * dx + dy * dy);
                if (Math.Abs(Math.Atan2(dx, dy)) > 0.62 || depth is < 70 or > 500)
                {
                    continue;
                }
                var inside = Math.Pow((dx + 40) / 75, 2) + Math.Pow((y - 200 - breath) / 42, 2);
                var echo = inside < 1 ? 6 : 88 - depth * 0.08 + (inside < 1.3 ? 70 : 0);
                frame[y * Columns + x] = (byte)Math.Clamp(echo * (1 + noise.Next() * 0.35), 0, 255);
            }
        }
    }
}
