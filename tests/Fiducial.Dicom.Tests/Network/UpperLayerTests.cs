using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Tests.Network;

public sealed class UpperLayerTests
{
    private static readonly CommandSet Store = CommandSet.StoreRequest(1, DicomUids.CTImageStorage, "1.2.3");

    [Fact]
    public async Task Only_roles_that_were_proposed_and_accepted_are_answered()
    {
        await using var server = new TestServer(services: new FindOfThree());
        var request = RawPeer.Request with
        {
            Roles =
            [
                new RoleSelection(DicomUids.Verification, Scu: true, Scp: true),
                new RoleSelection(DicomUids.MRImageStorage, Scu: true, Scp: true),
            ],
        };
        var (peer, accept) = await RawPeer.OpenAsync(server.Port, request);
        peer.Dispose();
        accept.Roles.Should().Equal(new RoleSelection(DicomUids.Verification, Scu: true, Scp: false));
        (peer, accept) = await RawPeer.OpenAsync(server.Port);
        peer.Dispose();
        accept.Roles.Should().BeEmpty();
    }

    [Fact]
    public async Task Extended_negotiation_is_not_echoed_and_identity_is_answered_only_when_that_is_wanted()
    {
        await using var server = new TestServer(services: new FindOfThree());
        var request = RawPeer.Request with
        {
            Contexts = DicomClientOptions.ContextOf(DicomUids.StudyRootQueryRetrieveInformationModelFind),
            Extensions =
            [
                new ExtendedNegotiation(DicomUids.StudyRootQueryRetrieveInformationModelFind, new byte[] { 1, 1, 1 }),
            ],
            Identity = new UserIdentity(1, WantsResponse: false, "someone"u8.ToArray(), default),
        };
        (await AnswerAsync(server, request)).Should().NotContain(0x56).And.NotContain(0x59);
        (await AnswerAsync(server, request with { Identity = request.Identity with { WantsResponse = true } }))
            .Should()
            .Contain(0x59);
    }

    [Fact]
    public async Task The_window_for_asynchronous_operations_is_one_and_requests_sent_ahead_are_answered_in_order()
    {
        await using var server = new TestServer();
        var request = RawPeer.Request with { ProposesAsynchronousOperations = true };
        (await AnswerAsync(server, request)).Should().Contain(0x53);
        (await AnswerAsync(server, RawPeer.Request)).Should().NotContain(0x53);
        var (peer, _) = await RawPeer.OpenAsync(server.Port);
        using var _1 = peer;
        using var ahead = new MemoryStream();
        for (ushort id = 1; id <= 40; id++)
        {
            ahead.Write(DataPdus.Command(1, CommandSet.StoreRequest(id, DicomUids.CTImageStorage, $"1.2.{id}"), 0));
            ahead.Write(RawPeer.Pdu([1, 2, 3, (byte)id], 2));
        }
        await peer.SendAsync(ahead.ToArray());
        for (ushort id = 1; id <= 40; id++)
        {
            (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo.Should().Be(id);
        }
        server.Receiver.Objects.Should().HaveCount(40);
    }

    [Theory]
    [InlineData("FIDUCIAL\0\0\0\0\0\0\0\0", "RAW", true)]
    [InlineData("FIDUCIAL\0OLD    ", " RAW ", true)]
    [InlineData("  FIDUCIAL      ", "", true)]
    [InlineData("fiducial        ", "RAW", false)]
    public async Task Titles_are_trimmed_and_compared_with_their_case(string called, string calling, bool isAccepted)
    {
        await using var server = new TestServer();
        using var peer = await RawPeer.ConnectAsync(server.Port);
        var bytes = RawPeer.Request.ToBytes();
        Encoding.Latin1.GetBytes(called.PadRight(16)).CopyTo(bytes, 10);
        Encoding.Latin1.GetBytes(calling.PadRight(16, '\0')).CopyTo(bytes, 26);
        await peer.SendAsync(bytes);
        (await peer.ReadAsync())[0].Should().Be((byte)(isAccepted ? PduType.AssociateAccept : PduType.AssociateReject));
    }

    [Fact]
    public async Task A_blank_calling_title_and_another_called_title_can_be_refused_and_allowed()
    {
        await using var strict = new TestServer(new DicomServerOptions { TakesBlankCallingAE = false });
        using var blank = await RawPeer.ConnectAsync(strict.Port);
        await blank.SendAsync((RawPeer.Request with { CallingAE = "" }).ToBytes());
        (await blank.ReadAsync()).Should().Equal(3, 0, 0, 0, 0, 4, 0, 1, 1, 3);
        await using var lenient = new TestServer(new DicomServerOptions { ChecksCalledAE = false });
        var (peer, _) = await RawPeer.OpenAsync(lenient.Port, RawPeer.Request with { CalledAE = "ANY" });
        peer.Dispose();
    }

    [Fact]
    public async Task All_128_contexts_are_answered_each_for_itself()
    {
        await using var server = new TestServer();
        var contexts = Enumerable
            .Range(0, 128)
            .Select(i => new ProposedContext(
                (byte)(2 * i + 1),
                (i % 3) switch
                {
                    0 => $"1.2.3.4.{i}",
                    1 => DicomUids.CTImageStorage,
                    _ => DicomUids.ModalityWorklistInformationModelFind,
                },
                i % 3 == 1 && i % 2 == 0 ? [] : [DicomUids.ExplicitVRLittleEndian]
            ))
            .ToList();
        var (peer, accept) = await RawPeer.OpenAsync(server.Port, RawPeer.Request with { Contexts = contexts });
        peer.Dispose();
        accept.Contexts.Should().HaveCount(128);
        for (var i = 0; i < 128; i++)
        {
            accept
                .Contexts[i]
                .Result.Should()
                .Be(
                    i % 3 == 2 ? ContextResult.AbstractSyntaxNotSupported
                    : i % 3 == 1 && i % 2 == 0 ? ContextResult.TransferSyntaxesNotSupported
                    : ContextResult.Acceptance
                );
        }
    }

    [Fact]
    public async Task Unknown_and_private_classes_can_be_switched_off()
    {
        await using var server = new TestServer(new DicomServerOptions { TakesUnknownSopClasses = false });
        var request = RawPeer.Request with
        {
            Contexts = [new ProposedContext(1, "1.2.3.4.5", [DicomUids.ExplicitVRLittleEndian])],
        };
        var (peer, accept) = await RawPeer.OpenAsync(server.Port, request);
        peer.Dispose();
        accept.Contexts.Single().Result.Should().Be(ContextResult.AbstractSyntaxNotSupported);
    }

    [Fact]
    public async Task Without_a_limit_a_value_may_claim_more_than_two_gigabytes_and_nothing_is_allocated_for_it()
    {
        await using var server = new TestServer(new DicomServerOptions { MaxPduLength = 0 });
        var (peer, _) = await RawPeer.OpenAsync(server.Port);
        using (peer)
        {
            await peer.SendAsync(Store);
            // A PDU of 0xF0000000 bytes with one value, of which a little comes.
            await peer.SendAsync([4, 0, 0xF0, 0, 0, 0, 0xEF, 0xFF, 0xFF, 0xFC, 1, 2, .. new byte[100_000]]);
            await Task.Delay(200);
        }
        await UntilAsync(() => server.Receiver.GivenUp == 1);
        GC.GetGCMemoryInfo().HeapSizeBytes.Should().BeLessThan(1_000_000_000);
    }

    [Fact]
    public async Task The_limit_of_an_object_counts_all_its_fragments()
    {
        await using var server = new TestServer(new DicomServerOptions { LargestObject = 10_000 });
        var (peer, _) = await RawPeer.OpenAsync(server.Port);
        using var _1 = peer;
        await peer.SendAsync(Store);
        for (var i = 0; i < 11; i++)
        {
            await peer.SendAsync(RawPeer.Pdu(new byte[1000], 0));
        }
        (await peer.ReadAsync())[0].Should().Be((byte)PduType.Abort);
        server.Receiver.Objects.Should().BeEmpty();
    }

    [Theory]
    [InlineData(64u)]
    [InlineData(7u)]
    [InlineData(0u)]
    public async Task Fragments_are_even_and_within_the_peer_s_limit_of_which_there_is_no_least(uint limit)
    {
        await using var server = new TestServer(services: new FindOfThree());
        var request = RawPeer.Request with
        {
            MaxPduLength = limit,
            Contexts = DicomClientOptions.ContextOf(DicomUids.StudyRootQueryRetrieveInformationModelFind),
        };
        var (peer, _) = await RawPeer.OpenAsync(server.Port, request);
        using var _1 = peer;
        await peer.SendAsync(Query);
        await peer.SendAsync(RawPeer.Pdu([], 2));
        var largest = 0;
        for (var done = false; !done; )
        {
            var pdu = await peer.ReadAsync();
            (pdu.Length % 2).Should().Be(0);
            largest = Math.Max(largest, pdu.Length - 6);
            done = Encoding.Latin1.GetString(pdu).Contains("LAST", StringComparison.Ordinal) || largest > 4000;
            done |= limit is 7 && pdu.Length > 0;
        }
        if (limit > 7)
        {
            largest.Should().BeLessThanOrEqualTo((int)limit);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sender_that_drips_is_aborted_and_not_waited_for(bool withinRequest)
    {
        await using var server = new TestServer(
            new DicomServerOptions
            {
                Artim = TimeSpan.FromMilliseconds(500),
                WithinMessage = TimeSpan.FromMilliseconds(500),
                SlowestBytesPerSecond = 100_000,
            }
        );
        using var peer = withinRequest
            ? await RawPeer.ConnectAsync(server.Port)
            : (await RawPeer.OpenAsync(server.Port)).Peer;
        var watch = Stopwatch.StartNew();
        if (!withinRequest)
        {
            await peer.SendAsync(Store);
        }
        var bytes = withinRequest ? RawPeer.Request.ToBytes() : RawPeer.Pdu(new byte[5000], 2);
        var answer = peer.ReadAsync();
        foreach (var b in bytes)
        {
            if (answer.IsCompleted)
            {
                break;
            }
            await peer.SendAsync([b]).ContinueWith(_ => { });
            await Task.Delay(20);
        }
        (await answer)[0].Should().Be((byte)PduType.Abort);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(4));
        server.Receiver.Objects.Should().BeEmpty();
    }

    [Fact]
    public async Task A_query_is_cancelled_and_the_association_goes_on()
    {
        await using var server = new TestServer(services: new FindWithoutEnd());
        await using var client = await DicomClient.ConnectAsync(
            "127.0.0.1",
            server.Port,
            "TEST",
            "FIDUCIAL",
            DicomClientOptions.ContextOf(DicomUids.StudyRootQueryRetrieveInformationModelFind)
        );
        for (var round = 0; round < 2; round++)
        {
            var count = 0;
            await foreach (
                var _ in client.FindAsync(DicomUids.StudyRootQueryRetrieveInformationModelFind, new DicomDataSet())
            )
            {
                if (++count == 5)
                {
                    break;
                }
            }
            count.Should().Be(5);
        }
        await client.ReleaseAsync();
    }

    [Fact]
    public async Task An_abort_is_noticed_in_the_midst_of_a_long_query()
    {
        var service = new FindWithoutEnd();
        await using var server = new TestServer(services: service);
        var request = RawPeer.Request with
        {
            Contexts = DicomClientOptions.ContextOf(DicomUids.StudyRootQueryRetrieveInformationModelFind),
        };
        var (peer, _) = await RawPeer.OpenAsync(server.Port, request);
        using var _1 = peer;
        await peer.SendAsync(Query);
        await peer.SendAsync(RawPeer.Pdu([], 2));
        await peer.ReadAsync();
        await peer.SendAsync([7, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
        await UntilAsync(() => service.Ended == 1);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_does_not_hold_an_association()
    {
        var service = new FindWithoutEnd();
        await using var server = new TestServer(
            new DicomServerOptions { WithinMessage = TimeSpan.FromMilliseconds(300) },
            services: service
        );
        var request = RawPeer.Request with
        {
            Contexts = DicomClientOptions.ContextOf(DicomUids.StudyRootQueryRetrieveInformationModelFind),
        };
        var (peer, _) = await RawPeer.OpenAsync(server.Port, request);
        using var _1 = peer;
        await peer.SendAsync(Query);
        await peer.SendAsync(RawPeer.Pdu([], 2));
        await UntilAsync(() => service.Ended == 1, seconds: 20);
    }

    [Fact]
    public async Task After_a_time_out_within_an_exchange_the_client_sends_nothing_more()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var silent = Task.Run(async () =>
        {
            using var socket = await listener.AcceptAsync();
            var buffer = new byte[65536];
            await socket.ReceiveAsync(buffer);
            await socket.SendAsync(
                new AssociateAccept
                {
                    CalledAE = "SILENT",
                    CallingAE = "TEST",
                    Contexts = [new AnsweredContext(1, ContextResult.Acceptance, DicomUids.ImplicitVRLittleEndian)],
                }.ToBytes()
            );
            using var received = new MemoryStream();
            while (await socket.ReceiveAsync(buffer) is var read and > 0)
            {
                received.Write(buffer, 0, read);
            }
            return received.ToArray();
        });
        var client = await DicomClient.ConnectAsync(
            new DicomClientOptions
            {
                Host = "127.0.0.1",
                Port = ((IPEndPoint)listener.LocalEndPoint!).Port,
                CallingAE = "TEST",
                CalledAE = "SILENT",
                Contexts = [new ProposedContext(1, DicomUids.Verification, [DicomUids.ImplicitVRLittleEndian])],
                Answering = TimeSpan.FromMilliseconds(200),
            }
        );
        var echo = () => client.EchoAsync();
        (await echo.Should().ThrowAsync<AssociationException>()).WithMessage("*silent*");
        (await echo.Should().ThrowAsync<AssociationException>()).WithMessage("*has ended*");
        await client.DisposeAsync();
        // One request, one abort.
        var sent = await silent;
        sent[^10].Should().Be((byte)PduType.Abort);
        CommandSet.Parse(sent.AsSpan(12, sent.Length - 22)).CommandField.Should().Be(CommandField.CEchoRequest);
    }

    [Fact]
    public async Task Hundreds_of_sockets_above_the_limit_are_told_so_and_closed()
    {
        await using var server = new TestServer(new DicomServerOptions { MaxAssociations = 2 });
        var open = new List<RawPeer>
        {
            (await RawPeer.OpenAsync(server.Port)).Peer,
            (await RawPeer.OpenAsync(server.Port)).Peer,
        };
        var threads = Process.GetCurrentProcess().Threads.Count;
        var refused = new List<RawPeer>();
        for (var i = 0; i < 300; i++)
        {
            refused.Add(await RawPeer.ConnectAsync(server.Port));
        }
        (Process.GetCurrentProcess().Threads.Count - threads).Should().BeLessThan(30);
        var answers = await Task.WhenAll(refused.Select(async p => await p.ReadAsync()));
        // Those that it has no room to tell are closed without a word.
        answers
            .Should()
            .OnlyContain(a => a.Length == 0 || a.SequenceEqual(new byte[] { 3, 0, 0, 0, 0, 4, 0, 2, 3, 2 }));
        answers.Count(a => a.Length > 0).Should().BeGreaterThanOrEqualTo(64);
        refused.ForEach(p => p.Dispose());
        open.ForEach(p => p.Dispose());
        await UntilAsync(() =>
        {
            try
            {
                RawPeer.OpenAsync(server.Port).GetAwaiter().GetResult().Peer.Dispose();
                return true;
            }
            catch (Xunit.Sdk.XunitException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Stopping_aborts_who_is_idle_at_once()
    {
        await using var server = new TestServer();
        var (peer, _) = await RawPeer.OpenAsync(server.Port);
        using var _1 = peer;
        var watch = Stopwatch.StartNew();
        await server.StopAsync();
        (await peer.ReadAsync())[0].Should().Be((byte)PduType.Abort);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_class_that_the_peer_may_not_use_is_refused_by_its_context()
    {
        await using var server = new TestServer(
            mayUse: (peer, sopClass) => peer.AETitle == "WORKSTATION" || sopClass == DicomUids.Verification,
            services: new FindOfThree()
        );
        var contexts = DicomClientOptions.ContextOf(DicomUids.StudyRootQueryRetrieveInformationModelFind);
        var (peer, accept) = await RawPeer.OpenAsync(server.Port, RawPeer.Request with { Contexts = contexts });
        peer.Dispose();
        accept.Contexts.Single().Result.Should().Be(ContextResult.UserRejection);
        (peer, accept) = await RawPeer.OpenAsync(
            server.Port,
            RawPeer.Request with
            {
                Contexts = contexts,
                CallingAE = "WORKSTATION",
            }
        );
        peer.Dispose();
        accept.Contexts.Single().Result.Should().Be(ContextResult.Acceptance);
    }

    private static CommandSet Query { get; } =
        CommandSet.Query(CommandField.CFindRequest, 1, DicomUids.StudyRootQueryRetrieveInformationModelFind);

    /// <summary>Types of the items within the user information of the answer.</summary>
    private static async Task<List<byte>> AnswerAsync(TestServer server, AssociateRequest request)
    {
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(request.ToBytes());
        var types = new List<byte>();
        Collect((await peer.ReadAsync()).AsSpan(74), types);
        return types;

        static void Collect(ReadOnlySpan<byte> items, List<byte> types)
        {
            var reader = new ItemReader(items);
            while (reader.Next(out var type, out var value))
            {
                if (type == 0x50)
                {
                    Collect(value, types);
                }
                types.Add(type);
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition, int seconds = 10)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(seconds));
            await Task.Delay(20);
        }
    }

    private sealed class FindOfThree : IDimseService
    {
        public IReadOnlyCollection<string> SopClasses { get; } = [DicomUids.StudyRootQueryRetrieveInformationModelFind];

        public async Task ServeAsync(DimseRequest request, CancellationToken ct)
        {
            foreach (var name in new[] { "ONE", "TWO", "LAST" })
            {
                var match = new DicomDataSet()
                    .Set(DicomTags.PatientID, name)
                    .Set(DicomTags.StudyDescription, new string('x', 200));
                await request.RespondAsync(DimseStatus.Pending, match, ct: ct);
            }
            await request.RespondAsync(DimseStatus.Success, ct: ct);
        }
    }

    private sealed class FindWithoutEnd : IDimseService
    {
        public int Ended;

        public IReadOnlyCollection<string> SopClasses { get; } = [DicomUids.StudyRootQueryRetrieveInformationModelFind];

        public async Task ServeAsync(DimseRequest request, CancellationToken ct)
        {
            try
            {
                var match = new DicomDataSet().Set(DicomTags.StudyDescription, new string('x', 60));
                while (!await request.IsCancelledAsync(ct))
                {
                    await request.RespondAsync(DimseStatus.Pending, match, ct: ct);
                }
                await request.RespondAsync(DimseStatus.Cancelled, ct: ct);
            }
            finally
            {
                Interlocked.Increment(ref Ended);
            }
        }
    }
}
