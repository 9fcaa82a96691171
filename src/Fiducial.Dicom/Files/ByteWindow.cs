namespace Fiducial.Dicom;

/// <summary>
/// A view of a file or of memory through which the reader passes once; it may skip ahead. Values are parts of the window's
/// buffers, which are never written to again once a value was taken from them: small values cost no copy.
/// </summary>
internal sealed class ByteWindow
{
    private const int LargestBuffer = 64 * 1024;
    private const int AfterSkip = 4 * 1024;

    private readonly Stream? _stream;
    private readonly long _start;
    private ReadOnlyMemory<byte> _buffer;
    private byte[] _space = [];
    private bool _isLent;
    private int _at;
    private int _next = LargestBuffer;

    private ByteWindow(Stream? stream, ReadOnlyMemory<byte> memory, long start, long end)
    {
        (_stream, _buffer, _start, End) = (stream, memory, start, end);
        Position = start;
    }

    public long Position { get; private set; }
    public long End { get; }
    public long Remaining => End - Position;

    public static ByteWindow Over(Stream seekable) => new(seekable, default, seekable.Position, seekable.Length);

    public static ByteWindow Over(ReadOnlyMemory<byte> memory) => new(null, memory, 0, memory.Length);

    /// <summary>The next bytes without passing them; fewer than asked only at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        var left = _buffer.Length - _at;
        if (left < count && _stream is not null && Position + left < End)
        {
            Fill(count);
            left = _buffer.Length - _at;
        }
        return _buffer.Span.Slice(_at, Math.Min(count, left));
    }

    public void Skip(long count)
    {
        Position += count;
        if (count <= _buffer.Length - _at)
        {
            _at += (int)count;
            return;
        }
        _buffer = default;
        _at = 0;
        // What follows a value that was left in the file is short: the next one's head.
        _next = AfterSkip;
    }

    /// <summary>The next bytes, which must be there: the caller has compared with <see cref="Remaining"/>.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        if (_stream is not null && _buffer.Length - _at < count && count <= LargestBuffer / 4)
        {
            Fill(count);
        }
        if (count <= _buffer.Length - _at)
        {
            var part = _buffer.Slice(_at, count);
            (_at, _isLent, Position) = (_at + count, true, Position + count);
            return part;
        }
        var value = GC.AllocateUninitializedArray<byte>(count);
        var left = _buffer.Length - _at;
        _buffer.Span[_at..].CopyTo(value);
        _stream!.Position = Position + left;
        _stream.ReadExactly(value.AsSpan(left));
        Position += count;
        (_buffer, _at) = (default, 0);
        return value;
    }

    private void Fill(int count)
    {
        var kept = _buffer.Span[_at..];
        var length = (int)Math.Min(Math.Max(_next, count), End - Position);
        if (_isLent || _space.Length < length)
        {
            var fresh = GC.AllocateUninitializedArray<byte>(length);
            kept.CopyTo(fresh);
            (_space, _isLent) = (fresh, false);
        }
        else
        {
            kept.CopyTo(_space);
        }
        _stream!.Position = Position + kept.Length;
        var read = _stream.ReadAtLeast(_space.AsSpan(kept.Length, length - kept.Length), length - kept.Length, false);
        _buffer = _space.AsMemory(0, kept.Length + read);
        (_at, _next) = (0, Math.Min(_next * 2, LargestBuffer));
    }
}
