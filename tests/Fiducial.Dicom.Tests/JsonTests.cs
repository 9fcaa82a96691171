using System.Text;
using System.Text.Json;

namespace Fiducial.Dicom.Tests;

public sealed class JsonTests
{
    [Fact]
    public void Names_are_objects_numbers_are_numbers_and_large_values_have_an_address()
    {
        var set = new DicomDataSet()
            .Set(DicomTags.PatientName, "Doe^Jane=山田^花子")
            .Set(DicomTags.SeriesNumber, "7")
            .SetBytes(DicomTags.PixelData, DicomVR.OW, new byte[] { 1, 2 });
        var json = Json(set, _ => "bulk/1");
        json.GetProperty("00100010").GetRawText().Should().Contain("\"Alphabetic\":\"Doe^Jane\"");
        Value(json, "00100010").GetProperty("Ideographic").GetString().Should().Be("山田^花子");
        Value(json, "00200011").GetInt32().Should().Be(7);
        json.GetProperty("7FE00010").GetProperty("BulkDataURI").GetString().Should().Be("bulk/1");
    }

    [Theory]
    [InlineData("7", "7")]
    [InlineData("+7", "7")]
    [InlineData("1.5", "\"1.5\"")]
    [InlineData("12345678901234567890", "\"12345678901234567890\"")]
    [InlineData("seven", "\"seven\"")]
    public void A_whole_number_with_a_fraction_is_not_rounded(string text, string json) =>
        Value(Json(new DicomDataSet().Set(DicomTags.SeriesNumber, text)), "00200011").GetRawText().Should().Be(json);

    [Theory]
    [InlineData("0.50", "0.50")]
    [InlineData("1.234567890123456", "1.234567890123456")]
    [InlineData("+.5", "0.5")]
    [InlineData("1e5", "1e5")]
    [InlineData("wide", "\"wide\"")]
    public void A_decimal_string_keeps_its_digits(string text, string json) =>
        Value(Json(new DicomDataSet().Set(DicomTags.SliceThickness, text)), "00180050").GetRawText().Should().Be(json);

    [Fact]
    public void The_character_set_of_the_JSON_is_that_of_its_text()
    {
        var set = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 100")
            .Set(DicomTags.PatientName, "Müller")
            .SetItems(
                DicomTags.ReferencedPatientSequence,
                new DicomDataSet()
                    .Set(DicomTags.SpecificCharacterSet, "ISO_IR 101")
                    .Set(DicomTags.PatientName, "Wałęsa")
            );
        var json = Json(set);
        Value(json, "00080005").GetString().Should().Be("ISO_IR 192");
        Value(Value(json, "00081120"), "00080005").GetString().Should().Be("ISO_IR 192");
        var read = DicomJson.Read(DicomJson.ToBytes(set));
        read.GetString(DicomTags.PatientName).Should().Be("Müller");
        read.GetItems(DicomTags.ReferencedPatientSequence)[0].GetString(DicomTags.PatientName).Should().Be("Wałęsa");
    }

    [Fact]
    public void Whole_numbers_beyond_what_every_reader_keeps_are_strings()
    {
        var set = new DicomDataSet().SetBytes(
            new DicomTag(0x0009, 0x1001),
            DicomVR.UV,
            (byte[])[.. BitConverter.GetBytes(5UL), .. BitConverter.GetBytes(ulong.MaxValue)]
        );
        var values = Json(set).GetProperty("00091001").GetProperty("Value");
        values.GetRawText().Should().Be("[5,\"18446744073709551615\"]");
        DicomJson
            .Read(DicomJson.ToBytes(set))
            .GetStrings(new DicomTag(0x0009, 0x1001))
            .Should()
            .Equal("5", "18446744073709551615");
    }

    [Fact]
    public void Every_value_representation_comes_back_from_JSON()
    {
        byte[] eight = [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38];
        var set = new DicomDataSet();
        ushort element = 0x1010;
        foreach (var vr in Enum.GetValues<DicomVR>().Where(vr => vr is not DicomVR.SQ))
        {
            set.SetBytes(new DicomTag(0x0009, element++), vr, eight);
        }
        var read = DicomJson.Read(DicomJson.ToBytes(set));
        read.Select(e => (e.Tag, e.VR)).Should().Equal(set.Select(e => (e.Tag, e.VR)));
        foreach (var (before, after) in set.Zip(read))
        {
            after.Value.ToArray().Should().Equal(eight, before.VR.ToString());
        }
    }

    [Fact]
    public void Values_by_address_empty_values_and_empty_items_are_read()
    {
        var set = DicomJson.Read(
            """
            {"00080005":{"vr":"CS","Value":["ISO_IR 100"]},"00081120":{"vr":"SQ","Value":[null,{}]},
             "00080060":{"vr":"CS"},"00200037":{"vr":"DS","Value":[1,null,0.3333333333333333]},
             "00280009":{"vr":"AT","Value":["00181063"]},"7FE00010":{"vr":"OW","BulkDataURI":"https://a/b"}}
            """u8.ToArray()
        );
        set.GetString(DicomTags.SpecificCharacterSet).Should().Be("ISO_IR 192");
        set.GetItems(DicomTags.ReferencedPatientSequence).Should().HaveCount(2);
        set.GetString(DicomTags.ImageOrientationPatient).Should().Be("1");
        set.GetStrings(DicomTags.ImageOrientationPatient).Should().Equal("1", "", "0.33333333333333");
        set.GetTags(DicomTags.FrameIncrementPointer).Should().Equal(DicomTags.FrameTime);
        set.Find(DicomTags.PixelData)!.BulkDataUri.Should().Be("https://a/b");
        var write = () => DicomFile.WriteDataSet(new MemoryStream(), set, TransferSyntax.ExplicitVRLittleEndian);
        write.Should().Throw<InvalidOperationException>().WithMessage("*https://a/b*");
    }

    [Theory]
    [InlineData("nothing", "*not JSON*")]
    [InlineData("[]", "*JSON object*")]
    [InlineData("""{"Patient":{}}""", "*'Patient' is no tag*")]
    [InlineData("""{"00100010":{"vr":"ZZ"}}""", "*(0010,0010)*ZZ*")]
    [InlineData("""{"00280010":{"vr":"US","Value":[70000]}}""", "*70000*(0028,0010)*")]
    [InlineData("""{"00280010":{"vr":"US","Value":[{}]}}""", "*(0028,0010)*Object*")]
    [InlineData("""{"7FE00010":{"vr":"OW","InlineBinary":"%"}}""", "*base64*")]
    [InlineData("""{"00100020":{"vr":"LO"},"00100020":{"vr":"LO"}}""", "*more than once*")]
    public void What_is_no_DICOM_JSON_is_refused_with_the_place(string json, string message)
    {
        var read = () => DicomJson.Read(Encoding.UTF8.GetBytes(json));
        read.Should().Throw<DicomFormatException>().WithMessage(message);
    }

    [Fact]
    public void JSON_that_nests_deeper_than_allowed_is_refused()
    {
        var json = string.Concat(Enumerable.Repeat("""{"00081120":{"vr":"SQ","Value":[""", 5000));
        var read = () => DicomJson.Read(Encoding.UTF8.GetBytes(json));
        read.Should().Throw<DicomFormatException>().WithMessage("*nested too deeply*");
    }

    [Fact]
    public void Samples_come_back_from_JSON_with_the_same_elements()
    {
        var count = 0;
        foreach (var path in Samples.Files("dicom/modality").Concat(Samples.Files("dicom/charset")))
        {
            var set = DicomFile.Read(path).DataSet;
            var again = DicomJson.Read(DicomJson.ToBytes(set, e => e.Tag.ToHex()));
            again.Select(e => e.Tag).Should().Equal(set.Where(e => e.Tag.Element != 0).Select(e => e.Tag), path);
            // Empty component groups at a name's end are not written (PS3.18 F.2.2).
            again
                .GetString(DicomTags.PatientName)
                .Should()
                .Be(set.GetString(DicomTags.PatientName)?.TrimEnd('='), path);
            count++;
        }
        count.Should().BeGreaterThan(50);
    }

    private static JsonElement Json(DicomDataSet set, Func<DicomElement, string?>? uri = null) =>
        JsonDocument.Parse(DicomJson.ToBytes(set, uri)).RootElement;

    private static JsonElement Value(JsonElement json, string tag) => json.GetProperty(tag).GetProperty("Value")[0];
}
