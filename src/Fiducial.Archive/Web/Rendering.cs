using System.Globalization;
using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Web;

/// <summary>WADO-RS: a frame as a picture (PS3.18 10.4.1.1.3), JPEG or PNG, with <c>viewport</c> and <c>window</c>.</summary>
internal static class Rendering
{
    public static async Task SendAsync(HttpContext context, StoredImage image, int frame, CancellationToken ct)
    {
        var type = AcceptHeader
            .Of(context.Request)
            .Select(m =>
                m.MediaType switch
                {
                    "image/jpeg" or "image/*" or "*/*" => "image/jpeg",
                    "image/png" => "image/png",
                    _ => null,
                }
            )
            .FirstOrDefault(t => t is not null);
        if (type is null || image.Image is not { } shape)
        {
            context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
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
            var picture = FrameRenderer.Draw(image, frame, width, height, window);
            var bytes = type is "image/png" ? picture.ToPng() : picture.ToJpeg();
            context.Response.ContentType = type;
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, ct);
        }
        catch (Exception e) when (e is CodecException or DicomFormatException)
        {
            // It is stored, and served as it is; a picture of it there is none.
            context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
        }
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
