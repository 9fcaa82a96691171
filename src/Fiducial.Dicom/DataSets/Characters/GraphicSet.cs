using System.Collections.Frozen;
using System.Text;

namespace Fiducial.Dicom.Characters;

/// <summary>
/// A set of graphic characters of ISO 2022 with one or two bytes a character (PS3.3 tables C.12-2 to C.12-4). A code is the byte,
/// or both bytes, with the high bits cleared.
/// </summary>
internal sealed class GraphicSet
{
    private const int First = 0x20;
    private const int Width = 96;
    private const char Undefined = '\uFFFD';

    private readonly Lazy<char[]> _characters;
    private readonly Lazy<FrozenDictionary<char, ushort>> _codes;

    private GraphicSet(string escape, bool isG1, bool isDoubleByte, Func<byte, byte, string> decode)
    {
        (Escape, IsG1, IsDoubleByte) = (Encoding.ASCII.GetBytes(escape), isG1, isDoubleByte);
        _characters = new(() => Characters(decode));
        _codes = new(Codes);
    }

    /// <summary>ISO 646: the default repertoire.</summary>
    public static GraphicSet Ascii { get; } = Single("(B", false, (b, _) => ((char)b).ToString());

    /// <summary>JIS X 0201 Romaji: yen and overline stand where ASCII has backslash and tilde.</summary>
    public static GraphicSet Romaji { get; } =
        Single(
            "(J",
            false,
            (b, _) =>
                b switch
                {
                    0x5C => "¥",
                    0x7E => "‾",
                    _ => ((char)b).ToString(),
                }
        );

    /// <summary>JIS X 0201 Katakana.</summary>
    public static GraphicSet Katakana { get; } =
        Single(")I", true, (b, _) => b is >= 0x21 and <= 0x5F ? ((char)(0xFF40 + b)).ToString() : "");

    /// <summary>The same in G0: not among the terms of DICOM, but written by Japanese systems.</summary>
    public static GraphicSet KatakanaInG0 { get; } =
        Single("(I", false, (b, _) => b is >= 0x21 and <= 0x5F ? ((char)(0xFF40 + b)).ToString() : "");
    public static GraphicSet Latin1 { get; } = Page("-A", 28591);
    public static GraphicSet Latin2 { get; } = Page("-B", 28592);
    public static GraphicSet Latin3 { get; } = Page("-C", 28593);
    public static GraphicSet Latin4 { get; } = Page("-D", 28594);
    public static GraphicSet Cyrillic { get; } = Page("-L", 28595);
    public static GraphicSet Arabic { get; } = Page("-G", 28596);
    public static GraphicSet Greek { get; } = Page("-F", 28597);
    public static GraphicSet Hebrew { get; } = Page("-H", 28598);
    public static GraphicSet Latin5 { get; } = Page("-M", 28599);
    public static GraphicSet Latin9 { get; } = Page("-b", 28605);
    public static GraphicSet Thai { get; } = Page("-T", 874);

    // Code page 20932 is EUC-JP in which JIS X 0212 has a second byte without its high bit.
    public static GraphicSet Kanji { get; } = Double("$B", false, 20932, 0x80, 0x80);
    public static GraphicSet SupplementaryKanji { get; } = Double("$(D", false, 20932, 0x80, 0);
    public static GraphicSet Hangul { get; } = Double("$)C", true, 949, 0x80, 0x80);
    public static GraphicSet Hanzi { get; } = Double("$)A", true, 936, 0x80, 0x80);

    /// <summary>Every set that an escape sequence can designate.</summary>
    public static IReadOnlyList<GraphicSet> All { get; } =
    [
        Ascii,
        Romaji,
        Katakana,
        KatakanaInG0,
        Latin1,
        Latin2,
        Latin3,
        Latin4,
        Cyrillic,
        Arabic,
        Greek,
        Hebrew,
        Latin5,
        Latin9,
        Thai,
        Kanji,
        SupplementaryKanji,
        Hangul,
        Hanzi,
    ];

    /// <summary>What follows ESC to designate the set.</summary>
    public byte[] Escape { get; }

    /// <summary>Used by bytes with the high bit (G1), not by those without (G0).</summary>
    public bool IsG1 { get; }
    public bool IsDoubleByte { get; }

    /// <summary>The character, or U+FFFD.</summary>
    public char Character(int code) =>
        IsDoubleByte
            ? _characters.Value[((code >> 8) - First) * Width + (code & 0xFF) - First]
            : _characters.Value[code - First];

    /// <summary>The code of a character; false when the set lacks it.</summary>
    public bool TryCode(char character, out ushort code) => _codes.Value.TryGetValue(character, out code);

    private static GraphicSet Single(string escape, bool isG1, Func<byte, byte, string> decode) =>
        new(escape, isG1, false, decode);

    private static GraphicSet Page(string escape, int page)
    {
        var encoding = CodePage.Of(page);
        return new(escape, true, false, (b, _) => encoding.GetString([(byte)(b | 0x80)]));
    }

    private static GraphicSet Double(string escape, bool isG1, int page, int high, int low)
    {
        var encoding = CodePage.Of(page);
        return new(escape, isG1, true, (a, b) => encoding.GetString([(byte)(a | high), (byte)(b | low)]));
    }

    private char[] Characters(Func<byte, byte, string> decode)
    {
        var table = new char[IsDoubleByte ? Width * Width : Width];
        Array.Fill(table, Undefined);
        for (var i = 0; i < table.Length; i++)
        {
            var (a, b) = IsDoubleByte ? (First + i / Width, First + i % Width) : (First + i, 0);
            // Two-byte sets have 94 rows and columns: 20 and 7F belong to none.
            if (IsDoubleByte && (a is 0x20 or 0x7F || b is 0x20 or 0x7F))
            {
                continue;
            }
            // Code pages put what they do not know into the private use area, or make a question mark of it.
            if (decode((byte)a, (byte)b) is [var c] && c is not (>= '\uE000' and <= '\uF8FF') && (c != '?' || a == '?'))
            {
                table[i] = c;
            }
        }
        return table;
    }

    private FrozenDictionary<char, ushort> Codes()
    {
        var codes = new Dictionary<char, ushort>();
        var table = _characters.Value;
        for (var i = 0; i < table.Length; i++)
        {
            if (table[i] != Undefined)
            {
                var code = IsDoubleByte ? ((First + i / Width) << 8) | (First + i % Width) : First + i;
                codes.TryAdd(table[i], (ushort)code);
            }
        }
        return codes.ToFrozenDictionary();
    }
}
