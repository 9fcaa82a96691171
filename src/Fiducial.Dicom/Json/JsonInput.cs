using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fiducial.Dicom;

/// <summary>Reads data sets from DICOM JSON (PS3.18 F.2).</summary>
internal static class JsonInput
{
    // A data set within a data set stands in an element, an array and an object.
    private const int LevelsOfSequence = 3;
    private static readonly byte[] Utf8Name = "ISO_IR 192"u8.ToArray();

    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, int maxDepth)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = (maxDepth + 1) * LevelsOfSequence + 1 };
            return JsonDocument.Parse(utf8, options);
        }
        catch (JsonException e)
        {
            throw new DicomFormatException(
                $"This is not JSON, or nested too deeply: {e.Message}",
                e.BytePositionInLine ?? 0
            );
        }
    }

    /// <exception cref="DicomFormatException">The value is no data set.</exception>
    public static DicomDataSet Read(JsonElement json)
    {
        try
        {
            var isAscii = true;
            var set = ReadSet(json, ref isAscii);
            if (!isAscii || set.Contains(DicomTags.SpecificCharacterSet))
            {
                set.SetBytes(DicomTags.SpecificCharacterSet, DicomVR.CS, Utf8Name);
            }
            return set;
        }
        catch (InvalidOperationException e)
        {
            // Text with an escape that is half of a character.
            throw Fault($"The JSON has text that is none: {e.Message}");
        }
    }

    // Nesting was bounded when the JSON was parsed.
    private static DicomDataSet ReadSet(JsonElement json, ref bool isAscii)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            throw Fault($"A data set is a JSON object, not {json.ValueKind}.");
        }
        var set = new DicomDataSet();
        var isInOrder = true;
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.Length != 8 || !DicomTag.TryParse(member.Name, out var tag))
            {
                throw Fault($"'{member.Name}' is no tag of eight hexadecimal digits.");
            }
            if (member.Value.ValueKind is not JsonValueKind.Object)
            {
                throw Fault($"{tag} is not a JSON object.");
            }
            isInOrder &= set.Append(ReadElement(tag, member.Value, ref isAscii));
        }
        if (!isInOrder && set.Order() is [var repeated, ..])
        {
            throw Fault($"{repeated} stands there more than once.");
        }
        return set;
    }

    private static DicomElement ReadElement(DicomTag tag, JsonElement json, ref bool isAscii)
    {
        var vr = VROf(tag, json);
        if (json.TryGetProperty("BulkDataURI", out var uri))
        {
            return new DicomElement
            {
                Tag = tag,
                VR = vr,
                BulkDataUri = uri.GetString() ?? throw Fault($"The address of {tag} is null."),
            };
        }
        if (json.TryGetProperty("InlineBinary", out var binary))
        {
            if (binary.ValueKind is not JsonValueKind.String || !binary.TryGetBytesFromBase64(out var bytes))
            {
                throw Fault($"The InlineBinary of {tag} is no base64.");
            }
            return Of(tag, vr, bytes);
        }
        var values = json.TryGetProperty("Value", out var array) ? array : default;
        if (values.ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined))
        {
            throw Fault($"The Value of {tag} is no array.");
        }
        if (vr is DicomVR.SQ)
        {
            var items = new List<DicomDataSet>();
            foreach (var item in Of(values))
            {
                // An empty item may be written as null (PS3.18 F.2.5).
                items.Add(item.ValueKind is JsonValueKind.Null ? new DicomDataSet() : ReadSet(item, ref isAscii));
                items[^1].Remove(DicomTags.SpecificCharacterSet);
            }
            return new DicomElement
            {
                Tag = tag,
                VR = vr,
                Items = items,
            };
        }
        if (vr is DicomVR.AT || DicomVRs.UnitOf(vr) > 1)
        {
            return Of(tag, vr, Numbers(tag, vr, Of(values)));
        }
        if (DicomVRs.IsOther(vr) && values.ValueKind is JsonValueKind.Array && values.GetArrayLength() > 0)
        {
            throw Fault($"{tag} ({vr}) has bytes, which stand in InlineBinary.");
        }
        var text = string.Join('\\', Of(values).Select(v => Text(tag, vr, v)));
        isAscii &= Ascii.IsValid(text);
        return Of(tag, vr, Encoding.UTF8.GetBytes(text));
    }

    private static DicomVR VROf(DicomTag tag, JsonElement json)
    {
        if (!json.TryGetProperty("vr", out var name))
        {
            return DicomDictionary.VROf(tag);
        }
        return
            name.ValueKind is JsonValueKind.String
            && name.GetString() is [var a, var b]
            && DicomVRs.IsKnown((ushort)((a << 8) | b))
            ? (DicomVR)((a << 8) | b)
            : throw Fault($"{tag} has the unknown VR {name.GetRawText()}.");
    }

    private static byte[] Numbers(DicomTag tag, DicomVR vr, IEnumerable<JsonElement> values)
    {
        var texts = values.Select(v => Text(tag, vr, v)).ToArray();
        try
        {
            return DicomDataSet.BytesOf(tag, vr, texts);
        }
        catch (ArgumentException e)
        {
            throw new DicomFormatException(e.Message, 0);
        }
    }

    private static string Text(DicomTag tag, DicomVR vr, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number when vr is DicomVR.DS => Decimal(value),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Object when vr is DicomVR.PN => Name(tag, value),
            _ => throw Fault($"A value of {tag} ({vr}) is {value.ValueKind}."),
        };

    // A decimal string has at most 16 characters (PS3.5 6.2).
    private static string Decimal(JsonElement value) =>
        value.GetRawText() is { Length: <= 16 } text ? text : DicomDataSet.DecimalString(value.GetDouble());

    private static string Name(DicomTag tag, JsonElement value)
    {
        var groups = new[] { "Alphabetic", "Ideographic", "Phonetic" }.Select(group =>
            !value.TryGetProperty(group, out var text) ? ""
            : text.ValueKind is JsonValueKind.String ? text.GetString()
            : throw Fault($"A part of the name {tag} is no text.")
        );
        return string.Join('=', groups).TrimEnd('=');
    }

    private static IEnumerable<JsonElement> Of(JsonElement array) =>
        array.ValueKind is JsonValueKind.Array ? array.EnumerateArray() : [];

    private static DicomElement Of(DicomTag tag, DicomVR vr, byte[] value) =>
        new()
        {
            Tag = tag,
            VR = vr,
            Value = value,
        };

    private static DicomFormatException Fault(FormattableString sentence) =>
        new(sentence.ToString(CultureInfo.InvariantCulture), 0);
}
