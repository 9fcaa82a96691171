using System.Globalization;

namespace Fiducial.Foundation.Calendar;

/// <summary>
/// Reads the holidays of an iCalendar text (RFC 5545): each VEVENT with a DTSTART of the type DATE closes the site on that date, and
/// until its DTEND (exclusive) or for its DURATION in days. A rule of recurrence is refused and not guessed at: write each date.
/// </summary>
public static class HolidayFile
{
    /// <summary>Alberta's general holidays (Employment Standards Code, section 25) of 2026 to 2028.</summary>
    public static string Alberta { get; } = Embedded("alberta.ics");

    /// <summary>The dates on which the site is closed; none for an empty text.</summary>
    /// <exception cref="FormatException">Says the line and what is wrong with it.</exception>
    public static IReadOnlySet<DateOnly> Read(string text)
    {
        var days = new HashSet<DateOnly>();
        var lines = Unfold(text);
        if (lines.Count == 0)
        {
            return days;
        }
        if (!lines[0].Text.Equals("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException(
                "The holiday file does not begin with BEGIN:VCALENDAR: it is not an iCalendar file."
            );
        }
        var inEvent = false;
        (DateOnly? Start, DateOnly? End, int Days) span = default;
        foreach (var (number, line) in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = (colon < 0 ? line : line[..colon]).Split(';')[0].ToUpperInvariant();
            var value = colon < 0 ? "" : line[(colon + 1)..].Trim();
            switch (name, value.ToUpperInvariant())
            {
                case ("BEGIN", "VEVENT"):
                    inEvent = true;
                    span = default;
                    break;
                case ("END", "VEVENT") when inEvent:
                    inEvent = false;
                    Close(days, span, number);
                    break;
                case ("DTSTART", _) when inEvent:
                    span.Start = Date(value, number);
                    break;
                case ("DTEND", _) when inEvent:
                    span.End = Date(value, number);
                    break;
                case ("DURATION", _) when inEvent:
                    span.Days = Duration(value, number);
                    break;
                case ("RRULE" or "RDATE" or "EXDATE", _) when inEvent:
                    throw new FormatException(
                        $"Holiday file, line {number}: {name} is not read; write each date as an event."
                    );
                default:
                    break;
            }
        }
        return inEvent
            ? throw new FormatException("The holiday file ends within an event (END:VEVENT is missing).")
            : days;
    }

    private static void Close(HashSet<DateOnly> days, (DateOnly? Start, DateOnly? End, int Days) span, int line)
    {
        if (span.Start is not { } start)
        {
            throw new FormatException($"Holiday file, line {line}: the event has no DTSTART.");
        }
        // RFC 5545 3.6.1: without an end an event of type DATE lasts one day; DTEND itself is not part of it.
        var end = span.End ?? start.AddDays(span.Days > 0 ? span.Days : 1);
        if (end <= start || end > start.AddDays(366))
        {
            throw new FormatException(
                $"Holiday file, line {line}: the event ends before it starts, or lasts longer than a year."
            );
        }
        for (var day = start; day < end; day = day.AddDays(1))
        {
            days.Add(day);
        }
    }

    private static DateOnly Date(string value, int line) =>
        DayText.Day(value)
        ?? throw new FormatException($"Holiday file, line {line}: '{value}' is not a date such as 20260701.");

    private static int Duration(string value, int line) =>
        value.Length > 2
        && value[0] is 'P'
        && value[^1] is 'D' or 'W'
        && int.TryParse(value[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count * (value[^1] is 'W' ? 7 : 1)
            : throw new FormatException($"Holiday file, line {line}: '{value}' is not a duration in days such as P1D.");

    // RFC 5545 3.1: a line that begins with a space or a tab continues the one before it.
    private static List<(int Number, string Text)> Unfold(string text)
    {
        var lines = new List<(int Number, string Text)>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var bare = line.TrimEnd('\r');
            if (bare.Length > 0 && bare[0] is ' ' or '\t' && lines.Count > 0)
            {
                lines[^1] = (lines[^1].Number, lines[^1].Text + bare[1..]);
            }
            else if (bare.Trim('\uFEFF', ' ').Length > 0)
            {
                lines.Add((number, bare.Trim('\uFEFF', ' ')));
            }
        }
        return lines;
    }

    private static string Embedded(string name)
    {
        using var stream = typeof(HolidayFile).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
