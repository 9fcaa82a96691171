namespace Fiducial.Dicom.Network;

/// <summary>
/// A range of dates or times as a key has it: <c>A-B</c>, <c>A-</c> or <c>-B</c> (PS3.4 C.2.2.2.5). An end that is empty is open; one that is
/// shorter than a value covers all that begins with it: until 10 is until 10:59:59.
/// </summary>
public readonly record struct MatchingRange(string From, string To)
{
    /// <summary>Greater than every text that begins with the end.</summary>
    public string Beyond => To + "~";

    /// <summary>False when the key is no range.</summary>
    public static bool TryParse(string key, out MatchingRange range)
    {
        var hyphen = key.IndexOf('-', StringComparison.Ordinal);
        range = hyphen < 0 ? default : new MatchingRange(key[..hyphen].Trim(), key[(hyphen + 1)..].Trim());
        return hyphen >= 0;
    }

    /// <summary>
    /// A date and a time whose ranges have the same form may be matched as one moment: from the first date's first time to the last date's
    /// last time.
    /// </summary>
    public bool CombinesWith(MatchingRange time) =>
        From.Length > 0 == time.From.Length > 0 && To.Length > 0 == time.To.Length > 0;

    /// <summary>Both ends are in it; an attribute without a value is in none.</summary>
    public bool Contains(string value) =>
        value.Length > 0
        && (From.Length == 0 || string.CompareOrdinal(value, From) >= 0)
        && (To.Length == 0 || string.CompareOrdinal(value, Beyond) <= 0);

    /// <summary>True when the moment is within this range of dates combined with a range of times.</summary>
    public bool Contains(string date, MatchingRange times, string time) =>
        Contains(date)
        && (From.Length == 0 || date != From || string.CompareOrdinal(time, times.From) >= 0)
        && (To.Length == 0 || date != To || string.CompareOrdinal(time, times.Beyond) <= 0);
}
