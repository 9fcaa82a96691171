using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Fiducial.Dicom;

/// <summary>Writes data sets as DICOM JSON (PS3.18 F.2), without losing a digit of what a device wrote.</summary>
internal sealed class JsonOutput(Utf8JsonWriter writer, Func<DicomElement, string?> bulkDataUri)
{
    /// <summary>The largest whole number that every reader of JSON keeps exactly.</summary>
    private const long LargestExact = 1L << 53;
    private static readonly string[] NameGroups = ["Alphabetic", "Ideographic", "Phonetic"];

    public void Write(DicomDataSet dataSet)
    {
        writer.WriteStartObject();
        foreach (var element in dataSet)
        {
            // PS3.18 F.2: group lengths are not part of the model.
            if (element.Tag.Element != 0)
            {
                WriteElement(dataSet, element);
            }
        }
        writer.WriteEndObject();
    }

    private void WriteElement(DicomDataSet dataSet, DicomElement element)
    {
        var isElsewhere = element.IsElsewhere || element.IsEncapsulated;
        var uri =
            isElsewhere || element.Tag == DicomTags.PixelData ? bulkDataUri(element) ?? element.BulkDataUri : null;
        if (isElsewhere && uri is null)
        {
            return;
        }
        var items = ItemsOf(dataSet, element);
        var vr = items is not null ? DicomVR.SQ : dataSet.MeaningOf(element);
        vr = vr is DicomVR.SQ && items is null ? DicomVR.UN : vr;
        writer.WriteStartObject(element.Tag.ToHex());
        writer.WriteString("vr", vr.ToString());
        if (uri is not null)
        {
            writer.WriteString("BulkDataURI", uri);
        }
        else if (items is not null)
        {
            WriteItems(items);
        }
        else if (!element.Value.IsEmpty)
        {
            WriteValue(dataSet, element, vr);
        }
        writer.WriteEndObject();
    }

    // A UN that claims to be a sequence and is none stays bytes.
    private static IReadOnlyList<DicomDataSet>? ItemsOf(DicomDataSet dataSet, DicomElement element)
    {
        if (element.Items is { } items)
        {
            return items;
        }
        try
        {
            return dataSet.GetItems(element.Tag) is { Count: > 0 } decoded ? decoded : null;
        }
        catch (DicomFormatException)
        {
            return null;
        }
    }

    private void WriteItems(IReadOnlyList<DicomDataSet> items)
    {
        if (items.Count == 0)
        {
            return;
        }
        writer.WriteStartArray("Value");
        foreach (var item in items)
        {
            Write(item);
        }
        writer.WriteEndArray();
    }

    private void WriteValue(DicomDataSet dataSet, DicomElement element, DicomVR vr)
    {
        if (DicomVRs.IsOther(vr))
        {
            writer.WriteBase64String("InlineBinary", element.Value.Span);
            return;
        }
        writer.WriteStartArray("Value");
        if (element.Tag == DicomTags.SpecificCharacterSet)
        {
            // The text of this JSON is UTF-8, whatever it was in the file.
            writer.WriteStringValue("ISO_IR 192");
        }
        else if (vr is DicomVR.DS or DicomVR.IS)
        {
            foreach (var text in dataSet.GetStrings(element.Tag))
            {
                WriteNumber(text, vr);
            }
        }
        else if (DicomVRs.UnitOf(vr) > 1 && vr is not DicomVR.AT)
        {
            WriteNumbers(element.Value.Span, vr);
        }
        else
        {
            foreach (var text in dataSet.GetStrings(element.Tag))
            {
                WriteText(text, vr);
            }
        }
        writer.WriteEndArray();
    }

    // PS3.18 F.2.3.1 allows a string where a number cannot hold what the device wrote, and for IS a fraction is such a case.
    private void WriteNumber(string text, DicomVR vr)
    {
        if (text.Length == 0)
        {
            writer.WriteNullValue();
        }
        else if (vr is DicomVR.IS)
        {
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            {
                writer.WriteNumberValue(whole);
            }
            else
            {
                writer.WriteStringValue(text);
            }
        }
        else if (JsonNumber.IsOne(text))
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else if (
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
        )
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private void WriteNumbers(ReadOnlySpan<byte> bytes, DicomVR vr)
    {
        var unit = DicomVRs.UnitOf(vr);
        for (; bytes.Length >= unit; bytes = bytes[unit..])
        {
            switch (vr)
            {
                case DicomVR.US:
                    writer.WriteNumberValue(BinaryPrimitives.ReadUInt16LittleEndian(bytes));
                    break;
                case DicomVR.SS:
                    writer.WriteNumberValue(BinaryPrimitives.ReadInt16LittleEndian(bytes));
                    break;
                case DicomVR.UL:
                    writer.WriteNumberValue(BinaryPrimitives.ReadUInt32LittleEndian(bytes));
                    break;
                case DicomVR.SL:
                    writer.WriteNumberValue(BinaryPrimitives.ReadInt32LittleEndian(bytes));
                    break;
                case DicomVR.FL when BinaryPrimitives.ReadSingleLittleEndian(bytes) is var number:
                    WriteFinite(float.IsFinite(number), number);
                    break;
                case DicomVR.FD when BinaryPrimitives.ReadDoubleLittleEndian(bytes) is var number:
                    WriteFinite(double.IsFinite(number), number);
                    break;
                case DicomVR.SV:
                    WriteLarge(BinaryPrimitives.ReadInt64LittleEndian(bytes));
                    break;
                default:
                    WriteLarge(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                    break;
            }
        }
    }

    private void WriteFinite<T>(bool isFinite, T number)
        where T : IFormattable
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (isFinite)
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private void WriteLarge(Int128 number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        if (Int128.Abs(number) <= LargestExact)
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private void WriteText(string text, DicomVR vr)
    {
        if (text.Length == 0)
        {
            writer.WriteNullValue();
        }
        else if (vr is DicomVR.PN)
        {
            var groups = text.Split('=');
            writer.WriteStartObject();
            for (var i = 0; i < Math.Min(groups.Length, NameGroups.Length); i++)
            {
                if (groups[i].Length > 0)
                {
                    writer.WriteString(NameGroups[i], groups[i]);
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
