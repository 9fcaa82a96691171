using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>The rows of a frame from top to bottom. Native frames are read in bands, so that a large one is never whole in memory.</summary>
internal sealed class FrameRows
{
    private const int BandLength = 512 * 1024;

    private readonly StoredImage _image;
    private readonly int _frame;
    private readonly int _rowLength;
    private readonly byte[]? _band;
    private readonly ReadOnlyMemory<byte> _whole;
    private int _firstRow = -1;
    private int _rowsInBand;

    /// <exception cref="Codecs.CodecException">The frame cannot be decoded.</exception>
    /// <exception cref="DicomFormatException">The frame is not all there.</exception>
    public FrameRows(StoredImage image, int frame)
    {
        (_image, _frame) = (image, frame);
        var shape = image.Image!;
        if (!image.IsEncapsulated && shape.BitsAllocated >= 8 && !(shape.IsPlanar && shape.SamplesPerPixel > 1))
        {
            Shape = shape;
            _rowLength = checked((int)(shape.FrameLength / shape.Rows));
            _rowsInBand = Math.Clamp(BandLength / Math.Max(1, _rowLength), 1, shape.Rows);
            _band = GC.AllocateUninitializedArray<byte>(checked(_rowsInBand * _rowLength));
            return;
        }
        var decoded = image.DecodeFrame(frame);
        (_whole, Shape) = Plain(decoded);
        _rowLength = checked((int)(Shape.FrameLength / Shape.Rows));
        Require(_whole.Length, Shape.FrameLength);
    }

    /// <summary>Of the rows as they are given here: never planar, at least 8 bits allocated.</summary>
    public ImageDescription Shape { get; }

    /// <summary>Valid until the next row is asked for.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            if (_band is null)
            {
                return _whole.Span.Slice(row * _rowLength, _rowLength);
            }
            if (_firstRow < 0 || row < _firstRow || row >= _firstRow + _rowsInBand)
            {
                var count = Math.Min(_rowsInBand, Shape.Rows - row);
                _image.ReadNative(_frame, (long)row * _rowLength, _band.AsSpan(0, count * _rowLength));
                _firstRow = row;
            }
            return _band.AsSpan((row - _firstRow) * _rowLength, _rowLength);
        }
    }

    private static (ReadOnlyMemory<byte>, ImageDescription) Plain(FramePixels decoded)
    {
        var shape = decoded.Image;
        var samples = decoded.Samples.Span;
        if (shape.BitsAllocated == 1)
        {
            Require(8L * samples.Length, (long)shape.Rows * shape.Columns);
            var bytes = new byte[(long)shape.Rows * shape.Columns];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)((samples[i >> 3] >> (i & 7)) & 1);
            }
            return (bytes, shape with { BitsAllocated = 8 });
        }
        if (!shape.IsPlanar || shape.SamplesPerPixel == 1)
        {
            return (decoded.Samples, shape);
        }
        var unit = shape.BitsAllocated / 8;
        var pixels = shape.Rows * shape.Columns;
        Require(samples.Length, shape.DecodedLength);
        var mixed = new byte[shape.DecodedLength];
        for (var sample = 0; sample < shape.SamplesPerPixel; sample++)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                samples
                    .Slice((sample * pixels + pixel) * unit, unit)
                    .CopyTo(mixed.AsSpan((pixel * shape.SamplesPerPixel + sample) * unit));
            }
        }
        return (mixed, shape with { IsPlanar = false });
    }

    // A shape may contradict itself: planes of colours that two pixels share, bits in three samples.
    private static void Require(long there, long needed)
    {
        if (there < needed)
        {
            throw new DicomFormatException($"The frame has {there} samples in place of {needed}.", 0);
        }
    }
}
