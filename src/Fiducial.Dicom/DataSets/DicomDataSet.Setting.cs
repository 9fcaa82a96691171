using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Fiducial.Dicom.Characters;

namespace Fiducial.Dicom;

// Values from text and numbers.
public sealed partial class DicomDataSet
{
    /// <summary>
    /// Sets text or numbers by the VR of the dictionary. Text is encoded by Specific Character Set; where none is named and the
    /// text is not ASCII, the data set becomes UTF-8 (<c>ISO_IR 192</c>) and says so.
    /// </summary>
    /// <exception cref="ArgumentException">The character set lacks a character, or a number does not fit its VR.</exception>
    public DicomDataSet Set(DicomTag tag, params string[] values)
    {
        var vr = DicomDictionary.VROf(tag);
        if (DicomVRs.UnitOf(vr) > 1)
        {
            return SetBytes(tag, vr, BytesOf(tag, vr, values));
        }
        var text = string.Join('\\', values);
        if (!DicomVRs.IsCharacterSetText(vr))
        {
            return SetBytes(tag, vr, CharacterSet.Utf8.Encode(text, vr));
        }
        if (!Ascii.IsValid(text) && !NamesCharacterSet())
        {
            SetBytes(DicomTags.SpecificCharacterSet, DicomVR.CS, "ISO_IR 192"u8.ToArray());
        }
        return SetBytes(tag, vr, Characters().Encode(text, vr));
    }

    public DicomDataSet Set(DicomTag tag, int value) => Set(tag, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A decimal string (DS) gets as many digits as its 16 characters hold (PS3.5 6.2).</summary>
    public DicomDataSet Set(DicomTag tag, double value) =>
        DicomDictionary.VROf(tag) is DicomVR.DS
            ? Set(tag, DecimalString(value))
            : Set(tag, value.ToString("R", CultureInfo.InvariantCulture));

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

    /// <summary>Sets an element that holds tags (AT).</summary>
    public DicomDataSet SetTags(DicomTag tag, params DicomTag[] tags) =>
        SetBytes(tag, DicomVR.AT, BytesOf(tag, DicomVR.AT, [.. tags.Select(t => t.ToHex())]));

    /// <summary>
    /// Writes every text of this data set and of its items in another character set, and Specific Character Set with it. Items
    /// inherit it from then on.
    /// </summary>
    /// <param name="names">Such as <c>ISO_IR 192</c>, or <c>"", "ISO 2022 IR 87"</c>.</param>
    /// <exception cref="ArgumentException">The set is not known, or lacks a character of a text. Nothing was changed.</exception>
    public DicomDataSet Recode(params string[] names)
    {
        var value = Encoding.ASCII.GetBytes(string.Join('\\', names));
        var target = CharacterSet.Of(value);
        if (!target.IsKnown)
        {
            throw new ArgumentException(
                $"Specific Character Set '{string.Join('\\', names)}' is not known.",
                nameof(names)
            );
        }
        var changes = new List<(DicomDataSet Set, DicomElement Element)>();
        var sets = new Stack<DicomDataSet>([this]);
        while (sets.TryPop(out var set))
        {
            var characters = set.Characters();
            foreach (var element in set)
            {
                var vr = set.MeaningOf(element);
                if (element.Items is { } items)
                {
                    foreach (var item in items)
                    {
                        sets.Push(item);
                    }
                }
                else if (DicomVRs.IsCharacterSetText(vr) && element.IsElsewhere)
                {
                    throw new InvalidOperationException($"The text of {element.Tag} was left in its file.");
                }
                else if (
                    DicomVRs.IsCharacterSetText(vr) && !(characters.IsAscii(element.Value.Span) && target.StartsInAscii)
                )
                {
                    var text = target.Encode(characters.Decode(element.Value.Span, vr), vr);
                    changes.Add(
                        (
                            set,
                            new DicomElement
                            {
                                Tag = element.Tag,
                                VR = element.VR,
                                Value = text,
                            }
                        )
                    );
                }
            }
            if (set != this)
            {
                changes.Add((set, new DicomElement { Tag = DicomTags.SpecificCharacterSet, VR = DicomVR.CS }));
            }
        }
        foreach (var (set, element) in changes)
        {
            if (element.Tag == DicomTags.SpecificCharacterSet)
            {
                set.Remove(element.Tag);
            }
            else
            {
                set.Add(element);
            }
        }
        return SetBytes(DicomTags.SpecificCharacterSet, DicomVR.CS, value);
    }

    private bool NamesCharacterSet()
    {
        for (var set = this; set is not null; set = set.Parent)
        {
            if (set.Find(DicomTags.SpecificCharacterSet) is { Value.IsEmpty: false })
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Numbers, or tags, in the bytes of their VR.</summary>
    /// <exception cref="ArgumentException">A text is no number, or does not fit.</exception>
    internal static byte[] BytesOf(DicomTag tag, DicomVR vr, string[] values)
    {
        var unit = vr is DicomVR.AT ? 4 : DicomVRs.UnitOf(vr);
        var bytes = new byte[values.Length * unit];
        for (var i = 0; i < values.Length; i++)
        {
            if (!TryWriteNumber(bytes.AsSpan(i * unit, unit), vr, values[i]))
            {
                throw NoNumber(tag, vr, values[i]);
            }
        }
        return bytes;
    }

    private static bool TryWriteNumber(Span<byte> place, DicomVR vr, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        switch (vr)
        {
            case DicomVR.AT:
                var isTag = DicomTag.TryParse(text, out var tag);
                BinaryPrimitives.WriteUInt16LittleEndian(place, tag.Group);
                BinaryPrimitives.WriteUInt16LittleEndian(place[2..], tag.Element);
                return isTag;
            case DicomVR.FL or DicomVR.OF when float.TryParse(text, culture, out var number):
                BinaryPrimitives.WriteSingleLittleEndian(place, number);
                return true;
            case DicomVR.FD or DicomVR.OD when double.TryParse(text, culture, out var number):
                BinaryPrimitives.WriteDoubleLittleEndian(place, number);
                return true;
            case DicomVR.FL or DicomVR.OF or DicomVR.FD or DicomVR.OD:
                return false;
        }
        if (!Int128.TryParse(text, NumberStyles.Float, culture, out var whole) || !IsWithin(vr, whole))
        {
            return false;
        }
        // Two's complement: the low bytes are those of the shorter number.
        for (var i = 0; i < place.Length; i++)
        {
            place[i] = (byte)(whole >> (8 * i));
        }
        return true;
    }

    private static bool IsWithin(DicomVR vr, Int128 number) =>
        vr switch
        {
            DicomVR.US or DicomVR.OW => number >= ushort.MinValue && number <= ushort.MaxValue,
            DicomVR.SS => number >= short.MinValue && number <= short.MaxValue,
            DicomVR.UL or DicomVR.OL => number >= uint.MinValue && number <= uint.MaxValue,
            DicomVR.SL => number >= int.MinValue && number <= int.MaxValue,
            DicomVR.SV => number >= long.MinValue && number <= long.MaxValue,
            _ => number >= ulong.MinValue && number <= ulong.MaxValue,
        };

    private static ArgumentException NoNumber(DicomTag tag, DicomVR vr, string text) =>
        new($"'{text}' is no value of {tag}, which has the VR {vr}.");

    /// <summary>A number in the 16 characters of a decimal string, as exactly as they allow (PS3.5 6.2).</summary>
    internal static string DecimalString(double value)
    {
        const int Longest = 16;
        for (var digits = 17; digits > 0; digits--)
        {
            var text = value.ToString($"G{digits}", CultureInfo.InvariantCulture);
            if (text.Length <= Longest && (digits <= 15 || double.Parse(text, CultureInfo.InvariantCulture) == value))
            {
                return text;
            }
        }
        return value.ToString("E8", CultureInfo.InvariantCulture);
    }
}
