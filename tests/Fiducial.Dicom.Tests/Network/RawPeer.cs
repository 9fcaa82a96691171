using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Tests.Network;

/// <summary>A peer that sends what the test wants, byte for byte.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static AssociateRequest Request { get; } =
        new()
        {
            CalledAE = "FIDUCIAL",
            CallingAE = "RAW",
            Contexts =
            [
                new ProposedContext(1, DicomUids.CTImageStorage, [DicomUids.ExplicitVRLittleEndian]),
                new ProposedContext(3, DicomUids.Verification, [DicomUids.ImplicitVRLittleEndian]),
            ],
        };

    public static async Task<RawPeer> ConnectAsync(int port)
    {
        var peer = new RawPeer();
        await peer._socket.ConnectAsync(IPAddress.Loopback, port);
        return peer;
    }

    /// <summary>Connects and negotiates.</summary>
    public static async Task<(RawPeer Peer, AssociateAccept Accept)> OpenAsync(
        int port,
        AssociateRequest? request = null
    )
    {
        var peer = await ConnectAsync(port);
        await peer.SendAsync((request ?? Request).ToBytes());
        var answer = await peer.ReadAsync();
        answer[0].Should().Be((byte)PduType.AssociateAccept);
        return (peer, AssociateAccept.Parse(answer.AsSpan(6)));
    }

    public async Task SendAsync(byte[] bytes, int piece = int.MaxValue)
    {
        for (var at = 0; at < bytes.Length; at += Math.Min(piece, bytes.Length - at))
        {
            await _socket.SendAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
        }
    }

    public Task SendAsync(CommandSet command, byte context = 1) => SendAsync(Pdu(command.ToBytes(), 3, context));

    /// <summary>The next PDU with its header; empty when the other side has closed.</summary>
    public async Task<byte[]> ReadAsync()
    {
        await using var stream = new NetworkStream(_socket, ownsSocket: false);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var head = new byte[6];
        if (await stream.ReadAtLeastAsync(head, 6, throwOnEndOfStream: false, patience.Token) < 6)
        {
            return [];
        }
        var body = new byte[BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(2))];
        await stream.ReadExactlyAsync(body, patience.Token);
        return [.. head, .. body];
    }

    public async Task<CommandSet> ReadCommandAsync() => CommandSet.Parse((await ReadAsync()).AsSpan(12));

    /// <summary>One PDU with one value.</summary>
    public static byte[] Pdu(byte[] bytes, byte control, byte context = 1)
    {
        var pdu = new byte[12 + bytes.Length];
        DataPdus.WriteHeader(pdu, context, (control & 1) == 1, (control & 2) == 2, bytes.Length);
        bytes.CopyTo(pdu, 12);
        return pdu;
    }

    public void Dispose() => _socket.Dispose();
}
