using System.Text;

namespace Fiducial.Dicom.Characters;

/// <summary>
/// Text in one or more sets with ISO 2022 code extensions (PS3.5 6.1.2.5): bytes without the high bit are of the set in G0, bytes
/// with it of the set in G1; an escape sequence changes one of both; at every delimiter and control character both are again what
/// the first value of Specific Character Set says.
/// </summary>
internal sealed class Iso2022
{
    private const byte Escape = 0x1B;
    private const char Undefined = '\uFFFD';

    private readonly GraphicSet _g0;
    private readonly GraphicSet? _g1;
    private readonly GraphicSet? _undesignatedG1;
    private readonly GraphicSet[] _declared;
    private readonly bool _canExtend;

    public Iso2022(IReadOnlyList<DefinedTerm> terms)
    {
        var first = terms.Count > 0 ? terms[0] : DefinedTerm.Default;
        // Two-byte sets are always designated by an escape: a first value that names one means the default repertoire.
        _g0 = first.G0 is { IsDoubleByte: false } g0 ? g0 : GraphicSet.Ascii;
        _g1 = first.G1 is { IsDoubleByte: false } g1 ? g1 : null;
        _declared = [.. terms.SelectMany(t => new[] { t.G0, t.G1 }).OfType<GraphicSet>().Prepend(_g0).Distinct()];
        // Bytes with the high bit where nothing was designated: written against the rules, in the set that was meant. Latin 1
        // where none was declared, as devices write it under the default repertoire.
        _undesignatedG1 = _declared.FirstOrDefault(s => s.IsG1);
        _canExtend = terms.Count > 1 || _declared.Any(s => s.IsDoubleByte);
    }

    /// <summary>True when bytes without high bits and escapes are ASCII.</summary>
    public bool StartsInAscii => _g0 == GraphicSet.Ascii;

    public string Decode(ReadOnlySpan<byte> bytes, DicomVR vr)
    {
        var text = new StringBuilder(bytes.Length);
        var (g0, g1) = (_g0, _g1);
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = bytes[i];
            if (b == Escape)
            {
                i += Designate(bytes[(i + 1)..], ref g0, ref g1, text);
            }
            else if (b < 0x20)
            {
                (g0, g1) = (_g0, _g1);
                text.Append((char)b);
            }
            else if (b < 0x80)
            {
                if (g0.IsDoubleByte && b is > 0x20 and < 0x7F)
                {
                    i += AppendPair(text, g0, bytes[i..], 0);
                    continue;
                }
                if (IsDelimiter(b, vr))
                {
                    (g0, g1) = (_g0, _g1);
                    text.Append((char)b);
                    continue;
                }
                text.Append(g0.IsDoubleByte || b == 0x7F ? (char)b : g0.Character(b));
            }
            else
            {
                i += AppendHigh(text, g1 ?? _undesignatedG1, bytes[i..]);
            }
        }
        return text.ToString();
    }

    /// <exception cref="ArgumentException">No declared set has a character of the text.</exception>
    public byte[] Encode(string text, DicomVR vr)
    {
        var bytes = new List<byte>(text.Length);
        var (g0, g1) = (_g0, _g1);
        foreach (var c in text)
        {
            if (c < 0x20 || (c < 0x80 && IsDelimiter((byte)c, vr)))
            {
                Return(bytes, ref g0, ref g1);
                bytes.Add((byte)c);
                continue;
            }
            if (c == ' ' && !g0.IsDoubleByte)
            {
                bytes.Add((byte)' ');
                continue;
            }
            if (!TryAdd(bytes, g0, c) && !(g1 is not null && TryAdd(bytes, g1, c)))
            {
                var set = _canExtend ? Array.Find(_declared, s => s.TryCode(c, out _)) : null;
                if (set is null)
                {
                    throw Lacks(c);
                }
                bytes.Add(Escape);
                bytes.AddRange(set.Escape);
                (g0, g1) = set.IsG1 ? (g0, set) : (set, g1);
                TryAdd(bytes, set, c);
            }
        }
        Return(bytes, ref g0, ref g1);
        return [.. bytes];
    }

    public static ArgumentException Lacks(char c) =>
        new(
            $"The character U+{(int)c:X4} is in no set that Specific Character Set (0008,0005) names. "
                + "Use DicomDataSet.Recode(\"ISO_IR 192\") first, or another set."
        );

    // PS3.5 6.1.2.5.3: before a delimiter and at the end the sets of the first value are active. A G1 that the first value does not
    // fill needs no escape: no set could be designated to say so, and readers forget it by themselves.
    private void Return(List<byte> bytes, ref GraphicSet g0, ref GraphicSet? g1)
    {
        if (g0 != _g0)
        {
            bytes.Add(Escape);
            bytes.AddRange(_g0.Escape);
        }
        if (g1 != _g1 && _g1 is not null)
        {
            bytes.Add(Escape);
            bytes.AddRange(_g1.Escape);
        }
        (g0, g1) = (_g0, _g1);
    }

    private static bool TryAdd(List<byte> bytes, GraphicSet set, char c)
    {
        if (!set.TryCode(c, out var code))
        {
            return false;
        }
        var high = set.IsG1 ? 0x80 : 0;
        if (set.IsDoubleByte)
        {
            bytes.Add((byte)((code >> 8) | high));
        }
        bytes.Add((byte)((code & 0xFF) | high));
        return true;
    }

    // The number of bytes of the escape sequence after ESC. One that is not known is shown and changes nothing.
    private static int Designate(ReadOnlySpan<byte> rest, ref GraphicSet g0, ref GraphicSet? g1, StringBuilder text)
    {
        foreach (var set in GraphicSet.All)
        {
            if (rest.StartsWith(set.Escape))
            {
                (g0, g1) = set.IsG1 ? (g0, set) : (set, g1);
                return set.Escape.Length;
            }
        }
        // JIS C 6226-1978 is the older edition of JIS X 0208.
        if (rest.StartsWith("$@"u8))
        {
            g0 = GraphicSet.Kanji;
            return 2;
        }
        text.Append(Undefined);
        return 0;
    }

    // How many bytes more than one were used.
    private static int AppendPair(StringBuilder text, GraphicSet set, ReadOnlySpan<byte> bytes, int high)
    {
        if (bytes.Length < 2 || (bytes[1] & 0x80) != high || (bytes[1] & 0x7F) is <= 0x20 or 0x7F)
        {
            text.Append(Undefined);
            return 0;
        }
        text.Append(set.Character(((bytes[0] & 0x7F) << 8) | (bytes[1] & 0x7F)));
        return 1;
    }

    private static int AppendHigh(StringBuilder text, GraphicSet? set, ReadOnlySpan<byte> bytes)
    {
        var b = bytes[0];
        if (set == GraphicSet.Katakana && b is not (>= 0xA1 and <= 0xDF))
        {
            return AppendShiftJis(text, bytes);
        }
        if (set is null || b < 0xA0)
        {
            // C1 controls, and Latin 1 under the default repertoire.
            text.Append((char)b);
            return 0;
        }
        if (set.IsDoubleByte)
        {
            return b is > 0xA0 and < 0xFF ? AppendPair(text, set, bytes, 0x80) : AppendUndefined(text);
        }
        text.Append(set.Character(b & 0x7F));
        return 0;
    }

    // Shift JIS under the name of ISO_IR 13 is common: its first bytes are none of Katakana's.
    private static int AppendShiftJis(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 2 && bytes[0] is (>= 0x81 and <= 0x9F) or (>= 0xE0 and <= 0xFC))
        {
            var pair = CodePage.Of(932).GetString(bytes[..2]);
            if (pair is [var c] && c != Undefined)
            {
                text.Append(c);
                return 1;
            }
        }
        return AppendUndefined(text);
    }

    private static int AppendUndefined(StringBuilder text)
    {
        text.Append(Undefined);
        return 0;
    }

    // Caret and equals sign part names (PS3.5 6.2), backslashes part values unless there is only one.
    private static bool IsDelimiter(byte b, DicomVR vr) =>
        b switch
        {
            (byte)'\\' => !DicomVRs.IsSingleText(vr),
            (byte)'^' or (byte)'=' => vr is DicomVR.PN,
            _ => false,
        };
}
