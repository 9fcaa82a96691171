using Fiducial.Dicom.Network;

namespace Fiducial.Dicom.Tests.Network;

/// <summary>The keys of a worklist query against one scheduled step, on 6 July at 9 o'clock.</summary>
public sealed class AttributeMatchingTests
{
    [Theory]
    [InlineData("20260705-20260707", "1000-1800", true)]
    [InlineData("20260706-20260707", "1000-1800", false)]
    [InlineData("20260705-20260706", "1000-0830", false)]
    [InlineData("20260705-20260706", "1000-09", true)]
    [InlineData("20260705-", "1000-", true)]
    [InlineData("-20260706", "-0859", false)]
    [InlineData("20260705-", "-1000", true)]
    [InlineData("20260706", "1000-1800", false)]
    [InlineData("20260706", "09", true)]
    [InlineData("", "1000-1800", false)]
    public void The_start_of_a_scheduled_step_is_one_moment_when_both_its_keys_are_ranges(
        string date,
        string time,
        bool isFound
    )
    {
        var keys = Step(date, time);
        AttributeMatching.Matches(keys, Step("20260706", "090000")).Should().Be(isFound);
    }

    [Fact]
    public void A_step_without_a_start_is_in_no_range() =>
        AttributeMatching.Matches(Step("-20260706", "-1000"), Step("", "")).Should().BeFalse();

    private static DicomDataSet Step(string date, string time) =>
        new DicomDataSet().SetItems(
            DicomTags.ScheduledProcedureStepSequence,
            new DicomDataSet()
                .Set(DicomTags.ScheduledProcedureStepStartDate, date)
                .Set(DicomTags.ScheduledProcedureStepStartTime, time)
        );
}
