using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fiducial.Archive.Pixels;

/// <summary>
/// Makes a picture smaller by averaging: each pixel of the result is the mean of the area that it covers, with the parts of
/// pixels at its borders counted as parts. Nothing is skipped: a thin line gets fainter and never disappears by chance.
/// </summary>
internal sealed class AreaAverage
{
    private readonly int _width;
    private readonly int _height;
    private readonly int _outWidth;
    private readonly int _outHeight;
    private readonly double _factorX;
    private readonly double _factorY;
    private readonly float[] _sums;
    private int _row;
    private int _outRow;

    public AreaAverage(int width, int height, int outWidth, int outHeight)
    {
        (_width, _height, _outWidth, _outHeight) = (width, height, outWidth, outHeight);
        _factorX = (double)width / outWidth;
        _factorY = (double)height / outHeight;
        _sums = new float[width];
        Result = new float[outWidth * outHeight];
    }

    /// <summary>Row by row; complete when all rows have been added.</summary>
    public float[] Result { get; }

    /// <summary>The next row from the top.</summary>
    public void Add(ReadOnlySpan<float> row)
    {
        double top = _row;
        var bottom = top + 1;
        while (true)
        {
            var end = _outRow == _outHeight - 1 ? _height : (_outRow + 1) * _factorY;
            AddTo(_sums, row, (float)(Math.Min(bottom, end) - top));
            if (end > bottom)
            {
                break;
            }
            Complete();
            if (end >= bottom)
            {
                break;
            }
            top = end;
        }
        _row++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTo(Span<float> sums, ReadOnlySpan<float> row, float weight)
    {
        var i = 0;
        var w = new Vector<float>(weight);
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var sum = new Vector<float>(sums[i..]) + w * new Vector<float>(row[i..]);
            sum.CopyTo(sums[i..]);
        }
        for (; i < sums.Length; i++)
        {
            sums[i] += weight * row[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Complete()
    {
        var area = (float)(_factorX * _factorY);
        var result = Result.AsSpan(_outRow * _outWidth, _outWidth);
        for (var x = 0; x < _outWidth; x++)
        {
            var left = x * _factorX;
            var right = Math.Min((x + 1) * _factorX, _width);
            var first = (int)left;
            var last = Math.Min((int)Math.Ceiling(right), _width) - 1;
            var sum = _sums[first] * (float)(Math.Min(first + 1, right) - left);
            for (var i = first + 1; i < last; i++)
            {
                sum += _sums[i];
            }
            if (last > first)
            {
                sum += _sums[last] * (float)(right - last);
            }
            result[x] = sum / area;
        }
        Array.Clear(_sums);
        _outRow++;
    }
}
