using System.Runtime.InteropServices;

namespace Fiducial.Archive.Pixels;

/// <summary>The window of an image that says none: from the lowest to the highest value, without half a percent of outliers at each end.</summary>
internal static class PercentileWindow
{
    private const double Outliers = 0.005;

    public static Window Of(
        FrameRows rows,
        StoredValues values,
        Func<double, double> modality,
        Func<double, bool> isPadding
    )
    {
        var shape = rows.Shape;
        var unit = shape.BitsAllocated / 8;
        if (unit > 2)
        {
            return Extremes(rows, unit, values, modality, isPadding);
        }
        var counts = new long[unit == 1 ? 256 : 65536];
        for (var y = 0; y < shape.Rows; y++)
        {
            if (unit == 1)
            {
                foreach (var cell in rows[y])
                {
                    counts[cell]++;
                }
            }
            else
            {
                foreach (var cell in MemoryMarshal.Cast<byte, ushort>(rows[y]))
                {
                    counts[cell]++;
                }
            }
        }
        var found = counts
            .Select((count, cell) => (Value: values.Of((ulong)cell), Count: count))
            .Where(v => v.Count > 0 && !isPadding(v.Value))
            .Select(v => (Value: modality(v.Value), v.Count))
            .OrderBy(v => v.Value)
            .ToList();
        if (found.Count == 0)
        {
            return new Window(0.5, 1);
        }
        var outliers = found.Sum(v => v.Count) * Outliers;
        return Between(At(found, outliers), At(Enumerable.Reverse(found), outliers));
    }

    private static double At(IEnumerable<(double Value, long Count)> values, double outliers)
    {
        var passed = 0L;
        var last = 0.0;
        foreach (var (value, count) in values)
        {
            passed += count;
            last = value;
            if (passed > outliers)
            {
                break;
            }
        }
        return last;
    }

    private static Window Extremes(
        FrameRows rows,
        int unit,
        StoredValues values,
        Func<double, double> modality,
        Func<double, bool> isPadding
    )
    {
        var (low, high) = (double.MaxValue, double.MinValue);
        for (var y = 0; y < rows.Shape.Rows; y++)
        {
            var row = rows[y];
            for (var at = 0; at + unit <= row.Length; at += unit)
            {
                var stored = values.Of(GreyRow.Cell(row[at..], unit));
                if (!isPadding(stored))
                {
                    var value = modality(stored);
                    (low, high) = (Math.Min(low, value), Math.Max(high, value));
                }
            }
        }
        return low > high ? new Window(0.5, 1) : Between(low, high);
    }

    // PS3.3 C.11.2.1.3.2: an exact window goes from center - width / 2 to center + width / 2.
    private static Window Between(double low, double high) =>
        high > low
            ? new Window((low + high) / 2, high - low, WindowFunction.LinearExact)
            : new Window(low, 1, WindowFunction.LinearExact);
}
