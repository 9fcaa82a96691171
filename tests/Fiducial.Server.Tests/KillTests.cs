using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Pathway.Exams;

namespace Fiducial.Server.Tests;

/// <summary>
/// <c>kill -9</c> in the middle of a send: what was acknowledged is there after the restart, and nothing is there in part. The
/// number of rounds is taken from <c>FIDUCIAL_KILL_ROUNDS</c>.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string DataSetsAsTheyStand = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
    private static readonly int Rounds = int.TryParse(
        Environment.GetEnvironmentVariable("FIDUCIAL_KILL_ROUNDS"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out var rounds
    )
        ? rounds
        : 4;

    [Fact]
    public async Task An_archive_that_is_killed_loses_nothing_that_it_acknowledged_and_shows_nothing_in_part()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-kill-").FullName;
        var sent = new ConcurrentDictionary<string, Sent>(StringComparer.Ordinal);
        var (acknowledged, shown) = (0, 0);
        var server = await ServerProcess.OpenAsync("archive", folder);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var order = Order($"K{round}");
                var before = acknowledged;
                acknowledged += await SendUntilKilledAsync(server, order, sent);
                await server.DisposeAsync();
                server = await ServerProcess.OpenAsync("archive", folder);
                using var http = new HttpClient { BaseAddress = server.Address };
                shown += await CompareAsync(http, DicomUidFactory.FromGuid(order.Id), sent);
                sent.Clear();
                output.WriteLine($"round {round}: {acknowledged - before} acknowledged");
            }
            (await server.EndAsync(ServerProcess.Terminate)).Should().Be(0);
        }
        finally
        {
            await server.DisposeAsync();
        }
        output.WriteLine($"{Rounds} kills, {acknowledged} instances acknowledged, {shown} there after the restarts");
        acknowledged.Should().BePositive("a kill before the first acknowledgement proves nothing");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_clinic_that_is_killed_finds_images_pathway_and_ledger_as_one()
    {
        // People and an exam in progress come from a clinic in this process; then the program itself opens its folder.
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Started);
        await clinic.CloseAsync();
        var (acknowledged, shown) = (0, 0);
        var order = Order("");
        for (var round = 0; round < Math.Max(1, Rounds / 2); round++)
        {
            var sent = new ConcurrentDictionary<string, Sent>(StringComparer.Ordinal);
            await using (var server = await ServerProcess.OpenAsync("serve", clinic.Folder))
            {
                clinic.MovesTo(server);
                order = round == 0 ? await OrderAsync(clinic, exam) : order;
                acknowledged += await SendUntilKilledAsync(server, order, sent, first: round * 10_000);
            }
            await using (var server = await ServerProcess.OpenAsync("serve", clinic.Folder))
            {
                clinic.MovesTo(server);
                var study = DicomUidFactory.FromGuid(exam);
                // The feed catches up with what was stored before the kill; only then is the study one that the reader may open.
                var (list, still) = ("", 0);
                for (var i = 0; i < 200 && still < 5; i++)
                {
                    var page = await clinic.Technologist.Opens($"/exam-room/exams/{exam}");
                    still = page.Words == list ? still + 1 : 0;
                    list = page.Words;
                    await Task.Delay(200);
                }
                shown += await CompareAsync(
                    (path, accept) => clinic.Radiologist.RequestsAsync(HttpMethod.Get, path, accept: accept),
                    study,
                    sent
                );
                (await clinic.PrivacyOfficer.Verifies()).Words.Should().Contain("Every chain is whole");
                (await server.EndAsync(ServerProcess.Interrupt)).Should().Be(0);
                server.Said.Should().Contain("Closed.");
            }
        }
        output.WriteLine($"{acknowledged} instances acknowledged, {shown} there after the restarts");
        acknowledged.Should().BePositive();
        var (exitCode, said) = await ServerProcess.RunAsync("verify", "--data", clinic.Folder);
        said.Should().Contain("Every chain is whole.");
        exitCode.Should().Be(0);
        // And the clinic in this process finds every image that the archive has in its pathway.
        await clinic.ReopenAsync();
        var kept = await clinic.InDatabaseAsync(db =>
            Task.FromResult(db.Set<ImageRecord>().Count(i => i.ExamId == exam))
        );
        kept.Should().BeGreaterThanOrEqualTo(acknowledged);
        (await clinic.ExamAsync(exam)).ImageCount.Should().Be(kept);
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    private sealed record Sent(string DataSetHash)
    {
        public bool IsAcknowledged { get; set; }
    }

    // Two to four associations send small objects until the program is killed at a moment that nobody chose.
    private static async Task<int> SendUntilKilledAsync(
        ServerProcess server,
        ExamRecord order,
        ConcurrentDictionary<string, Sent> sent,
        int first = 0
    )
    {
        var number = first;
        var senders = Enumerable
            .Range(0, RandomNumberGenerator.GetInt32(2, 5))
            .Select(_ =>
                Task.Run(async () =>
                {
                    var (sample, _) = Modality.Part10(Modality.Image(order, "PA", "L", 0));
                    await using var client = await DicomClient.ConnectAsync(
                        "127.0.0.1",
                        server.DicomPort,
                        Modality.AETitle,
                        "FIDUCIAL",
                        DicomClient.ContextsFor([sample])
                    );
                    while (true)
                    {
                        var image = Modality.Image(order, "PA", "L", Interlocked.Increment(ref number));
                        var (file, bytes) = Modality.Part10(image);
                        var uid = image.GetString(DicomTags.SOPInstanceUID)!;
                        var mine = sent[uid] = new Sent(HashOf(bytes.AsSpan((int)file.DataSetOffset)));
                        using var stream = new MemoryStream(bytes);
                        if ((await client.StoreAsync(file, stream)).IsSuccess)
                        {
                            mine.IsAcknowledged = true;
                        }
                    }
                })
            )
            .ToList();
        // A kill before the first acknowledgement proves nothing, however slow the machine is.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!sent.Values.Any(s => s.IsAcknowledged) && !senders.TrueForAll(s => s.IsCompleted))
        {
            await Task.Delay(10, patience.Token);
        }
        await Task.Delay(RandomNumberGenerator.GetInt32(0, 750));
        await server.KillAsync();
        foreach (var sender in senders)
        {
            // The association is gone, which is what the sender hears of a kill.
            await sender.ContinueWith(s => s.Exception, TaskScheduler.Default);
        }
        return sent.Values.Count(s => s.IsAcknowledged);
    }

    private static Task<int> CompareAsync(HttpClient http, string study, ConcurrentDictionary<string, Sent> sent) =>
        CompareAsync(
            async (path, accept) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
                return await http.SendAsync(request);
            },
            study,
            sent
        );

    private static async Task<int> CompareAsync(
        Func<string, string, Task<HttpResponseMessage>> ask,
        string study,
        ConcurrentDictionary<string, Sent> sent
    )
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        const int page = 1000;
        for (var found = page; found == page; )
        {
            using var answer = await ask(
                $"/dicomweb/studies/{study}/instances?limit={page}&offset={there.Count}",
                "application/dicom+json"
            );
            var text = await answer.Content.ReadAsStringAsync();
            var uids = text.Length > 0 ? JsonNode.Parse(text)!.AsArray() : [];
            found = uids.Count;
            there.UnionWith(uids.Select(i => (string)i!["00080018"]!["Value"]![0]!));
        }
        sent.Where(s => s.Value.IsAcknowledged)
            .Select(s => s.Key)
            .Except(there)
            .Should()
            .BeEmpty("it was acknowledged");
        foreach (var uid in there.Where(sent.ContainsKey))
        {
            var series = uid[..uid.LastIndexOf('.')];
            using var answer = await ask(
                $"/dicomweb/studies/{study}/series/{series}/instances/{uid}",
                DataSetsAsTheyStand
            );
            answer.EnsureSuccessStatusCode();
            var part = Part(await answer.Content.ReadAsByteArrayAsync());
            var file = DicomFile.Read(new MemoryStream(part));
            HashOf(part.AsSpan((int)file.DataSetOffset)).Should().Be(sent[uid].DataSetHash, uid);
        }
        return there.Count;
    }

    // The one part of a multipart body (RFC 2046): from the empty line to the closing boundary.
    private static byte[] Part(byte[] body)
    {
        var start = body.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        var end = body.AsSpan().LastIndexOf("\r\n--"u8);
        return body[start..end];
    }

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static ExamRecord Order(string accession) =>
        new()
        {
            Id = Guid.NewGuid(),
            AccessionNumber = accession,
            PatientId = "FID-0001",
            PatientName = "Patient^Paul",
            PatientBirthDate = "19790412",
            PatientSex = "M",
        };

    // What the worklist says of the exam.
    private static async Task<ExamRecord> OrderAsync(ClinicInABox clinic, Guid exam)
    {
        var page = await clinic.Technologist.Opens($"/exam-room/exams/{exam}");
        return new ExamRecord
        {
            Id = exam,
            AccessionNumber = page.Document.QuerySelector("main code")!.TextContent,
            PatientId = "FID-0001",
            PatientName = "Patient^Paul",
            PatientBirthDate = "19790412",
            PatientSex = "M",
        };
    }
}
