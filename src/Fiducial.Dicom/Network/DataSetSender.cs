using System.Buffers;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>
/// The data set of one message on its way out: PDUs with one presentation data value each, as long as the peer takes them, the last marked
/// so. It is never in memory as a whole.
/// </summary>
public sealed class DataSetSender : Stream
{
    private const int LargestFragment = 256 * 1024;

    private readonly PduConnection _connection;
    private readonly byte _context;
    private readonly int _longest;
    private readonly byte[] _pdu;
    private int _filled;
    private bool _isComplete;
    private bool _isDisposed;

    internal DataSetSender(PduConnection connection, byte context, uint peerLimit)
    {
        (_connection, _context) = (connection, context);
        _longest = DataPdus.LargestFragment(peerLimit, LargestFragment);
        _pdu = ArrayPool<byte>.Shared.Rent(DataPdus.HeaderLength + _longest);
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends <paramref name="length"/> bytes of <paramref name="source"/> from where it stands.</summary>
    /// <exception cref="EndOfStreamException">It has fewer.</exception>
    public async ValueTask SendAsync(Stream source, long length, CancellationToken ct)
    {
        while (length > 0)
        {
            await MakeRoomAsync(ct);
            var count = (int)Math.Min(length, _longest - _filled);
            await source.ReadExactlyAsync(_pdu.AsMemory(DataPdus.HeaderLength + _filled, count), ct);
            _filled += count;
            length -= count;
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        while (!buffer.IsEmpty)
        {
            await MakeRoomAsync(cancellationToken);
            var count = Math.Min(buffer.Length, _longest - _filled);
            buffer[..count].CopyTo(_pdu.AsMemory(DataPdus.HeaderLength + _filled));
            _filled += count;
            buffer = buffer[count..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>All has been given: the last value is sent. An odd data set is padded, because peers abort at odd fragments.</summary>
    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        if ((_filled & 1) == 1)
        {
            // The longest fragment is even, so there is room.
            _pdu[DataPdus.HeaderLength + _filled++] = 0;
        }
        _isComplete = true;
        await FlushAsync(isLast: true, ct);
    }

    /// <summary>Does nothing: what is held back goes with what follows.</summary>
    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Data sets are sent asynchronously.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            ArrayPool<byte>.Shared.Return(_pdu);
        }
        base.Dispose(disposing);
    }

    // What is full waits for more, so that the last value of a message is never an empty one.
    private ValueTask MakeRoomAsync(CancellationToken ct) =>
        _isComplete ? throw new InvalidOperationException("The data set is complete.")
        : _filled < _longest ? ValueTask.CompletedTask
        : FlushAsync(isLast: false, ct);

    private async ValueTask FlushAsync(bool isLast, CancellationToken ct)
    {
        DataPdus.WriteHeader(_pdu, _context, isCommand: false, isLast, _filled);
        await _connection.SendAsync(_pdu.AsMemory(0, DataPdus.HeaderLength + _filled), ct);
        _filled = 0;
    }
}
