using System.Globalization;

namespace Fiducial.Foundation.Calendar;

/// <summary>Times as the site's clock shows them.</summary>
public static class SiteTime
{
    /// <summary>"Tue 2026-11-24 14:05", for records.</summary>
    public static string Show(this BusinessCalendar calendar, DateTimeOffset? at) =>
        at is { } time ? calendar.Local(time).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "–";

    /// <summary>"today 14:05", "tomorrow 17:00", "yesterday 09:30", "Thu 26 Nov 14:05"; with the year when it is another.</summary>
    public static string Say(this BusinessCalendar calendar, DateTimeOffset at, DateTimeOffset now) =>
        calendar.SayDay(calendar.LocalDate(at), now)
        + calendar.Local(at).ToString(" HH:mm", CultureInfo.InvariantCulture);

    /// <summary>"today", "tomorrow", "yesterday", "Thu 26 Nov"; with the year when it is another.</summary>
    public static string SayDay(this BusinessCalendar calendar, DateOnly day, DateTimeOffset now)
    {
        var today = calendar.LocalDate(now);
        return (day.DayNumber - today.DayNumber) switch
        {
            0 => "today",
            1 => "tomorrow",
            -1 => "yesterday",
            _ => day.ToString(day.Year == today.Year ? "ddd d MMM" : "ddd d MMM yyyy", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>How far apart two moments are: "in 26 hours", "12 minutes ago", "now".</summary>
    public static string Apart(DateTimeOffset at, DateTimeOffset now)
    {
        var apart = at - now;
        var size = apart.Duration();
        var words =
            size < TimeSpan.FromMinutes(1) ? ""
            : size < TimeSpan.FromMinutes(90) ? Count(size.TotalMinutes, "minute")
            : size < TimeSpan.FromHours(48) ? Count(size.TotalHours, "hour")
            : Count(size.TotalDays, "day");
        return words.Length == 0 ? "now"
            : apart > TimeSpan.Zero ? $"in {words}"
            : $"{words} ago";
    }

    private static string Count(double number, string unit)
    {
        var whole = (int)Math.Round(number);
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {unit}{(whole == 1 ? "" : "s")}");
    }
}
