using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>
/// A palette that is told in segments (PS3.3 C.7.9.2): values one by one, straight lines from where the last segment ended, and
/// segments told before. Each gives one entry or more, so that no data make more work than the table has entries.
/// </summary>
internal ref struct SegmentedTable
{
    private const int Discrete = 0;
    private const int Linear = 1;
    private const int Indirect = 2;

    private readonly ReadOnlySpan<byte> _data;
    private readonly int _unit;
    private readonly double[] _entries;
    private readonly DicomTag _tag;
    private int _filled;

    private SegmentedTable(ReadOnlySpan<byte> data, int unit, int count, DicomTag tag)
    {
        _data = data;
        (_unit, _tag) = (unit, tag);
        _entries = new double[count];
    }

    /// <param name="data">Of the element, in little endian.</param>
    /// <param name="bits">Of an entry by the descriptor: up to 8, and all that is told is told in bytes; else in words.</param>
    /// <param name="count">Entries by the descriptor. What is told beyond them is left out.</param>
    /// <param name="tag">Named when the data are refused.</param>
    /// <exception cref="DicomFormatException">The segments are not as the standard has them, or do not fill the table.</exception>
    public static double[] Expand(ReadOnlySpan<byte> data, int bits, int count, DicomTag tag)
    {
        var table = new SegmentedTable(data, bits <= 8 ? 1 : 2, count, tag);
        var at = 0;
        while (table._filled < count)
        {
            at = table.AddSegment(at, mayPoint: true);
        }
        return table._entries;
    }

    private readonly int Cell(int at) =>
        at < 0 || at > _data.Length - _unit
            ? throw Wrong($"ends when it has told {_filled} of {_entries.Length} entries")
        : _unit == 1 ? _data[at]
        : _data[at] | (_data[at + 1] << 8);

    /// <returns>Where the next segment begins.</returns>
    private int AddSegment(int at, bool mayPoint)
    {
        var (kind, length) = (Cell(at), Cell(at + _unit));
        at += 2 * _unit;
        if (length == 0)
        {
            throw Wrong("has a segment of no length");
        }
        switch (kind)
        {
            case Discrete:
                for (var i = 0; i < length && _filled < _entries.Length; i++)
                {
                    _entries[_filled] = Cell(at + i * _unit);
                    _filled++;
                }
                return at + length * _unit;
            case Linear when _filled > 0:
                AddLine(Cell(at), length);
                return at + _unit;
            case Indirect when _filled > 0 && mayPoint:
                // Four bytes, or two words of which the lower comes first: the same in little endian.
                var from = Cell(at) | (Cell(at + _unit) << (8 * _unit));
                if (_unit == 1)
                {
                    from |= (Cell(at + 2) << 16) | (Cell(at + 3) << 24);
                }
                for (var i = 0; i < length && _filled < _entries.Length; i++)
                {
                    from = AddSegment(from, mayPoint: false);
                }
                return at + 4;
            case Linear or Indirect:
                throw Wrong(_filled == 0 ? $"begins with a segment of kind {kind}" : "points to a segment that points");
            default:
                throw Wrong($"has a segment of kind {kind}");
        }
    }

    private void AddLine(double end, int length)
    {
        var start = _entries[_filled - 1];
        for (var i = 1; i <= length && _filled < _entries.Length; i++)
        {
            _entries[_filled++] = Math.Round(start + (end - start) * i / length);
        }
    }

    private readonly DicomFormatException Wrong(string what) => new($"The segmented palette {_tag} {what}.", 0);
}
