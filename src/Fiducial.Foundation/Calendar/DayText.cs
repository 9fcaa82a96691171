using System.Globalization;

namespace Fiducial.Foundation.Calendar;

/// <summary>A day as text, in the two forms of ISO 8601.</summary>
public static class DayText
{
    private const string CompactForm = "yyyyMMdd";

    /// <summary>The day of <c>20260131</c> (PS3.5 DA, RFC 5545 3.3.4); null when it is none.</summary>
    public static DateOnly? Day(string compact) =>
        DateOnly.TryParseExact(compact, CompactForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    /// <summary><c>20260131</c>.</summary>
    public static string Compact(DateOnly day) => day.ToString(CompactForm, CultureInfo.InvariantCulture);

    /// <summary><c>2026-01-31</c>.</summary>
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
