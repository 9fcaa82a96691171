using System.Globalization;
using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.Archive.Web;

/// <summary>WADO-RS: a frame as a picture (PS3.18 10.4.1.1.3), JPEG or PNG, with <c>viewport</c> and <c>window</c>.</summary>
internal static class Rendering
{
    private const int ThumbnailSide = 256;

    public static async Task SendAsync(HttpContext context, StoredImage image, int frame, CancellationToken ct)
    {
        var type = TypeOf(context.Request);
        if (type is null || image.Image is not { } shape)
        {
            await RefuseAsync(context, "A picture can be had as image/jpeg or image/png, of an image.", ct);
            return;
        }
        if (frame < 0 || frame >= image.NumberOfFrames)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (
            !TryViewport(context.Request.Query["viewport"], shape, out var width, out var height)
            || !TryWindow(context.Request.Query["window"], out var window)
        )
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        try
        {
            await SendAsync(
                context,
                FrameRenderer.Draw(image, frame, width, height, window, withOverlays: true),
                type,
                ct
            );
        }
        catch (Exception e) when (e is CodecException or DicomFormatException)
        {
            // It is stored, and served as it is; a picture of it there is none.
            await RefuseAsync(context, e.Message, ct);
        }
    }

    /// <summary>A small picture (PS3.18 10.4.1.1.4) of the object, or of the middle one of many.</summary>
    public static async Task SendThumbnailAsync(
        HttpContext context,
        IReadOnlyList<StoredInstance> instances,
        IImageArchive archive,
        CancellationToken ct
    )
    {
        var type = TypeOf(context.Request);
        var images = instances.Where(i => i.Rows is > 0 && i.Columns is > 0).ToList();
        if (type is null || images.Count == 0)
        {
            await RefuseAsync(context, "A picture can be had as image/jpeg or image/png, of an image.", ct);
            return;
        }
        try
        {
            using var image = archive.OpenImage(images[images.Count / 2]);
            var frame = context.GetRouteValue("frame") is string number
                ? int.Parse(number, CultureInfo.InvariantCulture) - 1
                : image.NumberOfFrames / 2;
            if (frame < 0 || frame >= image.NumberOfFrames)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            TryViewport($"{ThumbnailSide},{ThumbnailSide}", image.Image!, out var width, out var height);
            await SendAsync(context, FrameRenderer.Draw(image, frame, width, height), type, ct);
        }
        catch (Exception e) when (e is CodecException or DicomFormatException)
        {
            await RefuseAsync(context, e.Message, ct);
        }
    }

    /// <summary>A picture of the first frame of each image, as parts; objects of which there is none are left out.</summary>
    public static async Task SendEachAsync(
        HttpContext context,
        IReadOnlyList<StoredInstance> instances,
        IImageArchive archive,
        CancellationToken ct
    )
    {
        var type = AcceptHeader
            .Of(context.Request)
            .Select(m =>
                m.IsAnything || m.IsMultipartOf("image/jpeg") ? "image/jpeg"
                : m.IsMultipartOf("image/png") ? "image/png"
                : TypeOf(m)
            )
            .FirstOrDefault(t => t is not null);
        if (type is null)
        {
            await RefuseAsync(context, "Pictures can be had as multipart/related of image/jpeg or image/png.", ct);
            return;
        }
        MultipartBody? body = null;
        foreach (var instance in instances.Where(i => i.Rows is > 0 && i.Columns is > 0))
        {
            if (TryDraw(context.Request, archive, instance) is not { } picture)
            {
                continue;
            }
            body ??= new MultipartBody(context.Response, type);
            body.Begin(type);
            await context.Response.Body.WriteAsync(Encoded(picture, type), ct);
        }
        await (body?.EndAsync(ct) ?? RefuseAsync(context, "None of the objects can be drawn.", ct));
    }

    private static Picture? TryDraw(HttpRequest request, IImageArchive archive, StoredInstance instance)
    {
        try
        {
            using var image = archive.OpenImage(instance);
            return
                image.Image is { } shape
                && image.NumberOfFrames > 0
                && TryViewport(request.Query["viewport"], shape, out var width, out var height)
                && TryWindow(request.Query["window"], out var window)
                ? FrameRenderer.Draw(image, 0, width, height, window, withOverlays: true)
                : null;
        }
        catch (Exception e) when (e is CodecException or DicomFormatException)
        {
            return null;
        }
    }

    private static string? TypeOf(HttpRequest request) =>
        AcceptHeader.Of(request).Select(TypeOf).FirstOrDefault(t => t is not null);

    private static string? TypeOf(AcceptedMedia media) =>
        media.MediaType switch
        {
            "image/jpeg" or "image/*" or "*/*" => "image/jpeg",
            "image/png" => "image/png",
            _ => null,
        };

    private static byte[] Encoded(Picture picture, string type) =>
        type is "image/png" ? picture.ToPng() : picture.ToJpeg();

    private static async Task SendAsync(HttpContext context, Picture picture, string type, CancellationToken ct)
    {
        var bytes = Encoded(picture, type);
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, ct);
    }

    private static Task RefuseAsync(HttpContext context, string sentence, CancellationToken ct)
    {
        context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence, ct);
    }

    // The picture keeps its shape and is never made larger than it is. Regions of the source are not offered.
    private static bool TryViewport(string? text, ImageDescription shape, out int width, out int height)
    {
        (width, height) = (shape.Columns, shape.Rows);
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }
        var parts = text.Split(',');
        if (
            parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var mostWidth)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var mostHeight)
            || mostWidth < 1
            || mostHeight < 1
        )
        {
            return false;
        }
        var scale = Math.Min(1, Math.Min((double)mostWidth / width, (double)mostHeight / height));
        width = Math.Clamp((int)Math.Round(width * scale), 1, Math.Min(width, mostWidth));
        height = Math.Clamp((int)Math.Round(height * scale), 1, Math.Min(height, mostHeight));
        return true;
    }

    private static bool TryWindow(string? text, out Window? window)
    {
        window = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }
        var parts = text.Split(',');
        if (
            parts.Length is not (2 or 3)
            || !double.TryParse(parts[0], CultureInfo.InvariantCulture, out var center)
            || !double.TryParse(parts[1], CultureInfo.InvariantCulture, out var width)
            || !double.IsFinite(center)
        )
        {
            return false;
        }
        var function = Window.FunctionOf(parts.Length == 3 ? parts[2] : null);
        window = new Window(center, width, function);
        return Window.IsPossible(width, function);
    }
}
