using Fiducial.Foundation.Calendar;

namespace Fiducial.Foundation.Tests;

/// <summary>Times as people say them, on the site's clock.</summary>
public sealed class SiteTimeTests
{
    private static readonly BusinessCalendar Edmonton = BusinessCalendar.Of("America/Edmonton");

    // Tuesday 24 November 2026, 23:30 in Edmonton; in Greenwich it is Wednesday already.
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 6, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-25T06:00:00Z", "today 23:00")]
    [InlineData("2026-11-26T00:00:00Z", "tomorrow 17:00")]
    [InlineData("2026-11-24T06:59:00Z", "yesterday 23:59")]
    [InlineData("2026-11-27T00:00:00Z", "Thu 26 Nov 17:00")]
    [InlineData("2027-01-05T00:00:00Z", "Mon 4 Jan 2027 17:00")]
    public void The_day_is_that_of_the_site_and_not_of_Greenwich(string at, string said) =>
        Edmonton.Say(DateTimeOffset.Parse(at, null), Now).Should().Be(said);

    [Theory]
    [InlineData(20, "now")]
    [InlineData(60 * 5, "in 5 minutes")]
    [InlineData(-60, "1 minute ago")]
    [InlineData(60 * 60 * 26, "in 26 hours")]
    [InlineData(-60 * 60 * 24 * 10, "10 days ago")]
    public void What_is_left_is_said_in_the_unit_that_fits(int seconds, string said) =>
        SiteTime.Apart(Now.AddSeconds(seconds), Now).Should().Be(said);
}
