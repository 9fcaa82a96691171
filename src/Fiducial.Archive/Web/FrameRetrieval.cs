using System.Globalization;
using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Web;

/// <summary>WADO-RS: frames and bulk data (PS3.18 10.4.1.1.6 and 10.4.1.1.5), native or as they are stored.</summary>
internal static class FrameRetrieval
{
    private const string Octets = "application/octet-stream";

    private static readonly string NativeUid = TransferSyntax.ExplicitVRLittleEndian.Uid;

    /// <param name="context">Of the request.</param>
    /// <param name="image">The opened object.</param>
    /// <param name="list">Frame numbers, counted from 1, with commas between.</param>
    public static async Task SendFramesAsync(HttpContext context, StoredImage image, string list, CancellationToken ct)
    {
        var frames = new List<int>();
        foreach (var text in list.Split(','))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }
            frames.Add(number - 1);
        }
        if (frames.Exists(f => f >= image.NumberOfFrames))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await SendAsync(context, image, frames, ct);
    }

    /// <summary>All frames: what the bulk data address of Pixel Data gives.</summary>
    public static Task SendAllAsync(HttpContext context, StoredImage image, CancellationToken ct) =>
        SendAsync(context, image, [.. Enumerable.Range(0, image.NumberOfFrames)], ct);

    /// <summary>A value of the data set that is not its pixels.</summary>
    public static async Task SendValueAsync(HttpContext context, byte[] value, CancellationToken ct)
    {
        foreach (var media in AcceptHeader.Of(context.Request))
        {
            if (media.MediaType is Octets || media.IsAnything)
            {
                context.Response.ContentType = Octets;
                context.Response.ContentLength = value.Length;
                await context.Response.Body.WriteAsync(value, ct);
                return;
            }
            if (media.IsMultipartOf(Octets))
            {
                var body = new MultipartBody(context.Response, Octets);
                body.Announce([(Octets, value.Length)]);
                body.Begin(Octets);
                await context.Response.Body.WriteAsync(value, ct);
                await body.EndAsync(ct);
                return;
            }
        }
        context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
    }

    private static async Task SendAsync(HttpContext context, StoredImage image, List<int> frames, CancellationToken ct)
    {
        var storedType = image.IsEncapsulated ? MediaTypeOf(image.File.TransferSyntax.Uid) : Octets;
        foreach (var media in AcceptHeader.Of(context.Request))
        {
            var isSingle = frames.Count == 1 && (media.MediaType is Octets || media.MediaType == storedType);
            var asked = isSingle ? media.MediaType : media.PartType;
            if (!isSingle && !media.IsAnything && !media.IsMultipartOf(Octets) && !media.IsMultipartOf(storedType))
            {
                continue;
            }
            var isStored = WantsStored(media, asked, image);
            if (!isStored && (!image.CanDecode || media.TransferSyntax is not "" && media.TransferSyntax != NativeUid))
            {
                continue;
            }
            try
            {
                var partType = isStored ? storedType : Octets;
                var type =
                    $"{partType}; transfer-syntax={(isStored && image.IsEncapsulated ? image.File.TransferSyntax.Uid : NativeUid)}";
                await (
                    isSingle
                        ? SendOneAsync(context, image, frames[0], isStored, type, ct)
                        : SendPartsAsync(context, image, frames, isStored, partType, type, ct)
                );
                return;
            }
            catch (CodecException) when (!context.Response.HasStarted)
            {
                context.Response.Clear();
            }
            catch (Exception e) when (e is CodecException or DicomFormatException && context.Response.HasStarted)
            {
                context.Abort();
                return;
            }
        }
        context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
    }

    // Native frames are the same either way. A media type of its own means the codestream.
    private static bool WantsStored(AcceptedMedia media, string asked, StoredImage image) =>
        !image.IsEncapsulated
            ? media.TransferSyntax is "" or "*" || media.TransferSyntax == NativeUid
            : media.TransferSyntax == "*"
                || media.TransferSyntax == image.File.TransferSyntax.Uid
                || (media.TransferSyntax.Length == 0 && (media.IsAnything || asked is not ("" or Octets or "*/*")));

    private static async Task SendOneAsync(
        HttpContext context,
        StoredImage image,
        int frame,
        bool isStored,
        string type,
        CancellationToken ct
    )
    {
        var located = isStored ? image.Locate(frame) : null;
        var bytes = located is null ? Bytes(image, frame, isStored) : default;
        context.Response.ContentType = type;
        context.Response.ContentLength = located?.Length ?? bytes.Length;
        await SendFrameAsync(context.Response, image, located, bytes, ct);
    }

    private static async Task SendPartsAsync(
        HttpContext context,
        StoredImage image,
        List<int> frames,
        bool isStored,
        string partType,
        string type,
        CancellationToken ct
    )
    {
        MultipartBody? body = null;
        foreach (var frame in frames)
        {
            var located = isStored ? image.Locate(frame) : null;
            var bytes = located is null ? Bytes(image, frame, isStored) : default;
            if (body is null)
            {
                body = new MultipartBody(context.Response, partType);
                if (frames.Count == 1)
                {
                    body.Announce([(type, located?.Length ?? bytes.Length)]);
                }
            }
            body.Begin(type);
            await SendFrameAsync(context.Response, image, located, bytes, ct);
        }
        await body!.EndAsync(ct);
    }

    private static ReadOnlyMemory<byte> Bytes(StoredImage image, int frame, bool isStored) =>
        isStored ? image.StoredFrame(frame) : image.DecodeFrame(frame).Samples;

    private static async Task SendFrameAsync(
        HttpResponse response,
        StoredImage image,
        ValueLocation? located,
        ReadOnlyMemory<byte> bytes,
        CancellationToken ct
    )
    {
        if (located is { } place)
        {
            await MultipartBody.SendAsync(response.BodyWriter, image.Handle, place.Offset, place.Length, ct);
        }
        else
        {
            await response.Body.WriteAsync(bytes, ct);
        }
    }

    // PS3.18 table 8.7.3-5.
    private static string MediaTypeOf(string transferSyntax) =>
        transferSyntax.Replace("1.2.840.10008.1.2.", "", StringComparison.Ordinal) switch
        {
            "4.50" or "4.51" or "4.53" or "4.55" or "4.57" or "4.70" => "image/jpeg",
            "4.80" or "4.81" => "image/jls",
            "4.90" or "4.91" => "image/jp2",
            "4.92" or "4.93" => "image/jpx",
            "4.201" or "4.202" or "4.203" => "image/jphc",
            "4.110" or "4.111" or "4.112" => "image/jxl",
            "5" => "image/dicom-rle",
            _ => Octets,
        };
}
