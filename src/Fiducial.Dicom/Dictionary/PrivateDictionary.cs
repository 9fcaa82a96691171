using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Fiducial.Dicom;

/// <summary>
/// The VRs of private elements that vendors' conformance statements name, by creator (PS3.5 7.8.1). Implicit VR data sets need
/// them: their own bytes do not say.
/// </summary>
internal static class PrivateDictionary
{
    private static readonly Lazy<FrozenDictionary<uint, (byte[] Creator, DicomVR VR)[]>> Loaded = new(Load);

    /// <summary>The VR of a private element of <paramref name="set"/>; UN when its creator or it is not known.</summary>
    public static DicomVR VROf(DicomTag tag, DicomDataSet set)
    {
        if (!Loaded.Value.TryGetValue(Key(tag), out var creators))
        {
            return DicomVR.UN;
        }
        if (set.Find(new DicomTag(tag.Group, (ushort)(tag.Element >> 8))) is not { } creator)
        {
            return DicomVR.UN;
        }
        var name = creator.Value.Span.TrimEnd([(byte)' ', (byte)0]);
        foreach (var (known, vr) in creators)
        {
            if (name.SequenceEqual(known))
            {
                return vr;
            }
        }
        return DicomVR.UN;
    }

    private static uint Key(DicomTag tag) => ((uint)tag.Group << 8) | (tag.Element & 0xFFu);

    private static FrozenDictionary<uint, (byte[], DicomVR)[]> Load()
    {
        using var stream = typeof(PrivateDictionary).Assembly.GetManifestResourceStream("private.tsv")!;
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var rows = new List<(uint Key, byte[] Creator, DicomVR VR)>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            var key = uint.Parse(cells[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            rows.Add((key, Encoding.Latin1.GetBytes(cells[1]), Enum.Parse<DicomVR>(cells[2])));
        }
        return rows.GroupBy(r => r.Key).ToFrozenDictionary(g => g.Key, g => g.Select(r => (r.Creator, r.VR)).ToArray());
    }
}
