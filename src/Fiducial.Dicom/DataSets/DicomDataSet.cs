using System.Buffers.Binary;
using System.Collections;
using System.Globalization;

namespace Fiducial.Dicom;

/// <summary>
/// A data set: elements in the order of their tags (PS3.5 7.1). Text is decoded by Specific Character Set (0008,0005), which
/// items inherit. Not safe for writing from several threads.
/// </summary>
public sealed class DicomDataSet : IEnumerable<DicomElement>
{
    private readonly SortedList<DicomTag, DicomElement> _elements = [];

    /// <summary>The data set around an item, whose character set it inherits.</summary>
    internal DicomDataSet? Parent { get; set; }

    public int Count => _elements.Count;

    public DicomElement? Find(DicomTag tag) => _elements.GetValueOrDefault(tag);

    public bool Contains(DicomTag tag) => _elements.ContainsKey(tag);

    public void Add(DicomElement element)
    {
        _elements[element.Tag] = element;
        foreach (var item in element.Items ?? [])
        {
            item.Parent = this;
        }
    }

    public bool Remove(DicomTag tag) => _elements.Remove(tag);

    /// <summary>The first value as trimmed text; null when the element is missing or empty. Numbers are written invariantly.</summary>
    public string? GetString(DicomTag tag) => GetStrings(tag) is [{ Length: > 0 } first, ..] ? first : null;

    /// <summary>All values as trimmed text.</summary>
    public IReadOnlyList<string> GetStrings(DicomTag tag)
    {
        if (Find(tag) is not { } element || element.Value.IsEmpty)
        {
            return [];
        }
        var vr = Meaning(element);
        if (DicomVRs.IsCharacterSetText(vr))
        {
            return CharacterSet.Of(CharacterSetNames()).Values(element.Value.Span, vr);
        }
        return DicomVRs.IsPlainText(vr) || vr is DicomVR.UN
            ? CharacterSet.Default.Values(element.Value.Span, vr)
            : [.. GetDoubles(tag).Select(d => d.ToString("R", CultureInfo.InvariantCulture))];
    }

    public int? GetInt(DicomTag tag) =>
        GetDoubles(tag) is [var first, ..] && first is >= int.MinValue and <= int.MaxValue ? (int)first : null;

    public double? GetDouble(DicomTag tag) => GetDoubles(tag) is [var first, ..] ? first : null;

    /// <summary>All values as numbers: binary numbers, and DS and IS text; what is no number is left out.</summary>
    public IReadOnlyList<double> GetDoubles(DicomTag tag)
    {
        if (Find(tag) is not { } element)
        {
            return [];
        }
        var bytes = element.Value.Span;
        var vr = Meaning(element);
        if (vr is DicomVR.DS or DicomVR.IS or DicomVR.UN)
        {
            var numbers = new List<double>();
            foreach (var text in CharacterSet.Default.Values(bytes, DicomVR.DS))
            {
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                {
                    numbers.Add(number);
                }
            }
            return numbers;
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

    public IReadOnlyList<DicomDataSet> GetItems(DicomTag tag) => Find(tag)?.Items ?? [];

    /// <summary>Sets text or numbers by the VR of the dictionary. Non-ASCII text needs Specific Character Set <c>ISO_IR 192</c> beside it.</summary>
    public DicomDataSet Set(DicomTag tag, params string[] values)
    {
        var vr = DicomDictionary.VROf(tag);
        var unit = DicomVRs.UnitOf(vr);
        if (unit > 1)
        {
            return SetNumbers(tag, vr, [.. values.Select(v => double.Parse(v, CultureInfo.InvariantCulture))]);
        }
        var bytes = CharacterSet.Utf8(string.Join('\\', values));
        return SetBytes(tag, vr, bytes);
    }

    public DicomDataSet Set(DicomTag tag, int value) => Set(tag, (double)value);

    public DicomDataSet Set(DicomTag tag, double value) =>
        DicomDictionary.VROf(tag) is var vr && DicomVRs.UnitOf(vr) > 1
            ? SetNumbers(tag, vr, [value])
            : Set(tag, value.ToString("G10", CultureInfo.InvariantCulture));

    public DicomDataSet SetBytes(DicomTag tag, DicomVR vr, ReadOnlyMemory<byte> value)
    {
        Add(
            new DicomElement
            {
                Tag = tag,
                VR = vr,
                Value = value,
            }
        );
        return this;
    }

    public DicomDataSet SetItems(DicomTag tag, params DicomDataSet[] items)
    {
        Add(
            new DicomElement
            {
                Tag = tag,
                VR = DicomVR.SQ,
                Items = items,
            }
        );
        return this;
    }

    public IEnumerator<DicomElement> GetEnumerator() => _elements.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Some converters write UN for every standard element: its meaning is still that of the dictionary.
    private static DicomVR Meaning(DicomElement element) =>
        element.VR is DicomVR.UN ? DicomDictionary.VROf(element.Tag) : element.VR;

    private IReadOnlyList<string> CharacterSetNames()
    {
        for (var set = this; set is not null; set = set.Parent)
        {
            if (set.Find(DicomTags.SpecificCharacterSet) is { } element)
            {
                return CharacterSet.Default.Values(element.Value.Span, DicomVR.CS);
            }
        }
        return [];
    }

    private DicomDataSet SetNumbers(DicomTag tag, DicomVR vr, double[] values)
    {
        var unit = DicomVRs.UnitOf(vr);
        var bytes = new byte[values.Length * unit];
        for (var i = 0; i < values.Length; i++)
        {
            var place = bytes.AsSpan(i * unit, unit);
            switch (vr)
            {
                case DicomVR.US or DicomVR.OW:
                    BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)values[i]);
                    break;
                case DicomVR.SS:
                    BinaryPrimitives.WriteInt16LittleEndian(place, (short)values[i]);
                    break;
                case DicomVR.UL or DicomVR.OL:
                    BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)values[i]);
                    break;
                case DicomVR.SL:
                    BinaryPrimitives.WriteInt32LittleEndian(place, (int)values[i]);
                    break;
                case DicomVR.FL or DicomVR.OF:
                    BinaryPrimitives.WriteSingleLittleEndian(place, (float)values[i]);
                    break;
                case DicomVR.FD or DicomVR.OD:
                    BinaryPrimitives.WriteDoubleLittleEndian(place, values[i]);
                    break;
                case DicomVR.AT:
                    throw new ArgumentException($"{tag} holds tags: use SetBytes.", nameof(tag));
                default:
                    BinaryPrimitives.WriteInt64LittleEndian(place, (long)values[i]);
                    break;
            }
        }
        return SetBytes(tag, vr, bytes);
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
