using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using Fiducial.Dicom.Characters;

namespace Fiducial.Dicom;

// Values as text and numbers.
public sealed partial class DicomDataSet
{
    /// <summary>The first value as trimmed text; null when the element is missing or empty. Numbers are written invariantly.</summary>
    public string? GetString(DicomTag tag)
    {
        if (Find(tag) is not { } element || element.Value.IsEmpty)
        {
            return null;
        }
        var vr = MeaningOf(element);
        var first =
            DicomVRs.IsCharacterSetText(vr) ? Characters().First(element.Value.Span, vr)
            : DicomVRs.IsPlainText(vr) || vr is DicomVR.UN ? CharacterSet.Default.First(element.Value.Span, vr)
            : GetStrings(tag) is [var number, ..] ? number
            : "";
        return first.Length > 0 ? first : null;
    }

    /// <summary>All values as trimmed text. Tags (AT) are written as eight hexadecimal digits.</summary>
    public IReadOnlyList<string> GetStrings(DicomTag tag)
    {
        if (Find(tag) is not { } element || element.Value.IsEmpty)
        {
            return [];
        }
        var vr = MeaningOf(element);
        if (DicomVRs.IsCharacterSetText(vr))
        {
            return Characters().Values(element.Value.Span, vr);
        }
        if (DicomVRs.IsPlainText(vr) || vr is DicomVR.UN)
        {
            return CharacterSet.Default.Values(element.Value.Span, vr);
        }
        return vr switch
        {
            DicomVR.AT => [.. GetTags(tag).Select(t => t.ToHex())],
            DicomVR.SV => [.. GetWhole(element, BinaryPrimitives.ReadInt64LittleEndian)],
            DicomVR.UV => [.. GetWhole(element, BinaryPrimitives.ReadUInt64LittleEndian)],
            DicomVR.FL or DicomVR.OF =>
            [
                .. GetDoubles(tag).Select(d => ((float)d).ToString("R", CultureInfo.InvariantCulture)),
            ],
            _ => [.. GetDoubles(tag).Select(d => d.ToString("R", CultureInfo.InvariantCulture))],
        };
    }

    /// <summary>The first value as a whole number; null when there is none, or it does not fit.</summary>
    public int? GetInt(DicomTag tag) =>
        GetDouble(tag) is { } first and >= int.MinValue and <= int.MaxValue ? (int)first : null;

    /// <summary>The first value as a number; null when there is none.</summary>
    public double? GetDouble(DicomTag tag)
    {
        if (Find(tag) is not { } element)
        {
            return null;
        }
        var bytes = element.Value.Span;
        var vr = MeaningOf(element);
        var unit = DicomVRs.UnitOf(vr);
        if (unit > 1)
        {
            return bytes.Length >= unit ? Number(vr, bytes[..unit]) : null;
        }
        return IsNumberText(vr) && GetDoubles(tag) is [var first, ..] ? first : null;
    }

    /// <summary>All values as numbers: binary numbers, and DS and IS text; what is no number is left out.</summary>
    public IReadOnlyList<double> GetDoubles(DicomTag tag)
    {
        if (Find(tag) is not { } element)
        {
            return [];
        }
        var bytes = element.Value.Span;
        var vr = MeaningOf(element);
        if (IsNumberText(vr))
        {
            return NumbersOf(bytes);
        }
        var unit = DicomVRs.UnitOf(vr);
        if (unit == 1)
        {
            return [];
        }
        var values = new double[bytes.Length / unit];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Number(vr, bytes.Slice(i * unit, unit));
        }
        return values;
    }

    /// <summary>All values of an element that holds tags (AT).</summary>
    public IReadOnlyList<DicomTag> GetTags(DicomTag tag)
    {
        if (Find(tag) is not { } element || MeaningOf(element) is not DicomVR.AT)
        {
            return [];
        }
        var bytes = element.Value.Span;
        var tags = new DicomTag[bytes.Length / 4];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = new DicomTag(
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 4)..]),
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 4 + 2)..])
            );
        }
        return tags;
    }

    /// <summary>
    /// The items of a sequence; none when it is missing or empty. A sequence that was written as UN of defined length is decoded
    /// from implicit VR little endian (PS3.5 6.2.2, note 2) each time it is asked for.
    /// </summary>
    /// <exception cref="DicomFormatException">The bytes of the UN are no items.</exception>
    public IReadOnlyList<DicomDataSet> GetItems(DicomTag tag) =>
        Find(tag) is not { } element ? []
        : element.Items is { } items ? items
        : !element.Value.IsEmpty && MeaningOf(element) is DicomVR.SQ ? DataSetReader.ReadItems(element.Value, this)
        : [];

    /// <summary>
    /// The VR that the value has in truth. Some converters write UN for every standard element: its meaning is still that of the
    /// dictionary (PS3.5 6.2.2).
    /// </summary>
    internal DicomVR MeaningOf(DicomElement element) =>
        element.VR is not DicomVR.UN ? element.VR
        : element.Tag.IsPrivate && !element.Tag.IsPrivateCreator ? PrivateDictionary.VROf(element.Tag, this)
        : DicomDictionary.VROf(element.Tag);

    /// <summary>The character set of this data set, which an item inherits when it names none itself (PS3.3 C.12.1.1.2).</summary>
    internal CharacterSet Characters()
    {
        for (var set = this; set is not null; set = set.Parent)
        {
            // An item that has the element empty says nothing with it.
            if (set.Find(DicomTags.SpecificCharacterSet) is { Value.IsEmpty: false } element)
            {
                return CharacterSet.Of(element.Value.Span);
            }
        }
        return CharacterSet.Default;
    }

    private static bool IsNumberText(DicomVR vr) => vr is DicomVR.DS or DicomVR.IS or DicomVR.UN;

    private static List<double> NumbersOf(ReadOnlySpan<byte> text)
    {
        var numbers = new List<double>();
        foreach (var range in text.Split((byte)'\\'))
        {
            var one = text[range].Trim([(byte)' ', (byte)0]);
            one = one is [(byte)'+', ..] ? one[1..] : one;
            if (Utf8Parser.TryParse(one, out double number, out var used) && used == one.Length && one.Length > 0)
            {
                numbers.Add(number);
            }
        }
        return numbers;
    }

    private delegate T Read<out T>(ReadOnlySpan<byte> bytes);

    private static IEnumerable<string> GetWhole<T>(DicomElement element, Read<T> read)
        where T : IFormattable
    {
        for (var i = 0; i + 8 <= element.Value.Length; i += 8)
        {
            yield return read(element.Value.Span[i..]).ToString(null, CultureInfo.InvariantCulture);
        }
    }

    private static double Number(DicomVR vr, ReadOnlySpan<byte> b) =>
        vr switch
        {
            DicomVR.US or DicomVR.OW or DicomVR.AT => BinaryPrimitives.ReadUInt16LittleEndian(b),
            DicomVR.SS => BinaryPrimitives.ReadInt16LittleEndian(b),
            DicomVR.UL or DicomVR.OL => BinaryPrimitives.ReadUInt32LittleEndian(b),
            DicomVR.SL => BinaryPrimitives.ReadInt32LittleEndian(b),
            DicomVR.FL or DicomVR.OF => BinaryPrimitives.ReadSingleLittleEndian(b),
            DicomVR.FD or DicomVR.OD => BinaryPrimitives.ReadDoubleLittleEndian(b),
            DicomVR.SV => BinaryPrimitives.ReadInt64LittleEndian(b),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(b),
        };
}
