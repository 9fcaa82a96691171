using System.Buffers;
using System.Text.Json;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Web;

/// <summary>WADO-RS: the attributes of objects as DICOM JSON, large values by address (PS3.18 10.4.1.1.2).</summary>
internal static class Metadata
{
    public const string Json = "application/dicom+json";

    private const int FlushLength = 64 * 1024;

    /// <summary>True when the client takes JSON.</summary>
    public static bool IsAccepted(HttpRequest request) =>
        AcceptHeader.Of(request).Any(m => m.IsAnything || m.MediaType is Json or "application/json" or "application/*");

    public static async Task SendAsync(
        HttpContext context,
        IReadOnlyList<StoredInstance> instances,
        IImageArchive archive,
        CancellationToken ct
    )
    {
        if (!IsAccepted(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
            return;
        }
        context.Response.ContentType = Json;
        var buffer = new ArrayBufferWriter<byte>(FlushLength);
        await using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        foreach (var instance in instances)
        {
            Write(writer, instance, archive, DicomWebAddress.OfInstance(context.Request, instance));
            if (writer.BytesPending + buffer.WrittenCount > FlushLength)
            {
                await SendAsync(context, writer, buffer, ct);
            }
        }
        writer.WriteEndArray();
        await SendAsync(context, writer, buffer, ct);
    }

    /// <summary>Finds the value that stands behind an address of the metadata; null when there is none.</summary>
    public static DicomElement? FindBulk(DicomDataSet set, string name)
    {
        if (!name.StartsWith('@'))
        {
            return DicomTag.TryParse(name, out var tag) ? set.Find(tag) : null;
        }
        return Everything(set).FirstOrDefault(e => e.Location is { } place && $"@{place.Offset}" == name);
    }

    private static async Task SendAsync(
        HttpContext context,
        Utf8JsonWriter writer,
        ArrayBufferWriter<byte> buffer,
        CancellationToken ct
    )
    {
        await writer.FlushAsync(ct);
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, ct);
        buffer.ResetWrittenCount();
    }

    private static void Write(Utf8JsonWriter writer, StoredInstance instance, IImageArchive archive, string address)
    {
        var set = Read(instance, archive);
        set.Set(DicomTags.AvailableTransferSyntaxUID, instance.TransferSyntaxUid);
        if (instance.Rows is not null && !set.Contains(DicomTags.NumberOfFrames))
        {
            set.Set(DicomTags.NumberOfFrames, instance.NumberOfFrames);
        }
        // By its tag where it has one of its own; within sequences by its place, which no other value has.
        DicomJson.Write(
            writer,
            set,
            element =>
                ReferenceEquals(set.Find(element.Tag), element) ? $"{address}/bulkdata/{element.Tag.ToHex()}"
                : element.Location is { } place ? $"{address}/bulkdata/@{place.Offset}"
                : null
        );
    }

    // An object that is cut off within its pixels still has attributes.
    private static DicomDataSet Read(StoredInstance instance, IImageArchive archive)
    {
        try
        {
            using var file = archive.OpenPart10(instance);
            return DicomFile.Read(file).DataSet;
        }
        catch (DicomFormatException)
        {
            using var file = archive.OpenPart10(instance);
            return DicomFile.Read(file, new DicomReadOptions { StopBefore = DicomTags.PixelData }).DataSet;
        }
    }

    private static IEnumerable<DicomElement> Everything(DicomDataSet set) =>
        set.SelectMany(e => e.Items is null ? [e] : e.Items.SelectMany(Everything));
}
