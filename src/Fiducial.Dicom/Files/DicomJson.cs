using System.Globalization;
using System.Text.Json;

namespace Fiducial.Dicom;

/// <summary>The DICOM JSON model (PS3.18 annex F).</summary>
public static class DicomJson
{
    /// <summary>Writes the data set as one JSON object; sequences nest no deeper than the reader allowed.</summary>
    /// <param name="bulkDataUri">Gives the address of a value that was left in the file, or null to leave the element out.</param>
    public static void Write(Utf8JsonWriter writer, DicomDataSet dataSet, Func<DicomElement, string?> bulkDataUri)
    {
        writer.WriteStartObject();
        foreach (var element in dataSet)
        {
            // PS3.18 F.2: group lengths are not part of the model.
            if (element.Tag.Element != 0)
            {
                WriteElement(writer, dataSet, element, bulkDataUri);
            }
        }
        writer.WriteEndObject();
    }

    private static void WriteElement(
        Utf8JsonWriter writer,
        DicomDataSet dataSet,
        DicomElement element,
        Func<DicomElement, string?> bulkDataUri
    )
    {
        var isLeftInFile = element.Location is not null || element.Fragments is not null;
        var uri = isLeftInFile || element.Tag == DicomTags.PixelData ? bulkDataUri(element) : null;
        if (isLeftInFile && uri is null)
        {
            return;
        }
        var vr = element.VR is DicomVR.UN ? DicomDictionary.VROf(element.Tag) : element.VR;
        vr = vr is DicomVR.SQ && element.Items is null ? DicomVR.UN : vr;
        writer.WriteStartObject(element.Tag.ToHex());
        writer.WriteString("vr", vr.ToString());
        if (uri is not null)
        {
            writer.WriteString("BulkDataURI", uri);
        }
        else if (element.Items is { } items)
        {
            if (items.Count > 0)
            {
                writer.WriteStartArray("Value");
                foreach (var item in items)
                {
                    Write(writer, item, bulkDataUri);
                }
                writer.WriteEndArray();
            }
        }
        else if (!element.Value.IsEmpty)
        {
            WriteValue(writer, dataSet, element, vr);
        }
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, DicomDataSet dataSet, DicomElement element, DicomVR vr)
    {
        if (vr is DicomVR.OB or DicomVR.OD or DicomVR.OF or DicomVR.OL or DicomVR.OV or DicomVR.OW or DicomVR.UN)
        {
            writer.WriteBase64String("InlineBinary", element.Value.Span);
            return;
        }
        writer.WriteStartArray("Value");
        if (vr is DicomVR.AT)
        {
            var bytes = element.Value.Span;
            for (var i = 0; i + 4 <= bytes.Length; i += 4)
            {
                var tag = new DicomTag(
                    (ushort)(bytes[i] | (bytes[i + 1] << 8)),
                    (ushort)(bytes[i + 2] | (bytes[i + 3] << 8))
                );
                writer.WriteStringValue(tag.ToHex());
            }
        }
        else if (vr is DicomVR.DS or DicomVR.IS)
        {
            WriteNumbersOfText(writer, dataSet.GetStrings(element.Tag), vr);
        }
        else if (DicomVRs.UnitOf(vr) > 1)
        {
            foreach (var number in dataSet.GetDoubles(element.Tag))
            {
                WriteNumber(writer, number);
            }
        }
        else
        {
            WriteTexts(writer, dataSet.GetStrings(element.Tag), vr);
        }
        writer.WriteEndArray();
    }

    private static void WriteNumbersOfText(Utf8JsonWriter writer, IReadOnlyList<string> texts, DicomVR vr)
    {
        foreach (var text in texts)
        {
            if (text.Length == 0)
            {
                writer.WriteNullValue();
            }
            else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                // PS3.18 F.2.3.1 allows a string where a number cannot hold what the device wrote.
                writer.WriteStringValue(text);
            }
            else if (vr is DicomVR.IS && number is >= long.MinValue and <= long.MaxValue)
            {
                writer.WriteNumberValue((long)number);
            }
            else
            {
                WriteNumber(writer, number);
            }
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, IReadOnlyList<string> texts, DicomVR vr)
    {
        foreach (var text in texts)
        {
            if (text.Length == 0)
            {
                writer.WriteNullValue();
            }
            else if (vr is DicomVR.PN)
            {
                var groups = text.Split('=');
                writer.WriteStartObject();
                foreach (var (name, i) in new[] { ("Alphabetic", 0), ("Ideographic", 1), ("Phonetic", 2) })
                {
                    if (groups.Length > i && groups[i].Length > 0)
                    {
                        writer.WriteString(name, groups[i]);
                    }
                }
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteStringValue(text);
            }
        }
    }
}
