using System.Text;

namespace Fiducial.Dicom;

/// <summary>
/// Decodes text by Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1 and annexes H–K): single and multi-byte sets with ISO 2022
/// escapes, UTF-8, GB18030 and GBK. Bytes that a set does not know become U+FFFD: text is never refused.
/// </summary>
internal sealed class CharacterSet
{
    private const byte Escape = 0x1B;
    private static readonly UTF8Encoding Utf8Encoding = new(encoderShouldEmitUTF8Identifier: false);

    // Escape sequence (after ESC) → code page and whether a character has two bytes in G0 (PS3.3 table C.12-3, C.12-4).
    private static readonly (string Escape, int CodePage, bool TwoBytesInG0)[] Escapes =
    [
        ("(B", 20127, false),
        ("-A", 28591, false),
        ("-B", 28592, false),
        ("-C", 28593, false),
        ("-D", 28594, false),
        ("-L", 28595, false),
        ("-G", 28596, false),
        ("-F", 28597, false),
        ("-H", 28598, false),
        ("-M", 28599, false),
        ("-T", 874, false),
        ("-b", 28605, false),
        (")I", 932, false),
        ("(J", 932, false),
        ("$B", 20932, true),
        ("$(D", 20932, true),
        ("$)C", 949, false),
        ("$)A", 936, false),
    ];

    static CharacterSet() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private readonly Encoding _first;
    private readonly bool _hasEscapes;
    private readonly bool _backslashMayBeSecondByte;

    private CharacterSet(IReadOnlyList<string> names)
    {
        var first = names.Count > 0 ? Plain(names[0]) : "";
        _first = EncodingOf(first);
        _hasEscapes =
            names.Count > 1 || (names.Count == 1 && names[0].StartsWith("ISO 2022", StringComparison.Ordinal));
        _backslashMayBeSecondByte = first is "GB18030" or "GBK" or "13";
    }

    public static CharacterSet Default { get; } = new([]);

    public static CharacterSet Of(IReadOnlyList<string> names) => names.Count == 0 ? Default : new CharacterSet(names);

    public static byte[] Utf8(string text) => Utf8Encoding.GetBytes(text);

    /// <summary>The values, split at backslashes that are characters of their own, trimmed as the VR says.</summary>
    public IReadOnlyList<string> Values(ReadOnlySpan<byte> bytes, DicomVR vr)
    {
        var text = _hasEscapes && bytes.Contains(Escape) ? Escaped(bytes, vr) : _first.GetString(bytes);
        if (DicomVRs.IsSingleText(vr))
        {
            return [text.TrimEnd(' ', '\0')];
        }
        var values = text.Split('\\');
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = values[i].Trim(' ', '\0');
        }
        return values;
    }

    // Each run between escapes, and each piece between delimiters (where G0 and G1 return to the first set), is decoded by itself.
    private string Escaped(ReadOnlySpan<byte> bytes, DicomVR vr)
    {
        var text = new StringBuilder();
        var (encoding, twoBytes) = (_first, false);
        var start = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == Escape)
            {
                Append(text, bytes[start..i], encoding, twoBytes);
                (encoding, twoBytes, var length) = After(bytes[(i + 1)..], encoding, twoBytes);
                start = i + 1 + length;
                i = start - 1;
            }
            else if (!twoBytes && IsDelimiter(bytes[i], vr))
            {
                Append(text, bytes[start..(i + 1)], encoding, twoBytes);
                encoding = _first;
                start = i + 1;
            }
        }
        Append(text, bytes[start..], encoding, twoBytes);
        return text.ToString();
    }

    private bool IsDelimiter(byte b, DicomVR vr) =>
        b is (byte)'\r' or (byte)'\n' or (byte)'\f' or (byte)'\t'
        || (b == '\\' && !DicomVRs.IsSingleText(vr) && !_backslashMayBeSecondByte)
        || (vr is DicomVR.PN && b is (byte)'^' or (byte)'=');

    private static void Append(StringBuilder text, ReadOnlySpan<byte> run, Encoding encoding, bool twoBytes)
    {
        if (!twoBytes)
        {
            text.Append(encoding.GetString(run));
            return;
        }
        // JIS X 0208/0212 in G0: EUC-JP has the same characters in G1.
        var high = new byte[run.Length];
        for (var i = 0; i < run.Length; i++)
        {
            high[i] = run[i] is > 0x20 and < 0x7F ? (byte)(run[i] | 0x80) : run[i];
        }
        text.Append(encoding.GetString(high));
    }

    private static (Encoding Encoding, bool TwoBytes, int Length) After(
        ReadOnlySpan<byte> rest,
        Encoding current,
        bool twoBytes
    )
    {
        foreach (var (escape, page, two) in Escapes)
        {
            if (rest.Length >= escape.Length && Encoding.ASCII.GetString(rest[..escape.Length]) == escape)
            {
                return (Encoding.GetEncoding(page), two, escape.Length);
            }
        }
        return (current, twoBytes, 0);
    }

    // "ISO_IR 100", "ISO 2022 IR 100" and the wrong spellings that occur are one: the number, or the name.
    private static string Plain(string name)
    {
        var words = name.Replace('_', ' ').Replace('-', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "" : words[^1].ToUpperInvariant();
    }

    private static Encoding EncodingOf(string name) =>
        name switch
        {
            "100" => Encoding.GetEncoding(28591),
            "101" => Encoding.GetEncoding(28592),
            "109" => Encoding.GetEncoding(28593),
            "110" => Encoding.GetEncoding(28594),
            "144" => Encoding.GetEncoding(28595),
            "127" => Encoding.GetEncoding(28596),
            "126" => Encoding.GetEncoding(28597),
            "138" => Encoding.GetEncoding(28598),
            "148" => Encoding.GetEncoding(28599),
            "166" => Encoding.GetEncoding(874),
            "203" => Encoding.GetEncoding(28605),
            "13" => Encoding.GetEncoding(932),
            "87" or "159" => Encoding.GetEncoding(20932),
            "149" => Encoding.GetEncoding(949),
            "58" or "GBK" => Encoding.GetEncoding(936),
            "GB18030" => Encoding.GetEncoding(54936),
            "192" => Utf8Encoding,
            // The default repertoire is ASCII; Latin-1 loses nothing of what devices write into it against the rules.
            _ => Encoding.Latin1,
        };
}
