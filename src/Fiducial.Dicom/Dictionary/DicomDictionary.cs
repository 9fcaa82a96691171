using System.Collections.Frozen;

namespace Fiducial.Dicom;

/// <summary>What PS3.6 says of a data element.</summary>
/// <param name="VR">The first when the standard allows several (US or SS).</param>
/// <param name="VM">Such as 1, 1-n, 2.</param>
public sealed record DictionaryEntry(DicomTag Tag, string Keyword, string Name, DicomVR VR, string VM, bool Retired);

/// <summary>The data dictionary of PS3.6.</summary>
public static class DicomDictionary
{
    private static readonly Lazy<Tables> Loaded = new(Load);

    /// <summary>Null for private and unknown elements. Repeating groups (50xx, 60xx) are found under their first group.</summary>
    public static DictionaryEntry? Find(DicomTag tag) =>
        Loaded.Value.ByTag.GetValueOrDefault(tag) ?? Loaded.Value.ByTag.GetValueOrDefault(FirstOfRepeating(tag));

    public static DictionaryEntry? Find(string keyword) => Loaded.Value.ByKeyword.GetValueOrDefault(keyword);

    /// <summary>The VR that an implicit VR element has: UL for group lengths, LO for private creators, UN when unknown.</summary>
    public static DicomVR VROf(DicomTag tag) =>
        tag.Element == 0 ? DicomVR.UL
        : tag.IsPrivateCreator ? DicomVR.LO
        : Find(tag)?.VR ?? DicomVR.UN;

    private static DicomTag FirstOfRepeating(DicomTag tag) =>
        (tag.Group & 0xFF00) is 0x5000 or 0x6000 ? new DicomTag((ushort)(tag.Group & 0xFF00), tag.Element) : tag;

    private static Tables Load()
    {
        using var stream = typeof(DicomDictionary).Assembly.GetManifestResourceStream("dictionary.tsv")!;
        using var reader = new StreamReader(stream);
        var byTag = new Dictionary<DicomTag, DictionaryEntry>();
        var byKeyword = new Dictionary<string, DictionaryEntry>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            // "50xx0005" stands for 5000, 5002 …: it is kept under 5000.
            var cells = line.Split('\t');
            if (!DicomTag.TryParse(cells[0].Replace('x', '0'), out var tag))
            {
                continue;
            }
            // In implicit VR "OB or OW" is OW (PS3.5 A.1); where VRs are written, the dictionary is not asked.
            var words = cells[3] is "OB or OW" ? "OW" : cells[3];
            var vr = Enum.TryParse<DicomVR>(words.Split(' ')[0], out var known) ? known : DicomVR.UN;
            var entry = new DictionaryEntry(tag, cells[1], cells[2], vr, cells[4], cells[5] is "Y");
            byTag.TryAdd(tag, entry);
            byKeyword.TryAdd(entry.Keyword, entry);
        }
        return new Tables(byTag.ToFrozenDictionary(), byKeyword.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private sealed record Tables(
        FrozenDictionary<DicomTag, DictionaryEntry> ByTag,
        FrozenDictionary<string, DictionaryEntry> ByKeyword
    );
}
