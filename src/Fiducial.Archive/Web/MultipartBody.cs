using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace Fiducial.Archive.Web;

/// <summary>Writes a multipart/related answer (RFC 2387), part by part.</summary>
internal sealed class MultipartBody
{
    private const int ChunkLength = 512 * 1024;

    private readonly HttpResponse _response;
    private readonly string _boundary = Guid.NewGuid().ToString("N");

    /// <param name="response">Its status and content type are set here.</param>
    /// <param name="partType">Media type of the parts.</param>
    public MultipartBody(HttpResponse response, string partType)
    {
        _response = response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = $"multipart/related; type=\"{partType}\"; boundary={_boundary}";
    }

    /// <summary>Says the length of the whole before it is sent, when all parts are known.</summary>
    public void Announce(IEnumerable<(string ContentType, long Length)> parts) =>
        _response.ContentLength =
            parts.Sum(p => Encoding.ASCII.GetByteCount(Head(p.ContentType)) + p.Length)
            + Encoding.ASCII.GetByteCount(End);

    /// <summary>Begins a part: its head goes out with what follows.</summary>
    public void Begin(string contentType) => Encoding.ASCII.GetBytes(Head(contentType), _response.BodyWriter);

    public Task EndAsync(CancellationToken ct) => _response.Body.WriteAsync(Encoding.ASCII.GetBytes(End), ct).AsTask();

    /// <summary>Sends a range of a file: from the disk into the buffers that go to the socket, without another between.</summary>
    public static async Task SendAsync(
        PipeWriter body,
        SafeFileHandle file,
        long offset,
        long length,
        CancellationToken ct
    )
    {
        while (length > 0)
        {
            var place = body.GetMemory((int)Math.Min(ChunkLength, length));
            var read = RandomAccess.Read(file, place.Span[..(int)Math.Min(place.Length, length)], offset);
            if (read == 0)
            {
                throw new EndOfStreamException("A stored file is shorter than the index says.");
            }
            body.Advance(read);
            await body.FlushAsync(ct);
            offset += read;
            length -= read;
        }
    }

    private string Head(string contentType) => $"\r\n--{_boundary}\r\nContent-Type: {contentType}\r\n\r\n";

    private string End => $"\r\n--{_boundary}--\r\n";
}
