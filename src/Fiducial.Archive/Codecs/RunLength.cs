using System.Buffers.Binary;
using Fiducial.Dicom;

namespace Fiducial.Archive.Codecs;

/// <summary>RLE Lossless (PS3.5 annex G): a header of 16 numbers, then one segment for each byte of each sample, most significant first.</summary>
internal static class RunLength
{
    private const int HeaderLength = 64;

    /// <returns>Samples colour-by-pixel, little endian.</returns>
    /// <exception cref="CodecException">The segments are not those of such an image.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> encoded, ImageDescription image)
    {
        var bytesPerSample = (image.BitsAllocated + 7) / 8;
        var segments = image.SamplesPerPixel * bytesPerSample;
        if (
            encoded.Length < HeaderLength
            || BinaryPrimitives.ReadUInt32LittleEndian(encoded) != segments
            || segments > 15
        )
        {
            throw new CodecException($"The RLE frame has not the {segments} segments of its image.");
        }
        var pixels = checked((int)((long)image.Rows * image.Columns));
        // Two bytes give at most 128: what cannot be complete needs no memory.
        if ((long)pixels * segments > 64L * encoded.Length)
        {
            throw new CodecException($"The RLE frame is too short for {image.Columns} x {image.Rows} pixels.");
        }
        var stride = image.SamplesPerPixel * bytesPerSample;
        var decoded = new byte[checked(pixels * stride)];
        for (var segment = 0; segment < segments; segment++)
        {
            var start = Offset(encoded, segment);
            var end = segment + 1 < segments ? Offset(encoded, segment + 1) : (uint)encoded.Length;
            if (start < HeaderLength || start > end || end > encoded.Length)
            {
                throw new CodecException("The RLE frame's segments lie outside of it.");
            }
            var place = segment / bytesPerSample * bytesPerSample + (bytesPerSample - 1 - segment % bytesPerSample);
            Segment(encoded[(int)start..(int)end], decoded.AsSpan(place), stride, pixels);
        }
        return decoded;
    }

    private static uint Offset(ReadOnlySpan<byte> encoded, int segment) =>
        BinaryPrimitives.ReadUInt32LittleEndian(encoded[(4 + 4 * segment)..]);

    // PS3.5 G.3.2: n >= 0 copies n + 1 bytes, n < 0 repeats the next byte 1 - n times, -128 says nothing.
    private static void Segment(ReadOnlySpan<byte> code, Span<byte> output, int stride, int pixels)
    {
        var (at, pixel) = (0, 0);
        while (pixel < pixels)
        {
            if (at >= code.Length)
            {
                throw new CodecException($"An RLE segment ends after {pixel} of {pixels} pixels.");
            }
            var n = (sbyte)code[at++];
            if (n == -128)
            {
                continue;
            }
            // Encoders may run past the last pixel to fill a row: what is too much is left out.
            var count = Math.Min(n >= 0 ? n + 1 : 1 - n, pixels - pixel);
            var needed = n >= 0 ? count : 1;
            if (code.Length - at < needed)
            {
                throw new CodecException($"An RLE segment ends after {pixel} of {pixels} pixels.");
            }
            if (n >= 0)
            {
                for (var i = 0; i < count; i++)
                {
                    output[(pixel + i) * stride] = code[at + i];
                }
                at += n + 1;
            }
            else
            {
                var value = code[at++];
                for (var i = 0; i < count; i++)
                {
                    output[(pixel + i) * stride] = value;
                }
            }
            pixel += count;
        }
    }
}
