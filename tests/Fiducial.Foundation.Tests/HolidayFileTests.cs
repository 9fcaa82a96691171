using CsCheck;
using Fiducial.Foundation.Calendar;

namespace Fiducial.Foundation.Tests;

public sealed class HolidayFileTests
{
    [Fact]
    public void Alberta_has_nine_general_holidays_a_year()
    {
        var days = HolidayFile.Read(HolidayFile.Alberta);
        days.GroupBy(d => d.Year)
            .Select(g => (g.Key, g.Count()))
            .Should()
            .BeEquivalentTo([(2026, 9), (2027, 9), (2028, 9)]);
        days.Should()
            .Contain([
                new DateOnly(2026, 2, 16), // Family Day: third Monday of February
                new DateOnly(2026, 4, 3), // Good Friday
                new DateOnly(2026, 5, 18), // Victoria Day: the Monday before 25 May
                new DateOnly(2027, 3, 26),
                new DateOnly(2027, 10, 11), // Thanksgiving: second Monday of October
                new DateOnly(2028, 4, 14),
                new DateOnly(2028, 9, 4), // Labour Day: first Monday of September
            ]);
    }

    [Fact]
    public void Folded_lines_spans_and_durations_are_read_as_the_standard_says()
    {
        const string text =
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:2026\r\n 1224\r\nDTEND;VALUE=DATE:20261227\r\nEND:VEVENT\r\n"
            + "BEGIN:VEVENT\nDTSTART:20270101\nDURATION:P2D\nEND:VEVENT\nEND:VCALENDAR\n";
        HolidayFile
            .Read(text)
            .Order()
            .Should()
            .Equal(
                new DateOnly(2026, 12, 24),
                new DateOnly(2026, 12, 25),
                new DateOnly(2026, 12, 26),
                new DateOnly(2027, 1, 1),
                new DateOnly(2027, 1, 2)
            );
    }

    [Theory]
    [InlineData("hello", "not an iCalendar file")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261301\nEND:VEVENT\n", "line 3")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n", "no DTSTART")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nRRULE:FREQ=YEARLY\nEND:VEVENT\n", "RRULE")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260102\nDTEND:20260101\nEND:VEVENT\n", "ends before")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260102\n", "END:VEVENT")]
    public void A_file_that_cannot_be_read_says_why(string text, string reason) =>
        FluentActions
            .Invoking(() => HolidayFile.Read(text))
            .Should()
            .Throw<FormatException>()
            .WithMessage($"*{reason}*");

    [Fact]
    public void Any_text_is_read_or_refused_and_nothing_else_happens() =>
        Gen
            .String.Select(s => "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + s)
            .Sample(
                text =>
                {
                    try
                    {
                        HolidayFile.Read(text);
                    }
                    catch (FormatException)
                    {
                        // Refused in words.
                    }
                },
                iter: 2000
            );
}
