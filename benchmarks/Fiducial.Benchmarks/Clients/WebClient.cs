using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Clients;

/// <summary>DICOMweb over one kept connection.</summary>
internal static class WebClient
{
    public const string Json = "application/dicom+json";
    public const string Dicom = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
    public const string Octets = "multipart/related; type=\"application/octet-stream\"";
    private const string Boundary = "fiducial-benchmark";

    private static readonly HttpClient Client = new(
        new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.None }
    )
    {
        Timeout = TimeSpan.FromMinutes(5),
    };

    /// <summary>Gets it once to warm, then <paramref name="requests"/> times; each must be 200 and no shorter than <paramref name="least"/> bytes.</summary>
    public static async Task<Outcome> GetAsync(Peer peer, string path, string accept, int requests, long least)
    {
        var (total, begun) = (0L, 0L);
        for (var i = 0; i <= requests; i++)
        {
            if (i == 1)
            {
                (total, begun) = (0, Stopwatch.GetTimestamp());
            }
            using var request = new HttpRequestMessage(HttpMethod.Get, peer.Web + path);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (Refusal(response.StatusCode) is { } refused)
            {
                return refused;
            }
            var length = await LengthAsync(response);
            if (length < least)
            {
                return Outcome.Failed($"{length} bytes came, at least {least} were due");
            }
            total += length;
        }
        return Outcome.Of(requests, total, Stopwatch.GetElapsedTime(begun).TotalSeconds, cpuCount: requests + 1);
    }

    /// <summary>One STOW-RS request with all instances of a study, streamed from their files.</summary>
    public static async Task<Outcome> StowAsync(Peer peer, Study study)
    {
        // Asked with nothing first: a server without the service would close while the body is still being sent.
        using var nothing = await Client.PostAsync($"{peer.Web}/studies", content: null);
        if (IsMissing(nothing.StatusCode))
        {
            return Outcome.Missing();
        }
        using var body = new MultipartContent("related", Boundary);
        foreach (var file in Directory.EnumerateFiles(study.Folder).Order(StringComparer.Ordinal))
        {
            var part = new StreamContent(File.OpenRead(file), 128 * 1024);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            body.Add(part);
        }
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation(
            "Content-Type",
            $"multipart/related; type=\"application/dicom\"; boundary={Boundary}"
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{peer.Web}/studies") { Content = body };
        request.Headers.TryAddWithoutValidation("Accept", Json);
        using var response = await Client.SendAsync(request);
        return Refusal(response.StatusCode) ?? Outcome.Of(study.Instances, study.Bytes);
    }

    public static async Task<int> CountInstancesAsync(string web, string studyInstanceUid)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"{web}/studies?StudyInstanceUID={studyInstanceUid}&includefield=00201208"
        );
        request.Headers.TryAddWithoutValidation("Accept", Json);
        using var response = await Client.SendAsync(request);
        var body = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        if (body.Length == 0)
        {
            return 0;
        }
        using var found = JsonDocument.Parse(body);
        // NumberOfStudyRelatedInstances (0020,1208), a number or (Orthanc) text.
        return found
            .RootElement.EnumerateArray()
            .Sum(s =>
                int.Parse(
                    s.GetProperty("00201208").GetProperty("Value")[0].ToString(),
                    System.Globalization.CultureInfo.InvariantCulture
                )
            );
    }

    private static Outcome? Refusal(HttpStatusCode status) =>
        IsMissing(status) ? Outcome.Missing()
        : status is HttpStatusCode.OK ? null
        : Outcome.Failed($"HTTP {(int)status}");

    private static bool IsMissing(HttpStatusCode status) =>
        status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound or HttpStatusCode.NotImplemented;

    private static async Task<long> LengthAsync(HttpResponseMessage response)
    {
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(1024 * 1024);
        var length = 0L;
        while (await stream.ReadAsync(buffer) is var read and > 0)
        {
            length += read;
        }
        System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        return length;
    }
}
