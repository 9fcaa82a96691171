using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Dicom.Tests.Network;

public sealed class AssociationTests : IAsyncDisposable
{
    private readonly Receiver _receiver = new();
    private readonly DicomServer _server;

    public AssociationTests()
    {
        _server = Start(new DicomServerOptions { Port = 0 });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_echo_is_answered_and_the_association_is_released()
    {
        await using var client = await DicomClient.ConnectAsync(
            "127.0.0.1",
            _server.Port,
            "TEST",
            "FIDUCIAL",
            [new ProposedContext(1, DicomUids.Verification, [DicomUids.ImplicitVRLittleEndian])]
        );
        (await client.EchoAsync()).IsSuccess.Should().BeTrue();
        await client.ReleaseAsync();
    }

    [Fact]
    public async Task Another_called_title_is_rejected_with_the_reason_of_the_standard()
    {
        var connect = () =>
            DicomClient.ConnectAsync(
                "127.0.0.1",
                _server.Port,
                "TEST",
                "WRONG",
                [new ProposedContext(1, DicomUids.Verification, [DicomUids.ImplicitVRLittleEndian])]
            );
        (await connect.Should().ThrowAsync<AssociationException>()).WithMessage("*result 1, source 1, reason 7*");
    }

    [Fact]
    public async Task An_object_arrives_byte_for_byte()
    {
        var file = Object(100_001);
        await using var client = await ConnectAsync(file);
        (await client.StoreAsync(DicomFile.Read(file), file)).IsSuccess.Should().BeTrue();
        await client.ReleaseAsync();
        _receiver
            .Objects.Single()
            .Should()
            .Equal([.. file.ToArray().Skip((int)DicomFile.Read(file).DataSetOffset), .. new byte[file.Length % 2]]);
    }

    [Fact]
    public void The_sender_s_own_syntax_is_preferred_to_the_default_one()
    {
        Negotiation
            .ChooseForSender([DicomUids.ImplicitVRLittleEndian, "1.2.840.10008.1.2.4.70"])
            .Should()
            .Be("1.2.840.10008.1.2.4.70");
        Negotiation
            .ChooseForSender([DicomUids.ImplicitVRLittleEndian, DicomUids.ExplicitVRLittleEndian])
            .Should()
            .Be(DicomUids.ExplicitVRLittleEndian);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Any_layout_of_bytes_fragments_and_PDUs_is_understood(int piece)
    {
        var file = Object(1500);
        var data = file.ToArray().Skip((int)DicomFile.Read(file).DataSetOffset).ToArray();
        var request = new AssociateRequest
        {
            CalledAE = "FIDUCIAL",
            CallingAE = "RAW",
            Contexts = [new ProposedContext(1, DicomUids.CTImageStorage, [DicomUids.ExplicitVRLittleEndian])],
        };
        using var socket = await RawAsync(request.ToBytes(), piece);
        // Command and data set in one PDU, as values of 1, 2, 3 … bytes, with an empty one between.
        using var values = new MemoryStream();
        Values(values, CommandSet.StoreRequest(1, DicomUids.CTImageStorage, "1.2.3").ToBytes(), isCommand: true);
        Values(values, data, isCommand: false);
        var pdu = new byte[6];
        pdu[0] = 4;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(2), (uint)values.Length);
        await SendAsync(socket, [.. pdu, .. values.ToArray()], piece);
        var response = await ReadPduAsync(socket);
        CommandSet.Parse(response.AsSpan(12)).Status.Should().Be(0);
        _receiver.Objects.Single().Should().Equal(data);
    }

    [Theory]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 4, 0, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 8, 0, 0, 0, 99, 1, 3, 0, 0 })]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 6, 0, 0, 0, 2, 77, 3 })]
    public async Task What_is_not_DICOM_is_answered_with_an_abort_and_others_go_on(byte[] garbage)
    {
        var request = new AssociateRequest
        {
            CalledAE = "FIDUCIAL",
            CallingAE = "RAW",
            Contexts = [new ProposedContext(1, DicomUids.CTImageStorage, [DicomUids.ExplicitVRLittleEndian])],
        };
        using var socket = await RawAsync(request.ToBytes(), 4096);
        await SendAsync(socket, garbage, 100);
        (await ReadPduAsync(socket))[0].Should().Be((byte)PduType.Abort);
        await An_echo_is_answered_and_the_association_is_released();
    }

    [Fact]
    public async Task A_sender_that_vanishes_leaves_nothing()
    {
        var request = new AssociateRequest
        {
            CalledAE = "FIDUCIAL",
            CallingAE = "RAW",
            Contexts = [new ProposedContext(1, DicomUids.CTImageStorage, [DicomUids.ExplicitVRLittleEndian])],
        };
        using (var socket = await RawAsync(request.ToBytes(), 4096))
        {
            await SendAsync(
                socket,
                DataPdus.Command(1, CommandSet.StoreRequest(1, DicomUids.CTImageStorage, "1.2.3"), 0),
                4096
            );
            await SendAsync(socket, [4, 0, 0, 0, 0, 10, 0, 0, 0, 6, 1, 0, 1, 2, 3, 4], 4096);
        }
        var watch = Stopwatch.StartNew();
        while (_receiver.GivenUp == 0 && watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(10);
        }
        _receiver.GivenUp.Should().Be(1);
        _receiver.Objects.Should().BeEmpty();
    }

    [Fact]
    public async Task A_peer_that_says_nothing_is_aborted_after_the_time_out()
    {
        await using var server = Start(new DicomServerOptions { Port = 0, Artim = TimeSpan.FromMilliseconds(200) });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        (await ReadPduAsync(socket).WaitAsync(TimeSpan.FromSeconds(30)))[0].Should().Be((byte)PduType.Abort);
    }

    [Fact]
    public async Task One_association_too_many_is_rejected_for_now()
    {
        await using var server = Start(new DicomServerOptions { Port = 0, MaxAssociations = 1 });
        ProposedContext[] contexts = [new(1, DicomUids.Verification, [DicomUids.ImplicitVRLittleEndian])];
        await using var first = await DicomClient.ConnectAsync("127.0.0.1", server.Port, "A", "FIDUCIAL", contexts);
        var second = () => DicomClient.ConnectAsync("127.0.0.1", server.Port, "B", "FIDUCIAL", contexts);
        (await second.Should().ThrowAsync<AssociationException>()).WithMessage("*result 2, source 3, reason 2*");
    }

    private DicomServer Start(DicomServerOptions options)
    {
        var server = new DicomServer(options, new AcceptAll(), _receiver, NullLoggerFactory.Instance);
        server.Start();
        return server;
    }

    private Task<DicomClient> ConnectAsync(MemoryStream file) =>
        DicomClient.ConnectAsync(
            "127.0.0.1",
            _server.Port,
            "TEST",
            "FIDUCIAL",
            DicomClient.ContextsFor([DicomFile.Read(file)])
        );

    private static MemoryStream Object(int pixels)
    {
        var bytes = new byte[pixels];
        Random.Shared.NextBytes(bytes);
        var file = new MemoryStream();
        DicomFile.Write(
            file,
            new DicomDataSet()
                .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
                .Set(DicomTags.SOPInstanceUID, "1.2.3")
                .SetBytes(DicomTags.PixelData, DicomVR.OB, bytes),
            TransferSyntax.ExplicitVRLittleEndian
        );
        return file;
    }

    private static void Values(MemoryStream pdu, byte[] bytes, bool isCommand)
    {
        var (at, length) = (0, 0);
        do
        {
            var count = Math.Min(length, bytes.Length - at);
            var isLast = at + count == bytes.Length;
            pdu.Write([
                0,
                0,
                (byte)((count + 2) >> 8),
                (byte)(count + 2),
                1,
                (byte)((isCommand ? 1 : 0) | (isLast ? 2 : 0)),
            ]);
            pdu.Write(bytes, at, count);
            at += count;
            length++;
        } while (at < bytes.Length);
    }

    private async Task<Socket> RawAsync(byte[] request, int piece)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _server.Port);
        await SendAsync(socket, request, piece);
        (await ReadPduAsync(socket))[0].Should().Be((byte)PduType.AssociateAccept);
        return socket;
    }

    private static async Task SendAsync(Socket socket, byte[] bytes, int piece)
    {
        for (var at = 0; at < bytes.Length; at += piece)
        {
            await socket.SendAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
        }
    }

    private static async Task<byte[]> ReadPduAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        var head = new byte[6];
        await stream.ReadExactlyAsync(head);
        var body = new byte[System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(2))];
        await stream.ReadExactlyAsync(body);
        return [.. head, .. body];
    }

    private sealed class AcceptAll : IAssociationPolicy
    {
        public AssociationRejection? Judge(AssociateRequest request, AssociationPeer peer) => null;
    }

    private sealed class Receiver : IStoreService
    {
        public ConcurrentBag<byte[]> Objects { get; } = [];
        public int GivenUp;

        public ValueTask<IStoreReceipt> BeginAsync(StoreRequest request, CancellationToken ct) =>
            ValueTask.FromResult<IStoreReceipt>(new Receipt(this));

        private sealed class Receipt(Receiver owner) : IStoreReceipt
        {
            private readonly MemoryStream _bytes = new();
            private bool _complete;

            public ValueTask WriteAsync(ReadOnlyMemory<byte> dataSetBytes, CancellationToken ct) =>
                _bytes.WriteAsync(dataSetBytes, ct);

            public ValueTask<DimseStatus> CompleteAsync(CancellationToken ct)
            {
                _complete = true;
                owner.Objects.Add(_bytes.ToArray());
                return ValueTask.FromResult(DimseStatus.Success);
            }

            public ValueTask DisposeAsync()
            {
                if (!_complete)
                {
                    Interlocked.Increment(ref owner.GivenUp);
                }
                return _bytes.DisposeAsync();
            }
        }
    }
}
