using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>
/// The socket of one association: PDU headers and bodies in a pooled buffer, without a copy of what passes through. An acceptor has
/// a thread for each association and blocks it: its tasks are complete when they are returned. A requestor awaits.
/// </summary>
internal sealed class PduConnection : IDisposable
{
    private const int BufferLength = 128 * 1024;
    private const int LargestHeld = 64 * 1024;
    private const int LinuxTcpQuickAck = 12;
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] One = [1, 0, 0, 0];

    private readonly Socket _socket;
    private readonly SslStream? _tls;
    private readonly bool _blocks;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private ArrayBufferWriter<byte> _held = new(512);
    private int _start;
    private int _end;
    private int _receiveTimeout = -1;
    private int _sendTimeout = -1;
    private bool _isDisposed;

    public PduConnection(Socket socket, bool blocks, SslStream? tls = null)
    {
        (_socket, _blocks, _tls) = (socket, blocks, tls);
        socket.NoDelay = true;
        Peer = (IPEndPoint)socket.RemoteEndPoint!;
    }

    public IPEndPoint Peer { get; }

    /// <summary>How long the peer may be silent, or take nothing.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How fast the peer must be on the whole; null asks for nothing.</summary>
    public Pace? Pace { get; set; }

    /// <summary>True when something has come that was not read yet.</summary>
    public bool HasMore => _end > _start || _socket.Available > 0;

    /// <summary>The next PDU's type and length of body; null when the peer has closed between PDUs.</summary>
    public async ValueTask<(PduType Type, uint Length)?> ReadHeaderAsync(CancellationToken ct)
    {
        if (!await HaveAsync(6, ct))
        {
            return _end == _start ? null : throw CutOff();
        }
        var header = _buffer.AsSpan(_start, 6);
        _start += 6;
        return ((PduType)header[0], BinaryPrimitives.ReadUInt32BigEndian(header[2..]));
    }

    /// <summary>Length, context and control byte of the next presentation data value (PS3.8 9.3.5.1).</summary>
    public async ValueTask<(uint Length, byte Context, byte Control)> ReadValueHeaderAsync(CancellationToken ct)
    {
        if (!await HaveAsync(6, ct))
        {
            throw CutOff();
        }
        var header = _buffer.AsSpan(_start, 6);
        _start += 6;
        return (BinaryPrimitives.ReadUInt32BigEndian(header), header[4], header[5]);
    }

    /// <summary>Up to <paramref name="most"/> of the next bytes; valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadSomeAsync(long most, CancellationToken ct)
    {
        if (!await HaveAsync(1, ct))
        {
            throw CutOff();
        }
        var count = (int)Math.Min(most, _end - _start);
        var some = _buffer.AsMemory(_start, count);
        _start += count;
        return some;
    }

    /// <summary>A body that must be had as a whole; its length was judged before.</summary>
    public async ValueTask<byte[]> ReadBodyAsync(int length, CancellationToken ct)
    {
        // Grows with what has come: a length that is only claimed takes no memory.
        using var body = new MemoryStream();
        while (body.Length < length)
        {
            body.Write((await ReadSomeAsync(length - body.Length, ct)).Span);
        }
        return body.ToArray();
    }

    /// <summary>The next PDU with its header when all of it is in the buffer's reach; it stays unread. Empty when there is none.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int longest, CancellationToken ct)
    {
        if (!HasMore || !await HaveAsync(6, ct))
        {
            return default;
        }
        var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start + 2));
        return length <= longest && await HaveAsync(6 + (int)length, ct)
            ? _buffer.AsMemory(_start, 6 + (int)length)
            : default;
    }

    /// <summary>Passes over what was peeked at.</summary>
    public void Skip(int length) => _start += length;

    /// <summary>Bytes that wait to go out together with what is sent next.</summary>
    public int HeldLength => _held.WrittenCount;

    /// <summary>Where to write what shall go out together with what is sent next: one call to the kernel and one packet for both.</summary>
    public IBufferWriter<byte> Held => _held;

    /// <summary>Moves what is held to <paramref name="place"/>, from where it is sent.</summary>
    public void TakeHeld(Span<byte> place)
    {
        _held.WrittenSpan.CopyTo(place);
        ForgetHeld();
    }

    /// <summary>Sends what is held.</summary>
    public async ValueTask FlushAsync(CancellationToken ct)
    {
        if (_held.WrittenCount > 0)
        {
            await SendNowAsync(_held.WrittenMemory, ct);
            ForgetHeld();
        }
    }

    /// <summary>Sends what is held, then these.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await FlushAsync(ct);
        await SendNowAsync(bytes, ct);
    }

    private void ForgetHeld()
    {
        _held.ResetWrittenCount();
        if (_held.Capacity > LargestHeld)
        {
            _held = new ArrayBufferWriter<byte>(512);
        }
    }

    private ValueTask SendNowAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (!_blocks)
        {
            return SendPatientlyAsync(bytes, ct);
        }
        var timeout = Milliseconds(Patience);
        if (timeout != _sendTimeout)
        {
            _socket.SendTimeout = _sendTimeout = timeout;
        }
        try
        {
            if (_tls is not null)
            {
                _tls.Write(bytes.Span);
                return ValueTask.CompletedTask;
            }
            for (var left = bytes.Span; !left.IsEmpty; )
            {
                left = left[_socket.Send(left)..];
            }
            return ValueTask.CompletedTask;
        }
        catch (Exception e) when (IsTimeout(e))
        {
            throw new TimeoutException("The peer takes nothing.", e);
        }
    }

    /// <summary>Sends A-ABORT if that is possible at once, and closes (PS3.8 9.2, AA-8).</summary>
    public async Task AbortAsync(AbortReason reason)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            Pace = null;
            Patience = TimeSpan.FromSeconds(1);
            await SendAsync(ShortPdus.Abort(reason), soon.Token);
            await DrainAsync(soon.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or TimeoutException or OperationCanceledException)
        {
            // The peer is gone or does not listen: closing is all that is left.
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
        {
            // Closed already, or TLS never came about.
        }
    }

    /// <summary>A short wait for the peer's close, so that what was sent last is read before a reset can overtake it.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        _socket.Shutdown(SocketShutdown.Send);
        for (var left = 64; left > 0 && await ReceiveAsync(_buffer, ct) > 0; left--) { }
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _tls?.Dispose();
        _socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private ValueTask<bool> HaveAsync(int count, CancellationToken ct) =>
        _end - _start >= count ? ValueTask.FromResult(true) : FillAsync(count, ct);

    private async ValueTask<bool> FillAsync(int count, CancellationToken ct)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        while (_end < count)
        {
            var read = await ReceiveAsync(_buffer.AsMemory(_end), ct);
            if (read == 0)
            {
                return false;
            }
            _end += read;
            Pace?.Received(read);
        }
        return true;
    }

    private ValueTask<int> ReceiveAsync(Memory<byte> place, CancellationToken ct)
    {
        QuickAck();
        if (!_blocks)
        {
            return ReceivePatientlyAsync(place, ct);
        }
        // Set when it differs: an option of the socket is a call to the kernel.
        var timeout = Milliseconds(Pace is { } pace && pace.Left < Patience - Tolerance ? pace.Left : Patience);
        if (timeout != _receiveTimeout)
        {
            _socket.ReceiveTimeout = _receiveTimeout = timeout;
        }
        try
        {
            return ValueTask.FromResult(_tls?.Read(place.Span) ?? _socket.Receive(place.Span));
        }
        catch (Exception e) when (IsTimeout(e))
        {
            throw new TimeoutException("The peer was silent for too long.", e);
        }
    }

    private async ValueTask<int> ReceivePatientlyAsync(Memory<byte> place, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return _tls is null
                ? await _socket.ReceiveAsync(place, patience.Token)
                : await _tls.ReadAsync(place, patience.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The peer was silent for too long.", e);
        }
    }

    private async ValueTask SendPatientlyAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            if (_tls is not null)
            {
                await _tls.WriteAsync(bytes, patience.Token);
                return;
            }
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, patience.Token)..];
            }
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The peer takes nothing.", e);
        }
    }

    // Senders leave Nagle's algorithm on: a delayed acknowledgement costs them 40 ms a message. The option is reset by the
    // kernel, so it is set before each receive.
    private void QuickAck()
    {
        if (OperatingSystem.IsLinux())
        {
            _socket.SetRawSocketOption((int)ProtocolType.Tcp, LinuxTcpQuickAck, One);
        }
    }

    private static EndOfStreamException CutOff() => new("The peer closed within a PDU.");

    // 0 would be for ever.
    private static int Milliseconds(TimeSpan time) => (int)Math.Clamp(time.TotalMilliseconds, 1, int.MaxValue);

    private static bool IsTimeout(Exception e) =>
        (e as SocketException ?? e.InnerException as SocketException)
            is { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };
}
