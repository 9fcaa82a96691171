using System.Globalization;

namespace Fiducial.Dicom;

/// <summary>The name of a data element: group and element number (PS3.5 7.1).</summary>
public readonly record struct DicomTag(uint Value) : IComparable<DicomTag>
{
    public DicomTag(ushort group, ushort element)
        : this(((uint)group << 16) | element) { }

    public ushort Group => (ushort)(Value >> 16);
    public ushort Element => (ushort)Value;

    /// <summary>Odd groups are private (PS3.5 7.8).</summary>
    public bool IsPrivate => (Group & 1) == 1;

    /// <summary>gggg,0010-00FF of an odd group: who owns a block of private elements. Always LO (PS3.5 7.8.1).</summary>
    public bool IsPrivateCreator => IsPrivate && Element is >= 0x10 and <= 0xFF;

    public int CompareTo(DicomTag other) => Value.CompareTo(other.Value);

    /// <summary>Eight hexadecimal digits, as DICOM JSON writes it.</summary>
    public string ToHex() => Value.ToString("X8", CultureInfo.InvariantCulture);

    public override string ToString() => $"({Group:X4},{Element:X4})";

    /// <summary>Reads <c>00100020</c>, <c>(0010,0020)</c> or a keyword such as <c>PatientID</c>.</summary>
    public static bool TryParse(string text, out DicomTag tag)
    {
        var digits = text is ['(', _, _, _, _, ',', _, _, _, _, ')'] ? text[1..5] + text[6..10] : text;
        if (
            digits.Length == 8
            && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        )
        {
            tag = new DicomTag(value);
            return true;
        }
        var entry = DicomDictionary.Find(text);
        tag = entry?.Tag ?? default;
        return entry is not null;
    }

    public static bool operator <(DicomTag a, DicomTag b) => a.Value < b.Value;

    public static bool operator >(DicomTag a, DicomTag b) => a.Value > b.Value;

    public static bool operator <=(DicomTag a, DicomTag b) => a.Value <= b.Value;

    public static bool operator >=(DicomTag a, DicomTag b) => a.Value >= b.Value;
}
