using System.Collections.Frozen;
using System.Globalization;

namespace Fiducial.Dicom;

/// <summary>What PS3.6 says of a data element.</summary>
/// <param name="VR">The first when the standard allows several (US or SS).</param>
/// <param name="VM">Such as 1, 1-n, 2.</param>
public sealed record DictionaryEntry(DicomTag Tag, string Keyword, string Name, DicomVR VR, string VM, bool Retired)
{
    /// <summary>"US or SS": the number is signed when Pixel Representation says that pixels are (PS3.3 C.7.6.3.1).</summary>
    internal bool FollowsPixelRepresentation { get; init; }
}

/// <summary>The data dictionary of PS3.6.</summary>
public static class DicomDictionary
{
    private static readonly Lazy<Tables> Loaded = new(Load);

    /// <summary>
    /// Null for private and unknown elements. Repeating elements such as (60xx,3000) are found under their first tag, (6000,3000).
    /// </summary>
    public static DictionaryEntry? Find(DicomTag tag)
    {
        if (tag.IsPrivate)
        {
            // Repeating groups are even ones: 6001 is a vendor's, not an overlay (PS3.5 7.6).
            return null;
        }
        var tables = Loaded.Value;
        if (tables.ByTag.TryGetValue(tag.Value, out var entry))
        {
            return entry;
        }
        foreach (var (mask, repeating) in tables.Repeating)
        {
            if (repeating.TryGetValue(tag.Value & mask, out entry))
            {
                return entry;
            }
        }
        return null;
    }

    public static DictionaryEntry? Find(string keyword) => Loaded.Value.ByKeyword.GetValueOrDefault(keyword);

    /// <summary>The VR that an implicit VR element has: UL for group lengths, LO for private creators, UN when unknown.</summary>
    public static DicomVR VROf(DicomTag tag) =>
        tag.Element == 0 ? DicomVR.UL
        : tag.IsPrivateCreator ? DicomVR.LO
        : Find(tag)?.VR ?? DicomVR.UN;

    private static Tables Load()
    {
        using var stream = typeof(DicomDictionary).Assembly.GetManifestResourceStream("dictionary.tsv")!;
        using var reader = new StreamReader(stream);
        var byTag = new Dictionary<uint, DictionaryEntry>();
        var byKeyword = new Dictionary<string, DictionaryEntry>(StringComparer.Ordinal);
        var repeating = new Dictionary<uint, Dictionary<uint, DictionaryEntry>>();
        while (reader.ReadLine() is { } line)
        {
            // "50xx0005" stands for 5000, 5002 …: it is kept under 5000.
            var cells = line.Split('\t');
            var tag = new DicomTag(Hex(cells[0].Replace('x', '0')));
            // In implicit VR "OB or OW" is OW (PS3.5 A.1); where VRs are written, the dictionary is not asked.
            var words = cells[3] is "OB or OW" ? "OW" : cells[3];
            var vr = Enum.TryParse<DicomVR>(words.Split(' ')[0], out var known) ? known : DicomVR.UN;
            var entry = new DictionaryEntry(tag, cells[1], cells[2], vr, cells[4], cells[5] is "Y")
            {
                FollowsPixelRepresentation = words.StartsWith("US or SS", StringComparison.Ordinal),
            };
            if (cells[0].Contains('x'))
            {
                var mask = Hex(string.Concat(cells[0].Select(c => c == 'x' ? '0' : 'F')));
                repeating.TryAdd(mask, []);
                repeating[mask].TryAdd(tag.Value, entry);
            }
            byTag.TryAdd(tag.Value, entry);
            byKeyword.TryAdd(entry.Keyword, entry);
        }
        return new Tables(
            byTag.ToFrozenDictionary(),
            byKeyword.ToFrozenDictionary(StringComparer.Ordinal),
            [.. repeating.Select(r => (r.Key, r.Value.ToFrozenDictionary()))]
        );
    }

    private static uint Hex(string digits) =>
        uint.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private sealed record Tables(
        FrozenDictionary<uint, DictionaryEntry> ByTag,
        FrozenDictionary<string, DictionaryEntry> ByKeyword,
        (uint Mask, FrozenDictionary<uint, DictionaryEntry> Entries)[] Repeating
    );
}
