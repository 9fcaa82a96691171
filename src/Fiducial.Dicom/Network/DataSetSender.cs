using System.Buffers;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Win32.SafeHandles;

namespace Fiducial.Dicom.Network;

/// <summary>
/// The data set of one message on its way out: PDUs with one presentation data value each, as long as the peer takes them, the last marked
/// so. It is never in memory as a whole. Peers ask for small PDUs (16 KB is common): as many as have room are sent at once.
/// </summary>
public sealed class DataSetSender : Stream
{
    private const int Together = 256 * 1024;

    private readonly PduConnection _connection;
    private readonly byte _context;
    private readonly int _longest;
    private readonly byte[] _pdus;
    private readonly int _capacity;
    private readonly List<Memory<byte>> _places = [];

    // Where the header of the PDU stands that is being filled; what is before it waits to be sent.
    private int _at;
    private int _filled;
    private bool _isComplete;
    private bool _isDisposed;

    internal DataSetSender(PduConnection connection, byte context, uint peerLimit)
    {
        (_connection, _context) = (connection, context);
        _longest = DataPdus.LargestFragment(peerLimit, Together);
        _at = connection.HeldLength;
        _capacity = _at + Math.Max(Together, DataPdus.HeaderLength + _longest);
        _pdus = ArrayPool<byte>.Shared.Rent(_capacity);
        connection.TakeHeld(_pdus);
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

    /// <summary>
    /// Sends a part of a file: read straight into the places that the PDUs' headers leave. It blocks while it reads, as every file on Linux does.
    /// </summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public async ValueTask SendAsync(SafeFileHandle file, long offset, long length, CancellationToken ct)
    {
        while (length > 0)
        {
            await MakeRoomAsync(ct);
            var read = RandomAccess.Read(file, PlacesFor(length), offset);
            if (read == 0)
            {
                throw new EndOfStreamException("The file is shorter than the object that is sent from it.");
            }
            Fill(read);
            offset += read;
            length -= read;
        }
    }

    /// <summary>Sends <paramref name="length"/> bytes of <paramref name="source"/> from where it stands.</summary>
    /// <exception cref="EndOfStreamException">It has fewer.</exception>
    public async ValueTask SendAsync(Stream source, long length, CancellationToken ct)
    {
        while (length > 0)
        {
            await MakeRoomAsync(ct);
            var count = (int)Math.Min(length, _longest - _filled);
            await source.ReadExactlyAsync(_pdus.AsMemory(_at + DataPdus.HeaderLength + _filled, count), ct);
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
            buffer[..count].CopyTo(_pdus.AsMemory(_at + DataPdus.HeaderLength + _filled));
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
            _pdus[_at + DataPdus.HeaderLength + _filled++] = 0;
        }
        _isComplete = true;
        Close(isLast: true);
        await SendAllAsync(ct);
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
            ArrayPool<byte>.Shared.Return(_pdus);
        }
        base.Dispose(disposing);
    }

    // What is full waits for more, so that the last value of a message is never an empty one.
    private ValueTask MakeRoomAsync(CancellationToken ct)
    {
        if (_isComplete)
        {
            throw new InvalidOperationException("The data set is complete.");
        }
        if (_filled == _longest)
        {
            Close(isLast: false);
        }
        return _at + DataPdus.HeaderLength + _longest <= _capacity ? ValueTask.CompletedTask : SendAllAsync(ct);
    }

    // The rest of the PDU that is being filled, and whole ones behind it.
    private List<Memory<byte>> PlacesFor(long length)
    {
        _places.Clear();
        var (at, filled) = (_at, _filled);
        while (length > 0 && at + DataPdus.HeaderLength + _longest <= _capacity)
        {
            var count = (int)Math.Min(length, _longest - filled);
            _places.Add(_pdus.AsMemory(at + DataPdus.HeaderLength + filled, count));
            length -= count;
            at += DataPdus.HeaderLength + _longest;
            filled = 0;
        }
        return _places;
    }

    private void Fill(long count)
    {
        while (true)
        {
            var part = (int)Math.Min(count, _longest - _filled);
            _filled += part;
            count -= part;
            if (count == 0)
            {
                return;
            }
            Close(isLast: false);
        }
    }

    private void Close(bool isLast)
    {
        DataPdus.WriteHeader(_pdus.AsSpan(_at), _context, isCommand: false, isLast, _filled);
        _at += DataPdus.HeaderLength + _filled;
        _filled = 0;
    }

    private async ValueTask SendAllAsync(CancellationToken ct)
    {
        await _connection.SendAsync(_pdus.AsMemory(0, _at), ct);
        _at = 0;
    }
}
