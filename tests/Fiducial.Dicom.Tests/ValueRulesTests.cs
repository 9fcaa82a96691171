namespace Fiducial.Dicom.Tests;

public sealed class ValueRulesTests
{
    [Theory]
    [InlineData(0x00080020u, "20260230", false)]
    [InlineData(0x00080020u, "20260228", true)]
    [InlineData(0x00080030u, "235960.123456", true)]
    [InlineData(0x00080030u, "24", false)]
    [InlineData(0x0008002Au, "20260228120000.5+0100", true)]
    [InlineData(0x0008002Au, "2026-02-28", false)]
    [InlineData(0x00080060u, "ct", false)]
    [InlineData(0x00080060u, "CT", true)]
    [InlineData(0x00101010u, "40Y", false)]
    [InlineData(0x00101010u, "040Y", true)]
    [InlineData(0x0020000Du, "1.02.3", false)]
    [InlineData(0x0020000Du, "1.2.3", true)]
    [InlineData(0x00200013u, "2147483648", false)]
    [InlineData(0x00200013u, "-7", true)]
    [InlineData(0x00180050u, "0.12345678901234567", false)]
    [InlineData(0x00180050u, "+1.5E-3", true)]
    [InlineData(0x00100010u, "A^B^C^D^E^F", false)]
    [InlineData(0x00100010u, "A^B^C^D^E=山=や", true)]
    [InlineData(0x00080050u, "12345678901234567", false)]
    [InlineData(0x00280030u, @"1\2\3", false)]
    [InlineData(0x00280030u, @"1\2", true)]
    [InlineData(0x00080008u, @"DERIVED\SECONDARY\A\B", true)]
    [InlineData(0x00080008u, "ORIGINAL", false)]
    public void Each_VR_and_VM_has_its_rule(uint tag, string value, bool isAllowed)
    {
        var set = new DicomDataSet().Set(new DicomTag(tag), value.Split('\\'));
        ValueRules
            .Broken(new DicomDataSet().SetItems(DicomTags.ReferencedStudySequence, set))
            .Should()
            .HaveCount(isAllowed ? 0 : 1);
    }

    [Fact]
    public void Numbers_that_are_cut_are_found() =>
        ValueRules
            .Broken(new DicomDataSet().SetBytes(DicomTags.Rows, DicomVR.US, new byte[3]))
            .Should()
            .ContainMatch("(0028,0010) US Rows has 3 bytes*");
}
