using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>The socket of one association: PDU headers and bodies in a pooled buffer, without a copy of what passes through.</summary>
internal sealed class PduConnection : IDisposable
{
    private const int LinuxTcpQuickAck = 12;
    private static readonly byte[] One = [1, 0, 0, 0];

    private readonly Socket _socket;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(512 * 1024);
    private int _start;
    private int _end;

    public PduConnection(Socket socket)
    {
        _socket = socket;
        socket.NoDelay = true;
        Peer = (IPEndPoint)socket.RemoteEndPoint!;
    }

    public IPEndPoint Peer { get; }

    /// <summary>The next PDU's type and length of body; null when the peer has closed between PDUs.</summary>
    public async ValueTask<(PduType Type, uint Length)?> ReadHeaderAsync(CancellationToken ct)
    {
        while (_end - _start < 6)
        {
            if (!await FillAsync(ct))
            {
                return _end == _start ? null : throw new EndOfStreamException("The peer closed within a PDU.");
            }
        }
        var header = _buffer.AsSpan(_start, 6);
        _start += 6;
        return ((PduType)header[0], BinaryPrimitives.ReadUInt32BigEndian(header[2..]));
    }

    /// <summary>Up to <paramref name="most"/> of the next bytes; valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadSomeAsync(int most, CancellationToken ct)
    {
        if (_end == _start && !await FillAsync(ct))
        {
            throw new EndOfStreamException("The peer closed within a PDU.");
        }
        var count = Math.Min(most, _end - _start);
        var some = _buffer.AsMemory(_start, count);
        _start += count;
        return some;
    }

    /// <summary>A body that must be had as a whole; its length was judged before.</summary>
    public async ValueTask<byte[]> ReadBodyAsync(int length, CancellationToken ct)
    {
        var body = new byte[length];
        for (var at = 0; at < length; )
        {
            var some = await ReadSomeAsync(length - at, ct);
            some.CopyTo(body.AsMemory(at));
            at += some.Length;
        }
        return body;
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, ct)..];
        }
    }

    /// <summary>Sends A-ABORT if that is possible at once, and closes (PS3.8 9.2, AA-8).</summary>
    public async Task AbortAsync(AbortReason reason)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await SendAsync(ShortPdus.Abort(reason), soon.Token);
            _socket.Shutdown(SocketShutdown.Send);
            // A short wait, so that the abort is read before a reset can overtake it.
            while (await _socket.ReceiveAsync(_buffer.AsMemory(), soon.Token) > 0) { }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer is gone or does not listen: closing is all that is left.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        QuickAck();
        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_end), ct);
        _end += read;
        return read > 0;
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
}
