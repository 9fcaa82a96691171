using System.Collections.Frozen;
using System.Globalization;

namespace Fiducial.Dicom.Deidentification;

/// <summary>What PS3.15 table E.1-1 says of an attribute.</summary>
/// <param name="Basic">The action of the Basic Profile: X, Z, D, U, or a choice of them such as X/Z/D.</param>
/// <param name="Options">K or C, or nothing, for each option in the table's order.</param>
internal sealed record ProfileRow(string Basic, IReadOnlyList<char?> Options)
{
    /// <summary>What the option says; null when it says nothing.</summary>
    public char? Of(ProfileOption option) => Options[(int)option];
}

/// <summary>The columns of options of PS3.15 table E.1-1, in its order.</summary>
internal enum ProfileOption
{
    CleanDescriptors,
    CleanStructuredContent,
    RetainFullDates,
    RetainModifiedDates,
    RetainUids,
    RetainPatientCharacteristics,
    RetainDeviceIdentity,
    RetainInstitutionIdentity,
    CleanGraphics,
}

/// <summary>The Basic Application Level Confidentiality Profile and its options (PS3.15 table E.1-1).</summary>
internal static class ConfidentialityProfile
{
    private static readonly Lazy<(
        FrozenDictionary<uint, ProfileRow> Exact,
        (uint Mask, uint Tag, ProfileRow Row)[] Masked
    )> Loaded = new(Load);

    /// <summary>Null when the table does not name the attribute.</summary>
    public static ProfileRow? Find(DicomTag tag)
    {
        if (Loaded.Value.Exact.TryGetValue(tag.Value, out var row))
        {
            return row;
        }
        foreach (var (mask, masked, repeating) in Loaded.Value.Masked)
        {
            if ((tag.Value & mask) == masked && !tag.IsPrivate)
            {
                return repeating;
            }
        }
        return null;
    }

    private static (FrozenDictionary<uint, ProfileRow>, (uint, uint, ProfileRow)[]) Load()
    {
        using var stream = typeof(ConfidentialityProfile).Assembly.GetManifestResourceStream("confidentiality.tsv")!;
        using var reader = new StreamReader(stream);
        var exact = new Dictionary<uint, ProfileRow>();
        var masked = new List<(uint, uint, ProfileRow)>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            var row = new ProfileRow(cells[1], [.. cells[2..].Select(c => c.Length > 0 ? c[0] : (char?)null)]);
            var tag = Hex(cells[0].Replace('x', '0'));
            if (cells[0].Contains('x'))
            {
                masked.Add((Hex(string.Concat(cells[0].Select(c => c == 'x' ? '0' : 'F'))), tag, row));
            }
            else
            {
                exact[tag] = row;
            }
        }
        return (exact.ToFrozenDictionary(), [.. masked]);
    }

    private static uint Hex(string digits) =>
        uint.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
