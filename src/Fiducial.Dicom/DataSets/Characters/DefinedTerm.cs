using System.Collections.Frozen;
using System.Text;

namespace Fiducial.Dicom.Characters;

/// <summary>
/// A value of Specific Character Set (PS3.3 C.12.1.1.2): the sets that it puts into G0 and G1, or an encoding that stands alone
/// and knows no escapes.
/// </summary>
internal sealed record DefinedTerm(GraphicSet? G0, GraphicSet? G1, Encoding? Alone = null)
{
    /// <summary>The default repertoire (ISO_IR 6).</summary>
    public static DefinedTerm Default { get; } = new(GraphicSet.Ascii, null);

    private static readonly FrozenDictionary<string, DefinedTerm> Terms = new Dictionary<string, DefinedTerm>(
        StringComparer.Ordinal
    )
    {
        [""] = Default,
        ["6"] = Default,
        ["100"] = Latin(GraphicSet.Latin1),
        ["101"] = Latin(GraphicSet.Latin2),
        ["109"] = Latin(GraphicSet.Latin3),
        ["110"] = Latin(GraphicSet.Latin4),
        ["144"] = Latin(GraphicSet.Cyrillic),
        ["127"] = Latin(GraphicSet.Arabic),
        ["126"] = Latin(GraphicSet.Greek),
        ["138"] = Latin(GraphicSet.Hebrew),
        ["148"] = Latin(GraphicSet.Latin5),
        ["203"] = Latin(GraphicSet.Latin9),
        ["166"] = Latin(GraphicSet.Thai),
        ["13"] = new(GraphicSet.Romaji, GraphicSet.Katakana),
        ["87"] = new(GraphicSet.Kanji, null),
        ["159"] = new(GraphicSet.SupplementaryKanji, null),
        ["149"] = new(null, GraphicSet.Hangul),
        ["58"] = new(null, GraphicSet.Hanzi),
        ["192"] = new(null, null, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false)),
        ["GB18030"] = new(null, null, CodePage.Of(54936)),
        ["GBK"] = new(null, null, CodePage.Of(936)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The term, or null when it is none. "ISO_IR 100", "ISO 2022 IR 100" and the wrong spellings that devices write ("ISO-IR
    /// 100", "ISO 2022-IR 100", "iso_ir_100", "UTF-8") are one.
    /// </summary>
    public static DefinedTerm? Of(string value)
    {
        var words = value.ToUpperInvariant().Split([' ', '_', '-'], StringSplitOptions.RemoveEmptyEntries);
        var name = words switch
        {
            [] => "",
            ["UTF", "8"] or ["UTF8"] => "192",
            ["GB2312"] => "58",
            ["ASCII"] => "6",
            ["LATIN1"] or ["ISO", "8859", "1"] => "100",
            [.., var last] => last.StartsWith("IR", StringComparison.Ordinal) ? last[2..] : last,
        };
        return Terms.GetValueOrDefault(name);
    }

    private static DefinedTerm Latin(GraphicSet g1) => new(GraphicSet.Ascii, g1);
}
