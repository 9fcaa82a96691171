using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fiducial.Archive.Pixels;

/// <summary>Collects from the full data, row by row, what a small picture cannot tell.</summary>
internal sealed class PixelMeasures(int width)
{
    private readonly float[][] _rows = [new float[width], new float[width], new float[width]];
    private long _rowCount;
    private long _pixels;
    private long _clipped;
    private double _sum;
    private double _squares;
    private long _laplacians;

    public double ClippedPercent => _pixels == 0 ? 0 : 100.0 * _clipped / _pixels;

    /// <summary>Variance of the Laplacian, in squared grey levels.</summary>
    public double Sharpness =>
        _laplacians == 0 ? 0 : Math.Max(0, _squares / _laplacians - Math.Pow(_sum / _laplacians, 2));

    public void AddClipped(long clipped, long pixels)
    {
        _clipped += clipped;
        _pixels += pixels;
    }

    /// <summary>The next row of the windowed picture, 0 to 255.</summary>
    public void Add(ReadOnlySpan<float> row)
    {
        row.CopyTo(_rows[_rowCount % 3]);
        _rowCount++;
        if (_rowCount >= 3 && width >= 3)
        {
            Laplacian(_rows[(_rowCount - 3) % 3], _rows[(_rowCount - 2) % 3], _rows[(_rowCount - 1) % 3]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Laplacian(ReadOnlySpan<float> above, ReadOnlySpan<float> row, ReadOnlySpan<float> below)
    {
        var (sum, squares) = (Vector<float>.Zero, Vector<float>.Zero);
        var four = new Vector<float>(4);
        var x = 1;
        for (; x + Vector<float>.Count <= width - 1; x += Vector<float>.Count)
        {
            var value =
                new Vector<float>(above[x..])
                + new Vector<float>(below[x..])
                + new Vector<float>(row[(x - 1)..])
                + new Vector<float>(row[(x + 1)..])
                - four * new Vector<float>(row[x..]);
            sum += value;
            squares += value * value;
        }
        double rest = Vector.Sum(sum);
        double restSquares = Vector.Sum(squares);
        for (; x < width - 1; x++)
        {
            var value = above[x] + below[x] + row[x - 1] + row[x + 1] - 4 * row[x];
            rest += value;
            restSquares += value * value;
        }
        _sum += rest;
        _squares += restSquares;
        _laplacians += width - 2;
    }
}
