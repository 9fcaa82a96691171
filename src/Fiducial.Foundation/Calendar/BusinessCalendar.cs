namespace Fiducial.Foundation.Calendar;

/// <summary>The site's working days: its time zone, its weekend, its holidays.</summary>
/// <param name="zone">The zone whose wall clock the site reads.</param>
/// <param name="holidays">Local dates on which the site is closed.</param>
/// <param name="weekend">Days of the week on which it is closed; Saturday and Sunday when null.</param>
public sealed class BusinessCalendar(
    TimeZoneInfo zone,
    IReadOnlySet<DateOnly> holidays,
    IReadOnlySet<DayOfWeek>? weekend = null
)
{
    /// <summary>When a business day ends (pathway 6.1).</summary>
    public static readonly TimeOnly Closing = new(17, 0);

    private readonly IReadOnlySet<DayOfWeek> _weekend =
        weekend ?? new HashSet<DayOfWeek> { DayOfWeek.Saturday, DayOfWeek.Sunday };

    public TimeZoneInfo Zone => zone;

    /// <summary>A calendar in the given IANA zone, such as <c>America/Edmonton</c>, with the holidays of an iCalendar text.</summary>
    /// <exception cref="FormatException">The iCalendar text cannot be read (<see cref="HolidayFile"/>).</exception>
    public static BusinessCalendar Of(string zone, string holidays = "") =>
        new(TimeZoneInfo.FindSystemTimeZoneById(zone), HolidayFile.Read(holidays));

    public DateOnly LocalDate(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone);

    public bool IsBusinessDay(DateOnly day) => !_weekend.Contains(day.DayOfWeek) && !holidays.Contains(day);

    /// <summary>The day itself when it is a working day, else the next one.</summary>
    /// <exception cref="InvalidOperationException">A year has no working day: the calendar is wrong.</exception>
    public DateOnly OnOrAfter(DateOnly day)
    {
        for (var days = 0; days < 366; days++)
        {
            if (IsBusinessDay(day.AddDays(days)))
            {
                return day.AddDays(days);
            }
        }
        throw new InvalidOperationException("The business calendar has no working day within a year.");
    }

    public DateOnly AddBusinessDays(DateOnly day, int count)
    {
        for (; count > 0; count--)
        {
            day = OnOrAfter(day.AddDays(1));
        }
        return day;
    }

    /// <summary>
    /// The close of the n-th business day after an instant, as pathway 6.1 counts: day zero is the local date of the instant, or
    /// the next business day when that is none; the result is 17:00 local on day zero + n business days.
    /// </summary>
    public DateTimeOffset CloseAfter(DateTimeOffset at, int businessDays) =>
        At(AddBusinessDays(OnOrAfter(LocalDate(at)), businessDays), Closing);

    /// <summary>
    /// A local wall-clock time as an instant. Of a time that daylight saving skips, the first that exists after it; of one that
    /// comes twice, the later, so that nothing is due before its time.
    /// </summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Min() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
