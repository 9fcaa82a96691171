namespace Fiducial.Archive.Tests;

public sealed class RetentionRulesTests
{
    private static readonly RetentionRules Rules = new();

    [Theory]
    // An adult: sixteen years after the last exam, whichever study it is.
    [InlineData("1970-01-01", "2005-06-01", "2005-06-01", "CT", "2021-06-01", "*16 years after the last exam*")]
    [InlineData("1970-01-01", "2005-06-01", "2009-02-03", "CT", "2025-02-03", "*2009-02-03*")]
    // Mammograms longer, and with them the whole study.
    [InlineData("1960-01-01", "2005-06-01", "2005-06-01", "MG", "2025-06-01", "*20 years (MG)*")]
    [InlineData("1960-01-01", "2005-06-01", "2005-06-01", "MG,US", "2025-06-01", "*20 years*")]
    // A minor: sixteen years after the nineteenth birthday; the day after it is an adult's.
    [InlineData("2000-02-29", "2005-06-01", "2005-06-01", "DX", "2035-02-28", "*after majority, 2019-02-28*")]
    [InlineData("1986-06-02", "2005-06-01", "2005-06-01", "DX", "2021-06-02", "*after majority*")]
    [InlineData("1986-06-01", "2005-06-01", "2005-06-01", "DX", "2021-06-01", "*last exam*")]
    // Nobody knows the birth date, or it cannot be right: it may have been a newborn.
    [InlineData(null, "2005-06-01", "2005-06-01", "DX", "2040-06-01", "*birth date is not known*")]
    [InlineData("2005-06-02", "2005-06-01", "2005-06-01", "DX", "2040-06-01", "*birth date is not known*")]
    [InlineData("0001-01-01", "2005-06-01", "2005-06-01", "DX", "2040-06-01", "*birth date is not known*")]
    public void A_study_is_kept_until_the_day_that_the_rule_says(
        string? born,
        string exam,
        string last,
        string modalities,
        string until,
        string why
    )
    {
        var judged = Rules.Judge(Study(born, exam, last, modalities, arrived: exam));
        judged.Until.Should().Be(Day(until));
        judged.Why.Should().Match(why);
    }

    [Fact]
    public void What_came_within_the_last_year_is_kept_whatever_its_own_date_says()
    {
        var judged = Rules.Judge(Study("1900-01-01", "1931-01-01", "1931-01-01", "CT", arrived: "2026-03-04"));
        judged.Until.Should().Be(Day("2027-03-04"));
        judged.Why.Should().Contain("1 year after it came");
    }

    [Fact]
    public void A_site_has_its_own_rule()
    {
        var alberta = new RetentionRules
        {
            Years = 10,
            MajorityAge = 18,
            YearsAfterMajority = 10,
            Modalities = new Dictionary<string, int>(),
        };
        alberta
            .Judge(Study("1970-01-01", "2005-06-01", "2005-06-01", "MG", "2005-06-01"))
            .Until.Should()
            .Be(Day("2015-06-01"));
        alberta
            .Judge(Study("2000-01-01", "2005-06-01", "2005-06-01", "MG", "2005-06-01"))
            .Until.Should()
            .Be(Day("2028-01-01"));
    }

    private static StudyFacts Study(string? born, string exam, string last, string modalities, string arrived) =>
        new(
            "1.2.3",
            "P1",
            "A1",
            modalities.Split(','),
            Day(exam),
            Day(last),
            born is null ? null : Day(born),
            Day(arrived),
            1
        );

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
