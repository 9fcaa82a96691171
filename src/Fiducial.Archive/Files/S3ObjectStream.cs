using Amazon.S3.Model;

namespace Fiducial.Archive.Files;

/// <summary>
/// An object of the storage, read by ranges: small ones while it is looked into, larger ones the longer it is read on. Nothing is kept of
/// what has been read. Not for two threads at once.
/// </summary>
/// <param name="length">Bytes.</param>
/// <param name="get">Asks for the bytes from the first to the last, both counted.</param>
internal sealed class S3ObjectStream(long length, Func<long, long, Task<GetObjectResponse>> get) : Stream
{
    private const long ShortestRange = 128 * 1024;
    private const long LongestRange = 16L * 1024 * 1024;

    private GetObjectResponse? _range;
    private long _at;
    private long _rangeAt;
    private long _rangeEnd;
    private long _next = ShortestRange;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _at;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _at = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at >= length || buffer.IsEmpty)
        {
            return 0;
        }
        if (NeedsRange)
        {
            await BeginAsync(buffer.Length);
        }
        var most = (int)Math.Min(buffer.Length, _rangeEnd - _rangeAt);
        var read = await _range!.ResponseStream.ReadAsync(buffer[..most], cancellationToken);
        return Advanced(read);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_at >= length || buffer.IsEmpty)
        {
            return 0;
        }
        if (NeedsRange)
        {
            BeginAsync(buffer.Length).GetAwaiter().GetResult();
        }
        var most = (int)Math.Min(buffer.Length, _rangeEnd - _rangeAt);
        return Advanced(_range!.ResponseStream.Read(buffer[..most]));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) =>
        Position =
            offset
            + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => _at,
                _ => length,
            };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _range?.Dispose();
        base.Dispose(disposing);
    }

    private bool NeedsRange => _range is null || _at != _rangeAt || _rangeAt == _rangeEnd;

    private async Task BeginAsync(int wanted)
    {
        var goesOn = _range is not null && _at == _rangeAt;
        _next = goesOn ? Math.Min(2 * _next, LongestRange) : ShortestRange;
        _range?.Dispose();
        _range = null;
        _rangeEnd = Math.Min(length, _at + Math.Max(_next, wanted));
        // Not back to the thread that reads: in Read it waits.
        _range = await get(_at, _rangeEnd - 1).ConfigureAwait(false);
        _rangeAt = _at;
    }

    private int Advanced(int read)
    {
        if (read == 0)
        {
            throw new EndOfStreamException("The object storage gave less of an object than it has.");
        }
        _at += read;
        _rangeAt += read;
        return read;
    }
}
