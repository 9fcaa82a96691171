using Fiducial.Pathway.Exams;
using Fiducial.Results.Reports;

namespace Fiducial.Results.Tests;

/// <summary>The words of a report against the order.</summary>
public sealed class ConsistencyTests
{
    [Theory]
    [InlineData("L", "M", "Fracture of the right radius.", "side")]
    [InlineData("R", "M", "LEFT wrist normal.", "side")]
    [InlineData("L", "M", "Fracture of the left radius.", "")]
    [InlineData("L", "M", "Bright line; upright view.", "")]
    [InlineData("", "M", "Left and right lung clear.", "")]
    [InlineData("", "M", "The uterus is normal.", "sex")]
    [InlineData("", "F", "The prostate is enlarged.", "sex")]
    [InlineData("", "F", "The ovaries are normal.", "")]
    [InlineData("L", "F", "Right testicle.", "side sex")]
    public void A_word_that_does_not_fit_the_order_is_asked_about(string side, string sex, string words, string due)
    {
        var exam = new ExamRecord
        {
            Id = Guid.NewGuid(),
            Laterality = side,
            PatientSex = sex,
        };
        foreach (var report in (ReportSections[])[new() { Findings = words }, new() { Impression = words }])
        {
            string.Join(' ', ConsistencyChecks.Of(exam, report).Select(q => q.Code)).Should().Be(due);
        }
    }

    [Fact]
    public void No_two_reports_have_one_hash()
    {
        var one = new ReportSections { Findings = "a", Impression = "" };
        var other = new ReportSections { Findings = "", Impression = "a" };
        one.Hash().Should().NotBe(other.Hash()).And.HaveLength(64);
        one.Hash().Should().Be((one with { }).Hash());
    }
}
