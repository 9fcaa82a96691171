using System.Net.Http.Headers;
using System.Text.Json;
using Fiducial.Archive;
using Fiducial.Archive.Tests;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Server.Tests;

/// <summary>Two processes of <c>fiducial archive</c> on one PostgreSQL and one object storage, each with a data folder of its own.</summary>
public sealed class TwoArchivesTests : IDisposable
{
    private const string Class = DicomUids.CTImageStorage;

    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-archives-").FullName;
    private readonly string _study = DicomUidFactory.New();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Both_take_images_at_once_the_same_object_is_one_and_the_end_of_one_loses_nothing()
    {
        var (database, store) = (await TemporaryPostgres.NewDatabaseAsync(), await RadosGateway.NewBucketAsync());
        await using var first = Start("first", database, store);
        await using var second = Start("second", database, store);
        await Task.WhenAll(first.OpensAsync(), second.OpensAsync());
        var images = Enumerable.Range(0, 24).Select(Image).ToList();

        // The middle third goes to both, at the same time.
        var taken = await Task.WhenAll(
            SendAsync(first, images[..8]),
            SendAsync(first, images[8..16]),
            SendAsync(second, images[8..16]),
            SendAsync(second, images[16..])
        );
        taken.SelectMany(t => t).Should().HaveCount(32);
        foreach (var server in new[] { first, second })
        {
            (await UidsAsync(server)).Should().BeEquivalentTo(images.Select(UidOf), "each is there once, at both");
            (await JsonAsync(server, "/quarantine")).GetArrayLength().Should().Be(0);
        }

        // One is killed while it takes images; what it had acknowledged the other has, bit for bit.
        var more = Enumerable.Range(24, 100).Select(Image).ToList();
        var sending = SendAsync(first, more);
        while ((await UidsAsync(second)).Count < 24 + 10)
        {
            await Task.Delay(20);
        }
        await first.KillAsync();
        var acknowledged = await sending;
        acknowledged.Should().HaveCountGreaterThan(5).And.HaveCountLessThan(more.Count, "it was killed on its way");
        (await UidsAsync(second)).Should().Contain(acknowledged);
        foreach (var image in more.Where(i => acknowledged.Contains(UidOf(i))))
        {
            (await BytesAsync(second, image)).AsSpan().IndexOf(DataSetOf(image)).Should().BePositive(UidOf(image));
        }

        // The other goes on, and the one that was killed comes back.
        (await SendAsync(second, more))
            .Should()
            .HaveCount(more.Count);
        await using var again = Start("first", database, store);
        await again.OpensAsync();
        (await UidsAsync(again)).Should().BeEquivalentTo(images.Concat(more).Select(UidOf));
    }

    private ServerProcess Start(string name, string database, ObjectStorage store) =>
        ServerProcess.Start(
            "archive",
            Path.Combine(_folder, name),
            ["--database", database, "--store", store.Url],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["FIDUCIAL__S3__ENDPOINT"] = store.Endpoint.ToString(),
                ["FIDUCIAL__S3__ACCESSKEY"] = RadosGateway.AccessKey,
                ["FIDUCIAL__S3__SECRETKEY"] = RadosGateway.SecretKey,
            }
        );

    private DicomDataSet Image(int number) =>
        new DicomDataSet()
            .Set(DicomTags.SOPClassUID, Class)
            .Set(DicomTags.SOPInstanceUID, $"{_study}.{number}")
            .Set(DicomTags.PatientID, "P1")
            .Set(DicomTags.PatientName, "Doe^Jane")
            .Set(DicomTags.StudyInstanceUID, _study)
            .Set(DicomTags.SeriesInstanceUID, $"{_study}.0.1")
            .Set(DicomTags.InstanceNumber, number)
            .SetBytes(DicomTags.PixelData, DicomVR.OW, Enumerable.Repeat((byte)number, 40_000).ToArray());

    private static string UidOf(DicomDataSet image) => image.GetString(DicomTags.SOPInstanceUID)!;

    private static byte[] DataSetOf(DicomDataSet image)
    {
        using var bytes = new MemoryStream();
        DicomFile.WriteDataSet(bytes, image, TransferSyntax.ExplicitVRLittleEndian);
        return bytes.ToArray();
    }

    /// <returns>What was acknowledged before the association ended.</returns>
    private static async Task<List<string>> SendAsync(ServerProcess server, IReadOnlyList<DicomDataSet> images)
    {
        var acknowledged = new List<string>();
        try
        {
            await using var client = await DicomClient.ConnectAsync(
                "127.0.0.1",
                server.DicomPort,
                "TEST",
                "FIDUCIAL",
                DicomClientOptions.ContextsOf([(Class, DicomUids.ExplicitVRLittleEndian)])
            );
            foreach (var image in images)
            {
                using var file = new MemoryStream();
                DicomFile.Write(file, image, TransferSyntax.ExplicitVRLittleEndian);
                if ((await client.StoreAsync(DicomFile.Read(file), file)).IsSuccess)
                {
                    acknowledged.Add(UidOf(image));
                }
            }
            await client.ReleaseAsync();
        }
        catch (AssociationException)
        {
            // The server was killed.
        }
        return acknowledged;
    }

    private async Task<List<string>> UidsAsync(ServerProcess server) =>
        [
            .. (await JsonAsync(server, $"/dicomweb/studies/{_study}/instances"))
                .EnumerateArray()
                .Select(i => i.GetProperty("00080018").GetProperty("Value")[0].GetString()!),
        ];

    private static async Task<JsonElement> JsonAsync(ServerProcess server, string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(server.Address, path));
        answer.EnsureSuccessStatusCode();
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        using var document = JsonDocument.Parse(bytes.Length == 0 ? "[]"u8.ToArray() : bytes);
        return document.RootElement.Clone();
    }

    private async Task<byte[]> BytesAsync(ServerProcess server, DicomDataSet image)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(server.Address, $"/dicomweb/studies/{_study}/series/{_study}.0.1/instances/{UidOf(image)}")
        );
        request.Headers.Accept.Add(
            MediaTypeWithQualityHeaderValue.Parse("multipart/related; type=\"application/dicom\"; transfer-syntax=*")
        );
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
