namespace Fiducial.Foundation.Calendar;

/// <summary>The site's working days: its time zone, its weekend, its holidays.</summary>
public sealed class BusinessCalendar(TimeZoneInfo zone, IReadOnlySet<DateOnly> holidays)
{
    public TimeZoneInfo Zone => zone;

    /// <summary>A calendar without holidays in the given IANA zone, such as <c>America/Edmonton</c>.</summary>
    public static BusinessCalendar Of(string zone) =>
        new(TimeZoneInfo.FindSystemTimeZoneById(zone), new HashSet<DateOnly>());

    public DateOnly LocalDate(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone);

    public bool IsBusinessDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !holidays.Contains(day);

    /// <summary>The day itself when it is a working day, else the next one.</summary>
    public DateOnly OnOrAfter(DateOnly day)
    {
        while (!IsBusinessDay(day))
        {
            day = day.AddDays(1);
        }
        return day;
    }

    public DateOnly AddBusinessDays(DateOnly day, int count)
    {
        for (; count > 0; count--)
        {
            day = OnOrAfter(day.AddDays(1));
        }
        return day;
    }

    /// <summary>A local wall-clock time as an instant; a time that daylight saving skips is the first that exists after it.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
