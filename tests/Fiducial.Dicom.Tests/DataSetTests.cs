namespace Fiducial.Dicom.Tests;

public sealed class DataSetTests
{
    [Fact]
    public void The_dictionary_knows_keywords_private_creators_and_repeating_groups()
    {
        DicomDictionary.Find(DicomTags.PatientID)!.Keyword.Should().Be("PatientID");
        DicomDictionary.Find("StudyInstanceUID")!.Tag.Should().Be(new DicomTag(0x0020, 0x000D));
        DicomDictionary.VROf(new DicomTag(0x0009, 0x0010)).Should().Be(DicomVR.LO);
        DicomDictionary.VROf(new DicomTag(0x0009, 0x1001)).Should().Be(DicomVR.UN);
        DicomDictionary.VROf(new DicomTag(0x6002, 0x0010)).Should().Be(DicomVR.US);
        DicomDictionary.VROf(new DicomTag(0x0008, 0x0000)).Should().Be(DicomVR.UL);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.2")]
    public void What_was_written_reads_back_the_same(string syntax)
    {
        var set = new DicomDataSet()
            .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
            .Set(DicomTags.SOPInstanceUID, "1.2.3")
            .Set(DicomTags.PatientName, "Doe^Jane")
            .Set(DicomTags.Rows, 512)
            .Set(DicomTags.PixelSpacing, "0.5", "0.25")
            .SetItems(
                DicomTags.ReferencedStudySequence,
                new DicomDataSet().Set(DicomTags.ReferencedSOPInstanceUID, "1.2.3.4"),
                new DicomDataSet()
            )
            .SetBytes(DicomTags.PixelData, DicomVR.OW, new byte[] { 1, 2, 3, 4 });
        using var file = new MemoryStream();
        DicomFile.Write(file, set, TransferSyntax.Of(syntax), "SENDER");
        var read = DicomFile.Read(file);

        read.TransferSyntax.Uid.Should().Be(syntax);
        read.Mended.Should().BeEmpty();
        read.FileMeta.GetString(DicomTags.SourceApplicationEntityTitle).Should().Be("SENDER");
        read.DataSet.GetString(DicomTags.PatientName).Should().Be("Doe^Jane");
        read.DataSet.GetInt(DicomTags.Rows).Should().Be(512);
        read.DataSet.GetDoubles(DicomTags.PixelSpacing).Should().Equal(0.5, 0.25);
        read.DataSet.GetItems(DicomTags.ReferencedStudySequence).Should().HaveCount(2);
        read.DataSet.Find(DicomTags.PixelData)!.Value.ToArray().Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void A_length_beyond_the_end_is_refused_with_its_place_and_nothing_is_allocated()
    {
        byte[] bytes = [0x10, 0, 0x20, 0, 0xF0, 0xFF, 0xFF, 0x7F, 1, 2];
        var read = () => DicomFile.Read(new MemoryStream([.. new byte[128], .. "DICM"u8, .. bytes]));
        read.Should().Throw<DicomFormatException>().WithMessage("*byte*");
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_refused_and_does_not_end_the_process()
    {
        var bytes = new MemoryStream();
        bytes.Write(new byte[128]);
        bytes.Write("DICM"u8);
        for (var i = 0; i < 100_000; i++)
        {
            bytes.Write([
                0x08,
                0,
                0x10,
                0x11,
                (byte)'S',
                (byte)'Q',
                0,
                0,
                0xFF,
                0xFF,
                0xFF,
                0xFF,
                0xFE,
                0xFF,
                0,
                0xE0,
                0xFF,
                0xFF,
                0xFF,
                0xFF,
            ]);
        }
        var read = () => DicomFile.Read(bytes);
        read.Should().Throw<DicomFormatException>().WithMessage("*nested deeper*");
    }

    [Fact]
    public void Pixel_data_in_implicit_VR_are_words() =>
        DicomDictionary.VROf(DicomTags.PixelData).Should().Be(DicomVR.OW);

    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(18)]
    public void A_head_that_ends_before_the_stop_is_not_complete(int length)
    {
        // (0008,0060) CS "MR", then (0010,0020) LO of 4: cut within a value, within a header, and between elements.
        byte[] whole =
        [
            .. (byte[])[0x08, 0, 0x60, 0, (byte)'C', (byte)'S', 2, 0, (byte)'M', (byte)'R'],
            .. (byte[])[0x10, 0, 0x20, 0, (byte)'L', (byte)'O', 0, 0],
            .. (byte[])[0x28, 0, 0x10, 0, (byte)'U', (byte)'S', 2, 0, 1, 0],
        ];
        var options = new DicomReadOptions { StopBefore = DicomTags.PixelData };
        DicomFile.ReadDataSet(
            whole.AsMemory(0, length),
            TransferSyntax.ExplicitVRLittleEndian,
            options,
            out var complete
        );
        complete.Should().BeFalse();
    }

    [Theory]
    [InlineData(new byte[0], 0)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, 3)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, 0)]
    public void Fragments_that_cannot_be_told_apart_are_refused_and_never_given_to_another_frame(
        byte[] table,
        int fragments
    )
    {
        using var file = new MemoryStream();
        DicomFile.Write(
            file,
            new DicomDataSet().Set(DicomTags.SOPClassUID, "1.2").Set(DicomTags.SOPInstanceUID, "1.2.3"),
            TransferSyntax.ExplicitVRLittleEndian
        );
        file.Write([0xE0, 0x7F, 0x10, 0, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
        file.Write([0xFE, 0xFF, 0, 0xE0, (byte)table.Length, 0, 0, 0, .. table]);
        for (var i = 0; i < fragments; i++)
        {
            file.Write([0xFE, 0xFF, 0, 0xE0, 2, 0, 0, 0, 1, 2]);
        }
        file.Write([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        var frames = () => DicomFile.Read(file).PixelData!.Frames(2, _ => false);
        frames.Should().Throw<DicomFormatException>();
    }
}
