using System.Buffers.Binary;

namespace Fiducial.Dicom;

/// <summary>A view of a file or of memory through which the reader passes once, with a buffer of fixed size; it may skip ahead.</summary>
internal sealed class ByteWindow
{
    private readonly Stream? _stream;
    private readonly bool _bigEndian;
    private ReadOnlyMemory<byte> _buffer;
    private readonly byte[] _space = [];
    private int _at;

    private ByteWindow(Stream? stream, ReadOnlyMemory<byte> memory, long position, long end, bool bigEndian)
    {
        _stream = stream;
        _bigEndian = bigEndian;
        Position = position;
        End = end;
        if (stream is null)
        {
            _buffer = memory;
        }
        else
        {
            _space = new byte[64 * 1024];
        }
    }

    public long Position { get; private set; }
    public long End { get; }
    public long Remaining => End - Position;

    public static ByteWindow Over(Stream seekable, bool bigEndian = false) =>
        new(seekable, default, seekable.Position, seekable.Length, bigEndian);

    public static ByteWindow Over(ReadOnlyMemory<byte> memory, bool bigEndian = false) =>
        new(null, memory, 0, memory.Length, bigEndian);

    /// <summary>The next bytes without passing them; fewer than asked only at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_stream is not null && _buffer.Length - _at < count)
        {
            Fill();
        }
        return _buffer.Span.Slice(_at, Math.Min(count, _buffer.Length - _at));
    }

    public void Skip(long count)
    {
        Position += count;
        if (_stream is null || count <= _buffer.Length - _at)
        {
            _at += (int)count;
            return;
        }
        _stream.Position = Position;
        _buffer = default;
        _at = 0;
    }

    /// <summary>A copy of the next bytes, which must be there: the caller has compared with <see cref="Remaining"/>.</summary>
    public byte[] Take(int count)
    {
        var value = GC.AllocateUninitializedArray<byte>(count);
        var buffered = Math.Min(count, _buffer.Length - _at);
        _buffer.Span.Slice(_at, buffered).CopyTo(value);
        _at += buffered;
        if (buffered < count)
        {
            _stream!.ReadExactly(value.AsSpan(buffered));
        }
        Position += count;
        return value;
    }

    public ushort UInt16(ReadOnlySpan<byte> b) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(b) : BinaryPrimitives.ReadUInt16LittleEndian(b);

    public uint UInt32(ReadOnlySpan<byte> b) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(b) : BinaryPrimitives.ReadUInt32LittleEndian(b);

    public DicomTag Tag(ReadOnlySpan<byte> b) => new(UInt16(b), UInt16(b[2..]));

    private void Fill()
    {
        var kept = _buffer.Length - _at;
        _buffer.Span[_at..].CopyTo(_space);
        var read = _stream!.ReadAtLeast(_space.AsSpan(kept), _space.Length - kept, throwOnEndOfStream: false);
        _buffer = _space.AsMemory(0, kept + read);
        _at = 0;
    }
}
