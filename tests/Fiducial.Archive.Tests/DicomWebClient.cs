using System.Text;
using System.Text.Json;
using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

/// <summary>What a client of DICOMweb does in these tests.</summary>
internal static class DicomWebClient
{
    /// <summary>The Part 10 files of everything that is stored or quarantined under a SOP Instance UID.</summary>
    public static async Task<List<byte[]>> ReadBackAsync(this HttpClient web, string sopInstanceUid)
    {
        var found = new List<byte[]>();
        foreach (var row in await web.QueryAsync($"/dicomweb/instances?SOPInstanceUID={sopInstanceUid}"))
        {
            using var answer = await web.GetAsync(
                new Uri(row.GetProperty("00081190").GetProperty("Value")[0].GetString()!),
                "multipart/related; type=\"application/dicom\"; transfer-syntax=*"
            );
            answer.IsSuccessStatusCode.Should().BeTrue();
            var parts = await PartsAsync(answer);
            parts.Should().ContainSingle();
            found.Add(parts[0].Body);
        }
        foreach (var quarantined in await web.QueryAsync($"/quarantine?limit=1000&sopInstanceUid={sopInstanceUid}"))
        {
            found.Add(await web.GetByteArrayAsync($"/quarantine/{quarantined.GetProperty("id").GetInt64()}"));
        }
        return found;
    }

    public static async Task<List<JsonElement>> QueryAsync(this HttpClient web, string address)
    {
        using var document = JsonDocument.Parse(await web.GetByteArrayAsync(address));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    public static Task<HttpResponseMessage> GetAsync(this HttpClient web, Uri address, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return web.SendAsync(request);
    }

    /// <summary>The parts of a multipart answer.</summary>
    public static async Task<List<(string ContentType, byte[] Body)>> PartsAsync(HttpResponseMessage answer)
    {
        var type = answer.Content.Headers.ContentType!;
        type.MediaType.Should().Be("multipart/related");
        var boundary = Encoding.ASCII.GetBytes(
            "\r\n--" + type.Parameters.Single(p => p.Name == "boundary").Value!.Trim('"')
        );
        var body = await answer.Content.ReadAsByteArrayAsync();
        var parts = new List<(string, byte[])>();
        var at = body.AsSpan().IndexOf(boundary) + boundary.Length;
        while (!body.AsSpan(at).StartsWith("--"u8))
        {
            var length = body.AsSpan(at).IndexOf(boundary);
            var part = body.AsSpan(at, length);
            var head = part.IndexOf("\r\n\r\n"u8);
            var headers = Encoding.ASCII.GetString(part[..head]);
            var contentType = headers
                .Split("\r\n")
                .Single(h => h.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))[
                    "Content-Type:".Length..
                ]
                .Trim();
            parts.Add((contentType, part[(head + 4)..].ToArray()));
            at += length + boundary.Length;
        }
        return parts;
    }

    public static byte[] DataSetOf(byte[] part10) =>
        part10[
            (int)
                DicomFile
                    .Read(new MemoryStream(part10), new DicomReadOptions { StopBefore = new(3, 0) })
                    .DataSetOffset..
        ];
}
