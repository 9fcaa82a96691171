using System.Globalization;
using System.Text;

namespace Fiducial.Archive.Index;

/// <summary>The form in which person names are compared: case and the padding of empty components do not count (PS3.4 C.2.2.2.1).</summary>
internal static class NameKey
{
    private static readonly char[] Separators = [' ', '^', '=', ',', '-', '*', '?'];

    public static string Of(string name) =>
        string.Join('=', name.Split('=').Select(group => group.TrimEnd('^', ' '))).TrimEnd('=').ToUpperInvariant();

    /// <summary>
    /// Fuzzy: each word of <paramref name="asked"/> begins a word of the name, in whatever component, order, case and with
    /// whatever accents.
    /// </summary>
    public static bool IsLike(string name, string asked)
    {
        var words = Words(name);
        return Words(asked).All(a => words.Any(w => w.StartsWith(a, StringComparison.Ordinal)));
    }

    private static string[] Words(string name)
    {
        var plain = new StringBuilder();
        foreach (var letter in name.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) is not UnicodeCategory.NonSpacingMark)
            {
                plain.Append(char.ToUpperInvariant(letter));
            }
        }
        return plain.ToString().Split(Separators, StringSplitOptions.RemoveEmptyEntries);
    }
}
