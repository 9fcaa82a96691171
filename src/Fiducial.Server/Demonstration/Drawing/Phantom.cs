namespace Fiducial.Server.Demonstration.Drawing;

/// <summary>Ellipsoids painted over each other: a body as a radiographer's phantom has it.</summary>
internal sealed class Phantom(double background, params Phantom.Part[] parts)
{
    /// <param name="X">Centre, in units where the picture reaches from -1 to 1.</param>
    /// <param name="Z">Centre along the stack, 0 to 1.</param>
    internal sealed record Part(double X, double Y, double Z, double Rx, double Ry, double Rz, double Value);

    /// <summary>Values of one slice with noise, offset so that none is negative.</summary>
    public ushort[] Slice(int columns, int rows, double z, double noise, double offset, int seed, int most)
    {
        var pixels = new ushort[columns * rows];
        Parallel.For(
            0,
            rows,
            y =>
            {
                var random = new Noise((uint)(seed * 4099 + y + 7));
                var v = (y + 0.5) / rows * 2 - 1;
                for (var x = 0; x < columns; x++)
                {
                    var u = (x + 0.5) / columns * 2 - 1;
                    var value = background;
                    foreach (var p in parts)
                    {
                        var (a, b, c) = ((u - p.X) / p.Rx, (v - p.Y) / p.Ry, (z - p.Z) / p.Rz);
                        if (a * a + b * b + c * c <= 1)
                        {
                            value = p.Value;
                        }
                    }
                    pixels[y * columns + x] = (ushort)Math.Clamp(value + offset + random.Next() * noise, 0, most);
                }
            }
        );
        return pixels;
    }
}
