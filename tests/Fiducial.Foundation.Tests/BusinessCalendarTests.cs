using Fiducial.Foundation.Calendar;

namespace Fiducial.Foundation.Tests;

public sealed class BusinessCalendarTests
{
    private static readonly BusinessCalendar Edmonton = new(
        TimeZoneInfo.FindSystemTimeZoneById("America/Edmonton"),
        new HashSet<DateOnly> { new(2026, 12, 25), new(2026, 12, 28) }
    );

    [Theory]
    [InlineData("2026-11-24", 1, "2026-11-25")]
    [InlineData("2026-11-27", 1, "2026-11-30")] // over a weekend
    [InlineData("2026-12-24", 1, "2026-12-29")] // over a holiday, a weekend and a holiday
    [InlineData("2026-12-24", 2, "2026-12-30")]
    [InlineData("2026-11-24", 0, "2026-11-24")]
    public void Business_days_leave_out_weekends_and_holidays(string from, int count, string due) =>
        Edmonton.AddBusinessDays(DateOnly.Parse(from, null), count).Should().Be(DateOnly.Parse(due, null));

    [Theory]
    [InlineData("2026-11-28", "2026-11-30")]
    [InlineData("2026-12-25", "2026-12-29")]
    [InlineData("2026-11-24", "2026-11-24")]
    public void A_day_that_is_none_becomes_the_next_one(string day, string due) =>
        Edmonton.OnOrAfter(DateOnly.Parse(day, null)).Should().Be(DateOnly.Parse(due, null));

    [Fact]
    public void Five_in_the_afternoon_is_that_of_the_site_in_summer_and_in_winter()
    {
        Edmonton
            .At(new DateOnly(2026, 7, 1), new TimeOnly(17, 0))
            .Should()
            .Be(new DateTimeOffset(2026, 7, 1, 23, 0, 0, TimeSpan.Zero));
        Edmonton
            .At(new DateOnly(2026, 12, 1), new TimeOnly(17, 0))
            .Should()
            .Be(new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_time_that_daylight_saving_skips_is_the_first_that_exists_after_it() =>
        Edmonton
            .At(new DateOnly(2026, 3, 8), new TimeOnly(2, 30))
            .Should()
            .Be(new DateTimeOffset(2026, 3, 8, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_date_of_an_instant_is_that_of_the_site() =>
        Edmonton
            .LocalDate(new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero))
            .Should()
            .Be(new DateOnly(2026, 11, 23));
}
