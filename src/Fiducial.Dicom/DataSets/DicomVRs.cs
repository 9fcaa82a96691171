namespace Fiducial.Dicom;

/// <summary>What follows from a VR (PS3.5 6.2 and 7.1.2).</summary>
public static class DicomVRs
{
    private const int Letters = 26;
    private static readonly Trait[] Traits = Table();

    [Flags]
    private enum Trait : ushort
    {
        Unknown = 0,
        Known = 1,
        ShortLength = 2,
        CharacterSetText = 4,
        PlainText = 8,
        SingleText = 16,
        Bulk = 32,
        Unit2 = 64,
        Unit4 = 128,
        Unit8 = 256,
    }

    public static bool IsKnown(ushort letters) => Has((DicomVR)letters, Trait.Known);

    /// <summary>True when an explicit header has a 16-bit length; every other VR, known or not, has 32 bits (PS3.5 7.1.2).</summary>
    public static bool HasShortLength(DicomVR vr) => Has(vr, Trait.ShortLength);

    /// <summary>Text whose characters follow Specific Character Set (PS3.5 6.1.2.2).</summary>
    public static bool IsCharacterSetText(DicomVR vr) => Has(vr, Trait.CharacterSetText);

    /// <summary>Text of the default repertoire.</summary>
    public static bool IsPlainText(DicomVR vr) => Has(vr, Trait.PlainText);

    /// <summary>Text in which a backslash does not separate values.</summary>
    public static bool IsSingleText(DicomVR vr) => Has(vr, Trait.SingleText);

    /// <summary>Values that may be large and are left in the file.</summary>
    public static bool IsBulk(DicomVR vr) => Has(vr, Trait.Bulk);

    /// <summary>Bytes without structure that this library does not divide into numbers: OB, OW, OV …, and UN.</summary>
    internal static bool IsOther(DicomVR vr) =>
        vr is DicomVR.OB or DicomVR.OD or DicomVR.OF or DicomVR.OL or DicomVR.OV or DicomVR.OW or DicomVR.UN;

    /// <summary>Bytes of one number; 1 for text and bytes. Big endian data sets are swapped by this.</summary>
    public static int UnitOf(DicomVR vr)
    {
        var trait = TraitOf(vr);
        return trait.HasFlag(Trait.Unit2) ? 2
            : trait.HasFlag(Trait.Unit4) ? 4
            : trait.HasFlag(Trait.Unit8) ? 8
            : 1;
    }

    private static bool Has(DicomVR vr, Trait trait) => TraitOf(vr).HasFlag(trait);

    private static Trait TraitOf(DicomVR vr)
    {
        var (first, second) = (((uint)vr >> 8) - 'A', ((uint)vr & 0xFF) - 'A');
        return first < Letters && second < Letters ? Traits[first * Letters + second] : Trait.Unknown;
    }

    private static Trait[] Table()
    {
        var traits = new Trait[Letters * Letters];
        void Are(string vrs, Trait trait)
        {
            foreach (var vr in vrs.Split(' '))
            {
                traits[(vr[0] - 'A') * Letters + vr[1] - 'A'] |= trait | Trait.Known;
            }
        }
        Are("AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US", Trait.ShortLength);
        Are("OB OD OF OL OV OW SQ SV UC UN UR UT UV", Trait.Known);
        Are("LO LT PN SH ST UC UT", Trait.CharacterSetText);
        Are("AE AS CS DA DS DT IS TM UI UR", Trait.PlainText);
        Are("LT ST UT UR", Trait.SingleText);
        Are("OB OD OF OL OV OW UN UT UC UR", Trait.Bulk);
        Are("AT OW SS US", Trait.Unit2);
        Are("FL OF OL SL UL", Trait.Unit4);
        Are("FD OD OV SV UV", Trait.Unit8);
        return traits;
    }
}
