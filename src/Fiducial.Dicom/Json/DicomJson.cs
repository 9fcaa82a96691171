using System.Text.Json;

namespace Fiducial.Dicom;

/// <summary>The DICOM JSON model (PS3.18 annex F), in both directions.</summary>
/// <example>
/// <code>
/// var json = DicomJson.ToBytes(file.DataSet, element => $"/bulk/{element.Tag.ToHex()}");
/// var set = DicomJson.Read(json);
/// </code>
/// </example>
public static class DicomJson
{
    /// <summary>Writes the data set as one JSON object; sequences nest no deeper than the reader allowed.</summary>
    /// <param name="bulkDataUri">Gives the address of a value that was left in the file, or null to leave the element out.</param>
    public static void Write(Utf8JsonWriter writer, DicomDataSet dataSet, Func<DicomElement, string?> bulkDataUri) =>
        new JsonOutput(writer, bulkDataUri).Write(dataSet);

    /// <summary>The data set as one JSON object in UTF-8.</summary>
    /// <inheritdoc cref="Write"/>
    public static byte[] ToBytes(DicomDataSet dataSet, Func<DicomElement, string?>? bulkDataUri = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, dataSet, bulkDataUri ?? (_ => null));
        }
        return stream.ToArray();
    }

    /// <summary>
    /// Reads one JSON object. Its text is UTF-8, and Specific Character Set says so; values that it gives by address become
    /// elements with <see cref="DicomElement.BulkDataUri"/>.
    /// </summary>
    /// <exception cref="DicomFormatException">It is no DICOM JSON; the sentence names the element.</exception>
    public static DicomDataSet Read(ReadOnlyMemory<byte> utf8, int maxDepth = 64)
    {
        using var document = JsonInput.Parse(utf8, maxDepth);
        return JsonInput.Read(document.RootElement);
    }

    /// <summary>Reads an array of JSON objects, as the metadata of a series are; a single object is an array of one.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<DicomDataSet> ReadMany(ReadOnlyMemory<byte> utf8, int maxDepth = 64)
    {
        using var document = JsonInput.Parse(utf8, maxDepth);
        return document.RootElement.ValueKind is JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(JsonInput.Read)]
            : [JsonInput.Read(document.RootElement)];
    }
}
