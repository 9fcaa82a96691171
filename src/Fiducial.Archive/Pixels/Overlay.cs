using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>
/// A plane of single bits over an image (PS3.3 C.9.2): in a value of its own, or, as older devices wrote it, in a bit of the pixel
/// data that no sample uses.
/// </summary>
internal sealed class Overlay
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _top;
    private readonly int _left;
    private readonly ReadOnlyMemory<byte> _bits;
    private readonly long _first;
    private readonly int? _bitOfSample;

    private Overlay(
        int rows,
        int columns,
        int top,
        int left,
        ReadOnlyMemory<byte> bits,
        long first,
        int? bitOfSample = null
    ) =>
        (_rows, _columns, _top, _left, _bits, _first, _bitOfSample) = (
            rows,
            columns,
            top,
            left,
            bits,
            first,
            bitOfSample
        );

    /// <summary>Draws the overlays of a frame into its picture, in white; a bit that falls on a smaller picture's pixel is seen there.</summary>
    /// <param name="picture">Of the whole frame, at any size.</param>
    /// <param name="frame">Counted from 0.</param>
    /// <exception cref="DicomFormatException">The object ends within a value.</exception>
    public static void Draw(Picture picture, StoredImage image, int frame)
    {
        // Groups 6000 to 601E, even (PS3.5 7.6).
        for (ushort group = 0x6000; group <= 0x601E; group += 2)
        {
            Of(image, group, frame)?.DrawOn(picture, image, frame);
        }
    }

    // Null when the group holds none for this frame.
    private static Overlay? Of(StoredImage image, ushort group, int frame)
    {
        var set = image.File.DataSet;
        if (
            set.GetInt(new DicomTag(group, 0x0010)) is not (> 0 and var rows)
            || set.GetInt(new DicomTag(group, 0x0011)) is not (> 0 and var columns)
        )
        {
            return null;
        }
        // Row and column of its first bit in the image, counted from 1; they may lie outside.
        var origin = set.GetDoubles(new DicomTag(group, 0x0050));
        var (top, left) = origin is [var row, var column, ..] ? (Place(row), Place(column)) : (0, 0);
        if (set.Find(new DicomTag(group, 0x3000)) is { } data)
        {
            // Of many frames one each from an image frame on (PS3.3 C.9.3); of a single one the same for every frame.
            var frames = set.GetInt(new DicomTag(group, 0x0015)) ?? 0;
            var at = frames > 0 ? frame + 1 - (set.GetInt(new DicomTag(group, 0x0051)) ?? 1) : 0;
            return at < 0 || at >= Math.Max(1, frames)
                ? null
                : new Overlay(
                    rows,
                    columns,
                    top,
                    left,
                    data.Location is null ? data.Value : image.ReadValue(data),
                    (long)at * rows * columns
                );
        }
        // In the pixel data (retired, PS3.3-2004 C.9.2): only what a codec has not touched, and no bit of a sample.
        return
            set.GetInt(new DicomTag(group, 0x0102)) is { } bit
            && image is { IsEncapsulated: false, Image: { SamplesPerPixel: 1 } shape }
            && shape.BitsAllocated >= 8
            && bit >= 0
            && bit < shape.BitsAllocated
            && (bit > shape.HighBit || bit <= shape.HighBit - shape.BitsStored)
            ? new Overlay(Math.Min(rows, shape.Rows), Math.Min(columns, shape.Columns), 0, 0, default, 0, bit)
            : null;
    }

    // An image has at most 65,535 rows: what begins farther away is as far outside.
    private static int Place(double origin) => (int)Math.Clamp(origin, -ushort.MaxValue, ushort.MaxValue + 1) - 1;

    private void DrawOn(Picture picture, StoredImage image, int frame)
    {
        var shape = image.Image!;
        var samples = _bitOfSample is null ? null : new FrameRows(image, frame);
        var lastRow = Math.Min(_rows, (long)shape.Rows - _top);
        var lastColumn = Math.Min(_columns, (long)shape.Columns - _left);
        for (var row = Math.Max(0, -_top); row < lastRow; row++)
        {
            var y = (int)((long)(_top + row) * picture.Height / shape.Rows);
            var stored = samples is null ? default : samples[row];
            for (var column = Math.Max(0, -_left); column < lastColumn; column++)
            {
                if (_bitOfSample is { } bit ? IsSet(stored, column, shape.BitsAllocated, bit) : IsSet(row, column))
                {
                    var x = (int)((long)(_left + column) * picture.Width / shape.Columns);
                    Whiten(picture, y * picture.Width + x);
                }
            }
        }
    }

    // The first bit is the lowest of the first byte (PS3.5 8.1.2). What is missing at the end is not set.
    private bool IsSet(int row, int column)
    {
        var (place, bit) = Math.DivRem(_first + (long)row * _columns + column, 8);
        return place < _bits.Length && ((_bits.Span[(int)place] >> (int)bit) & 1) != 0;
    }

    private static bool IsSet(ReadOnlySpan<byte> row, int column, int bitsAllocated, int bit) =>
        ((row[column * ((bitsAllocated + 7) / 8) + bit / 8] >> (bit % 8)) & 1) != 0;

    private static void Whiten(Picture picture, int pixel)
    {
        var channels = picture.IsColour ? 3 : 1;
        picture.Samples.AsSpan(pixel * channels, channels).Fill(byte.MaxValue);
    }
}
