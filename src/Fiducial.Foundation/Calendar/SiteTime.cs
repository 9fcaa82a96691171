using System.Globalization;

namespace Fiducial.Foundation.Calendar;

/// <summary>Times as the site's clock shows them.</summary>
public static class SiteTime
{
    public static string Show(this BusinessCalendar calendar, DateTimeOffset? at) =>
        at is { } time ? calendar.Local(time).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "–";
}
