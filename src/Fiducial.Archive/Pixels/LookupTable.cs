using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>A LUT of a data set (PS3.3 C.11.1.1.1): values below its first input take its first entry, values above its last.</summary>
internal sealed class LookupTable
{
    private const int MostEntries = 65536;

    private readonly double[] _entries;
    private readonly int _first;

    private LookupTable(double[] entries, int first, int bits)
    {
        (_entries, _first) = (entries, first);
        Largest = Math.Pow(2, bits) - 1;
    }

    /// <summary>The largest value that an entry can have.</summary>
    public double Largest { get; }

    public double this[double input] => _entries[(int)Math.Clamp(Math.Round(input) - _first, 0, _entries.Length - 1)];

    /// <param name="item">The item, or the image for palettes.</param>
    /// <param name="descriptor">Of the LUT.</param>
    /// <param name="data">Of the LUT.</param>
    /// <param name="isSigned">Whether its input values are: the descriptor's first input follows that, whatever its VR says.</param>
    /// <param name="segments">Of a palette, where <paramref name="data"/> are missing (PS3.3 C.7.9.2).</param>
    /// <exception cref="DicomFormatException">The LUT is not as its descriptor says.</exception>
    public static LookupTable Of(
        DicomDataSet item,
        DicomTag descriptor,
        DicomTag data,
        bool isSigned,
        DicomTag? segments = null
    )
    {
        var head = item.GetDoubles(descriptor);
        var isSegmented = segments is not null && item.Find(data) is not { Value.IsEmpty: false };
        var tag = isSegmented ? segments!.Value : data;
        if (head.Count != 3 || item.Find(tag) is not { Value.IsEmpty: false } element)
        {
            throw new DicomFormatException($"The lookup table {tag} is missing or has no descriptor.", 0);
        }
        // 0 stands for 65,536 entries, which 16 bits cannot say; some write what is above 32,767 as a signed number.
        var count = (int)(head[0] <= 0 ? MostEntries + head[0] : head[0]);
        if (count is < 1 or > MostEntries)
        {
            throw new DicomFormatException($"The lookup table {tag} has {head[0]} entries by its descriptor.", 0);
        }
        int first = isSigned ? (short)(int)head[1] : (ushort)(int)head[1];
        var bits = (int)head[2] is > 0 and <= 16 and var b ? b : 16;
        var value = element.Value.Span;
        return new LookupTable(
            isSegmented ? SegmentedTable.Expand(value, bits, count, tag) : Entries(value, bits, count, tag),
            first,
            bits
        );
    }

    private static double[] Entries(ReadOnlySpan<byte> value, int bits, int count, DicomTag tag)
    {
        var entries = new double[count];
        if (value.Length >= 2 * count)
        {
            for (var i = 0; i < count; i++)
            {
                entries[i] = (ushort)(value[2 * i] | (value[2 * i + 1] << 8));
            }
        }
        else if (bits <= 8 && value.Length >= count)
        {
            for (var i = 0; i < count; i++)
            {
                entries[i] = value[i];
            }
        }
        else
        {
            throw new DicomFormatException($"The lookup table {tag} has fewer than {count} entries.", 0);
        }
        return entries;
    }
}
