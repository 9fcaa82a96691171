using System.Globalization;

namespace Fiducial.Foundation.Web;

/// <summary>What may stand in a field that someone fills in: text of a sensible length, without control characters (PostgreSQL keeps no NUL).</summary>
public static class TypedText
{
    /// <summary>Characters; several times the longest report.</summary>
    public const int Longest = 50_000;

    /// <summary>The sentence that says what is wrong with the text, or null.</summary>
    public static string? Fault(string field, string text) =>
        text.Length > Longest
            ? $"The field '{field}' has {text.Length:N0} characters; at most {Longest:N0} can be kept."
        : text.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t'))
            ? $"The field '{field}' has a control character, which cannot be kept: remove it."
        : null;

    /// <summary>The day that a date field sends, as in 2026-01-31; null when it is none.</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;
}
