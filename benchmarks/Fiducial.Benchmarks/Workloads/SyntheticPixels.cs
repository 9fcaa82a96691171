using System.Buffers.Binary;

namespace Fiducial.Benchmarks.Workloads;

/// <summary>
/// Images of a body in ellipses, with noise: the same bytes on every machine. They are made once and kept, so that writing
/// files costs little.
/// </summary>
internal static class SyntheticPixels
{
    // Half axes and centre in units where the picture reaches from -1 to 1; grey as a part of the range.
    private static readonly (double X, double Y, double Rx, double Ry, double Grey)[] Body =
    [
        (0, 0, 0.88, 0.7, 0.45),
        (-0.38, -0.05, 0.28, 0.42, 0.12),
        (0.38, -0.05, 0.28, 0.42, 0.12),
        (0.1, -0.02, 0.2, 0.24, 0.55),
        (0, 0.45, 0.1, 0.1, 0.85),
        (0, 0.45, 0.05, 0.05, 0.65),
    ];

    private static readonly Dictionary<ObjectKind, byte[][]> Made = [];

    /// <summary>All frames of one image, as they stand in Pixel Data.</summary>
    public static byte[] Of(ObjectKind kind, int image)
    {
        if (!Made.TryGetValue(kind, out var images))
        {
            images = new byte[kind.DifferentImages][];
            Parallel.For(0, images.Length, i => images[i] = Draw(kind, i));
            Made[kind] = images;
        }
        return images[image % images.Length];
    }

    private static byte[] Draw(ObjectKind kind, int image)
    {
        var pixels = new byte[(long)kind.FrameLength * kind.Frames];
        DrawFrame(kind, image, pixels.AsSpan(0, kind.FrameLength));
        for (var frame = 1; frame < kind.Frames; frame++)
        {
            // A cine repeats one frame, a little further: nobody compresses it here, so only its length matters.
            var place = pixels.AsSpan(frame * kind.FrameLength, kind.FrameLength);
            pixels.AsSpan(0, kind.FrameLength - frame).CopyTo(place[frame..]);
        }
        return pixels;
    }

    private static void DrawFrame(ObjectKind kind, int image, Span<byte> pixels)
    {
        var random = new Xorshift((uint)(kind.Rows * 31 + image + 1));
        var range = (1 << Math.Min(kind.BitsStored, 14)) - 1;
        var (lowest, span) = kind.IsSigned ? (-1024, 4095) : (0, range);
        var grow = 1 + 0.05 * Math.Sin(image);
        for (var (row, at) = (0, 0); row < kind.Rows; row++)
        {
            var y = (row + 0.5) / kind.Rows * 2 - 1;
            for (var column = 0; column < kind.Columns; column++)
            {
                var x = (column + 0.5) / kind.Columns * 2 - 1;
                var grey = 0.03;
                foreach (var part in Body)
                {
                    var (a, b) = ((x - part.X) / (part.Rx * grow), (y - part.Y) / (part.Ry * grow));
                    grey = a * a + b * b < 1 ? part.Grey : grey;
                }
                var value = lowest + (int)Math.Clamp(span * (grey + 0.02 * random.NextNoise()), 0, span);
                for (var sample = 0; sample < kind.Samples; sample++)
                {
                    if (kind.BitsAllocated == 16)
                    {
                        BinaryPrimitives.WriteInt16LittleEndian(pixels[at..], (short)value);
                    }
                    else
                    {
                        pixels[at] = (byte)value;
                    }
                    at += kind.BitsAllocated / 8;
                }
            }
        }
    }

    // Marsaglia's xorshift: the same numbers in every version of .NET.
    private struct Xorshift(uint seed)
    {
        private uint _state = seed * 2654435761u | 1;

        /// <summary>About normal, mean 0, standard deviation 1.</summary>
        public double NextNoise() => (Even() + Even() + Even() + Even() - 2) * 1.7320508;

        private double Even()
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return _state * (1.0 / uint.MaxValue);
        }
    }
}
