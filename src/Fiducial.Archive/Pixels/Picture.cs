using System.Runtime.InteropServices;
using SkiaSharp;

namespace Fiducial.Archive.Pixels;

/// <summary>A drawn picture: one byte a pixel for grey, or three (red, green, blue) for colour.</summary>
internal sealed record Picture(byte[] Samples, int Width, int Height, bool IsColour)
{
    public const int JpegQuality = 90;

    public byte[] ToJpeg() => Encode(SKEncodedImageFormat.Jpeg);

    public byte[] ToPng() => Encode(SKEncodedImageFormat.Png);

    private byte[] Encode(SKEncodedImageFormat format)
    {
        var info = new SKImageInfo(
            Width,
            Height,
            IsColour ? SKColorType.Rgba8888 : SKColorType.Gray8,
            SKAlphaType.Opaque
        );
        var pixels = Samples;
        if (IsColour)
        {
            pixels = new byte[4 * Width * Height];
            for (int from = 0, to = 0; from < Samples.Length; from += 3, to += 4)
            {
                (pixels[to], pixels[to + 1], pixels[to + 2], pixels[to + 3]) = (
                    Samples[from],
                    Samples[from + 1],
                    Samples[from + 2],
                    byte.MaxValue
                );
            }
        }
        var pinned = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            using var map = new SKPixmap(info, pinned.AddrOfPinnedObject(), info.RowBytes);
            using var encoded =
                map.Encode(format, JpegQuality)
                ?? throw new InvalidOperationException($"A picture of {Width} x {Height} could not be encoded.");
            return encoded.ToArray();
        }
        finally
        {
            pinned.Free();
        }
    }
}
