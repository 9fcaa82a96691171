using System.Buffers;
using System.Text;

namespace Fiducial.Dicom.Characters;

/// <summary>
/// Decodes and encodes text by Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1 and annexes H–K). Reading is lenient: bytes
/// that a set does not know become U+FFFD, and text is never refused. Writing is strict.
/// </summary>
internal sealed class CharacterSet
{
    private const int MostKnown = 64;
    private const byte Escape = 0x1B;
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([
        Escape,
        .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b),
    ]);
    private static readonly Lock Gate = new();
    private static (byte[] Name, CharacterSet Set)[] s_known = [];

    private readonly Encoding? _alone;
    private readonly Iso2022? _codes;

    private CharacterSet(string names)
    {
        var values = names.Split('\\');
        var terms = values.Select(v => DefinedTerm.Of(v.Trim(' ', '\0'))).ToList();
        IsKnown = !terms.Contains(null);
        // An encoding that stands alone leaves no room for others (C.12.1.1.2), wherever it was written.
        _alone = terms.FirstOrDefault(t => t?.Alone is not null)?.Alone;
        _codes = _alone is null ? new Iso2022([.. terms.OfType<DefinedTerm>()]) : null;
        IsUtf8 = _alone is UTF8Encoding;
    }

    public static CharacterSet Default { get; } = new("");
    public static CharacterSet Utf8 { get; } = new("ISO_IR 192");

    /// <summary>False when a value is no defined term: it was passed over.</summary>
    public bool IsKnown { get; }
    public bool IsUtf8 { get; }

    /// <summary>False for ISO_IR 13, in which some bytes below 80 are not ASCII.</summary>
    public bool StartsInAscii => _codes is null || _codes.StartsInAscii;

    /// <summary>True when the bytes mean the same in ASCII.</summary>
    public bool IsAscii(ReadOnlySpan<byte> bytes) => StartsInAscii && bytes.IndexOfAny(NotPlain) < 0;

    /// <summary>The set of the value of (0008,0005). A clinic knows a handful: they are made once.</summary>
    public static CharacterSet Of(ReadOnlySpan<byte> value)
    {
        value = value.TrimEnd([(byte)' ', (byte)0]);
        foreach (var (name, known) in s_known)
        {
            if (value.SequenceEqual(name))
            {
                return known;
            }
        }
        var made = new CharacterSet(Encoding.Latin1.GetString(value));
        lock (Gate)
        {
            if (s_known.Length < MostKnown && made.IsKnown)
            {
                s_known = [.. s_known, (value.ToArray(), made)];
            }
        }
        return made;
    }

    /// <summary>The text as it stands, backslashes between values included.</summary>
    public string Decode(ReadOnlySpan<byte> bytes, DicomVR vr) =>
        IsAscii(bytes) ? Encoding.ASCII.GetString(bytes)
        : _alone is not null ? _alone.GetString(bytes)
        : _codes!.Decode(bytes, vr);

    /// <summary>The values, split at backslashes that are characters of their own, trimmed as the VR says.</summary>
    public string[] Values(ReadOnlySpan<byte> bytes, DicomVR vr)
    {
        var text = Decode(bytes, vr);
        if (DicomVRs.IsSingleText(vr))
        {
            return [text.TrimEnd(' ', '\0')];
        }
        var values = text.Split('\\');
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Trim(values[i], vr);
        }
        return values;
    }

    /// <summary>The first value, trimmed; the others are not decoded when that can be avoided.</summary>
    public string First(ReadOnlySpan<byte> bytes, DicomVR vr)
    {
        if (bytes.IndexOfAny(NotPlain) >= 0 || DicomVRs.IsSingleText(vr))
        {
            return Values(bytes, vr)[0];
        }
        var end = bytes.IndexOf((byte)'\\');
        var first = (end < 0 ? bytes : bytes[..end]).TrimEnd([(byte)' ', (byte)0]);
        first = vr is DicomVR.UC ? first : first.TrimStart([(byte)' ', (byte)0]);
        return Decode(first, vr);
    }

    /// <exception cref="ArgumentException">The set lacks a character of the text.</exception>
    public byte[] Encode(string text, DicomVR vr)
    {
        try
        {
            return _alone is UTF8Encoding
                ? Encoding.UTF8.GetBytes(text)
                : _alone?.GetBytes(text) ?? _codes!.Encode(text, vr);
        }
        catch (EncoderFallbackException e)
        {
            throw Iso2022.Lacks(e.CharUnknown);
        }
    }

    private static string Trim(string value, DicomVR vr) =>
        vr is DicomVR.UC ? value.TrimEnd(' ', '\0') : value.Trim(' ', '\0');
}
