using System.Buffers;
using System.Text.Json;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Archive.Web;

/// <summary>WADO-RS: the attributes of objects as DICOM JSON, large values by address (PS3.18 10.4.1.1.2).</summary>
internal static class Metadata
{
    public const string Json = "application/dicom+json";

    private const int PageLength = 200;

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
        var store = context.RequestServices.GetRequiredService<MetadataStore>();
        var body = context.Response.BodyWriter;
        body.Write("["u8);
        for (var i = 0; i < instances.Count; i += PageLength)
        {
            var page = instances.Skip(i).Take(PageLength).ToList();
            var found = store.Read(page);
            var made = new List<(long, byte[])>();
            for (var n = 0; n < page.Count; n++)
            {
                if (found[n] is not { } json)
                {
                    made.Add((page[n].Position, json = Make(page[n], archive)));
                }
                if (i + n > 0)
                {
                    body.Write(","u8);
                }
                WriteWithAddress(body, json, DicomWebAddress.OfInstance(context.Request, page[n]));
            }
            await body.FlushAsync(ct);
            if (made.Count > 0)
            {
                store.Write(made);
            }
        }
        body.Write("]"u8);
        await body.FlushAsync(ct);
    }

    /// <summary>The attributes of an object; those of its head when it is cut off, and of the index when nothing of it can be read.</summary>
    public static DicomDataSet Of(StoredInstance instance, IImageArchive archive)
    {
        var set =
            Read(instance, archive, DicomReadOptions.Default)
            ?? Read(instance, archive, new DicomReadOptions { StopBefore = DicomTags.PixelData })
            ?? [];
        // What the object does not say itself is what it is known by here.
        foreach (
            var (tag, value) in new[]
            {
                (DicomTags.SOPClassUID, instance.SopClassUid),
                (DicomTags.SOPInstanceUID, instance.SopInstanceUid),
                (DicomTags.StudyInstanceUID, instance.StudyInstanceUid),
                (DicomTags.SeriesInstanceUID, instance.SeriesInstanceUid),
            }
        )
        {
            if (set.GetString(tag) is null)
            {
                set.Set(tag, value);
            }
        }
        set.Set(DicomTags.AvailableTransferSyntaxUID, instance.TransferSyntaxUid);
        if (instance.Rows is not null && !set.Contains(DicomTags.NumberOfFrames))
        {
            set.Set(DicomTags.NumberOfFrames, instance.NumberOfFrames);
        }
        return set;
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

    private static byte[] Make(StoredInstance instance, IImageArchive archive)
    {
        var set = Of(instance, archive);
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            // By its tag where it has one of its own; within sequences by its place, which no other value has.
            DicomJson.Write(
                writer,
                set,
                element =>
                    ReferenceEquals(set.Find(element.Tag), element)
                        ? $"{MetadataStore.AddressText}/bulkdata/{element.Tag.ToHex()}"
                    : element.Location is { } place ? $"{MetadataStore.AddressText}/bulkdata/@{place.Offset}"
                    : null
            );
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteWithAddress(IBufferWriter<byte> body, ReadOnlySpan<byte> json, string address)
    {
        var bytes = JsonEncodedText.Encode(address).EncodedUtf8Bytes;
        while (json.IndexOf(MetadataStore.Address) is var at and >= 0)
        {
            body.Write(json[..at]);
            body.Write(bytes);
            json = json[(at + MetadataStore.Address.Length)..];
        }
        body.Write(json);
    }

    private static DicomDataSet? Read(StoredInstance instance, IImageArchive archive, DicomReadOptions options)
    {
        try
        {
            using var file = archive.OpenPart10(instance);
            return DicomFile.Read(file, options).DataSet;
        }
        catch (DicomFormatException)
        {
            return null;
        }
    }

    private static IEnumerable<DicomElement> Everything(DicomDataSet set) =>
        set.SelectMany(e => e.Items is null ? [e] : e.Items.SelectMany(Everything));
}
