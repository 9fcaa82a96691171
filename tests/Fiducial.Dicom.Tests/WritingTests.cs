namespace Fiducial.Dicom.Tests;

public sealed class WritingTests
{
    [Fact]
    public void Group_lengths_are_left_out_because_they_would_no_longer_be_true()
    {
        var set = new DicomDataSet()
            .SetBytes(new DicomTag(0x0008, 0), DicomVR.UL, new byte[] { 99, 0, 0, 0 })
            .Set(DicomTags.Modality, "CT")
            .SetItems(
                DicomTags.ReferencedStudySequence,
                new DicomDataSet().SetBytes(new DicomTag(0x0008, 0), DicomVR.UL, new byte[] { 9, 0, 0, 0 })
            );
        var read = Again(set, TransferSyntax.ExplicitVRLittleEndian);
        read.Select(e => e.Tag).Should().Equal(DicomTags.Modality, DicomTags.ReferencedStudySequence);
        read.GetItems(DicomTags.ReferencedStudySequence)[0].Should().BeEmpty();
    }

    [Fact]
    public void Elements_of_group_0002_in_a_data_set_are_not_written_where_they_would_be_read_as_the_file_s_own()
    {
        var set = new DicomDataSet().Set(DicomTags.MediaStorageSOPInstanceUID, "9.9").Set(DicomTags.Modality, "CT");
        Again(set, TransferSyntax.ExplicitVRLittleEndian).Select(e => e.Tag).Should().Equal(DicomTags.Modality);
    }

    [Fact]
    public void The_file_meta_information_says_its_true_length()
    {
        var bytes = DicomFile.FileMetaBytes("1.2", "1.2.3", "1.2.840.10008.1.2.1", "SENDER");
        bytes[128..144]
            .Should()
            .Equal([.. "DICM"u8, 2, 0, 0, 0, .. "UL"u8, 4, 0, .. BitConverter.GetBytes(bytes.Length - 144)]);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.1.99")]
    [InlineData("1.2.840.10008.1.2.2")]
    public void Every_value_representation_comes_back_in_every_native_transfer_syntax(string syntax)
    {
        byte[] eight = [1, 2, 3, 4, 5, 6, 7, 8];
        var set = new DicomDataSet();
        ushort element = 0x1010;
        set.Set(new DicomTag(0x0009, 0x0010), "ACME");
        foreach (var vr in Enum.GetValues<DicomVR>().Where(vr => vr is not DicomVR.SQ))
        {
            set.SetBytes(new DicomTag(0x0009, element++), vr, eight);
        }
        var isExplicit = TransferSyntax.Of(syntax).IsExplicitVR;
        var read = Again(set, TransferSyntax.Of(syntax));
        read.Should().HaveCount(set.Count);
        foreach (var (before, after) in set.Zip(read).Skip(1))
        {
            after.VR.Should().Be(isExplicit ? before.VR : DicomVR.UN);
            after.Value.ToArray().Should().Equal(eight, before.VR.ToString());
        }
    }

    [Theory]
    [InlineData(DicomVR.LO, (byte)' ')]
    [InlineData(DicomVR.UI, (byte)0)]
    [InlineData(DicomVR.OB, (byte)0)]
    [InlineData(DicomVR.UR, (byte)' ')]
    public void Odd_values_are_padded_as_their_VR_says(DicomVR vr, byte padding) =>
        Again(
                new DicomDataSet().SetBytes(new DicomTag(0x0009, 0x1001), vr, "1"u8.ToArray()),
                TransferSyntax.ExplicitVRLittleEndian
            )
            .First()
            .Value.ToArray()
            .Should()
            .Equal((byte)'1', padding);

    [Fact]
    public void A_text_that_is_too_long_for_its_header_is_written_as_UN_and_keeps_its_meaning()
    {
        var text = new string('x', 70_000);
        var read = Again(
            new DicomDataSet().Set(DicomTags.PatientComments, text),
            TransferSyntax.ExplicitVRLittleEndian,
            DicomReadOptions.InMemory
        );
        read.Find(DicomTags.PatientComments)!.VR.Should().Be(DicomVR.UN);
        read.GetString(DicomTags.PatientComments).Should().Be(text);
    }

    [Fact]
    public void Encapsulated_pixel_data_are_written_with_their_offset_table_and_fragments()
    {
        var syntax = TransferSyntax.Of("1.2.840.10008.1.2.4.70");
        var set = new DicomDataSet();
        set.Add(
            new DicomElement
            {
                Tag = DicomTags.PixelData,
                VR = DicomVR.OB,
                OffsetTable = new byte[] { 0, 0, 0, 0, 12, 0, 0, 0 },
                LoadedFragments = [new byte[] { 1, 2, 3 }, new byte[] { 4, 5 }],
            }
        );
        using var bytes = new MemoryStream();
        DicomFile.WriteDataSet(bytes, set, syntax);
        var read = DicomFile.ReadDataSet(bytes.ToArray(), syntax, DicomReadOptions.Default, out var complete);
        complete.Should().BeTrue();
        var pixels = read.Find(DicomTags.PixelData)!;
        pixels.OffsetTable.ToArray().Should().Equal(0, 0, 0, 0, 12, 0, 0, 0);
        pixels
            .Fragments!.Select(f => bytes.ToArray()[(int)f.Offset..(int)(f.Offset + f.Length)])
            .Should()
            .BeEquivalentTo([new byte[] { 1, 2, 3, 0 }, new byte[] { 4, 5 }], o => o.WithStrictOrdering());
    }

    [Fact]
    public void Pixel_data_are_never_written_in_a_syntax_that_they_do_not_have()
    {
        var native = new DicomDataSet().SetBytes(DicomTags.PixelData, DicomVR.OW, new byte[2]);
        var write = () => DicomFile.WriteDataSet(new MemoryStream(), native, TransferSyntax.RLELossless);
        write.Should().Throw<ArgumentException>().WithMessage("*encode them first*");
    }

    [Fact]
    public void A_private_block_is_reserved_once_and_found_wherever_it_stands()
    {
        var set = new DicomDataSet()
            .Set(new DicomTag(0x0029, 0x0010), "OTHER")
            .SetPrivate(0x0029, "ACME", 0x01, DicomVR.LO, "one "u8.ToArray())
            .SetPrivate(0x0029, "ACME", 0x02, DicomVR.LO, "two "u8.ToArray());
        set.GetString(new DicomTag(0x0029, 0x0011)).Should().Be("ACME");
        set.FindPrivate(0x0029, "ACME", 0x02)!.Tag.Should().Be(new DicomTag(0x0029, 0x1102));
        set.FindPrivate(0x0029, "NOBODY", 0x02).Should().BeNull();
    }

    [Fact]
    public void Numbers_that_do_not_fit_their_VR_are_refused()
    {
        var set = () => new DicomDataSet().Set(DicomTags.Rows, 70_000);
        set.Should().Throw<ArgumentException>().WithMessage("'70000'*(0028,0010)*US*");
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0 / 3, "0.33333333333333")]
    [InlineData(-1.0 / 3, "-0.3333333333333")]
    [InlineData(1e300, "1E+300")]
    [InlineData(123456789012345, "123456789012345")]
    public void A_decimal_string_has_all_the_digits_that_its_16_characters_hold(double number, string text) =>
        new DicomDataSet().Set(DicomTags.SliceThickness, number).GetString(DicomTags.SliceThickness).Should().Be(text);

    [Fact]
    public void Whole_numbers_of_64_bits_keep_every_digit()
    {
        var set = new DicomDataSet()
            .SetBytes(new DicomTag(0x0009, 0x1001), DicomVR.SV, BitConverter.GetBytes(long.MinValue + 1))
            .SetBytes(new DicomTag(0x0009, 0x1002), DicomVR.UV, BitConverter.GetBytes(ulong.MaxValue - 1));
        set.GetString(new DicomTag(0x0009, 0x1001)).Should().Be("-9223372036854775807");
        set.GetString(new DicomTag(0x0009, 0x1002)).Should().Be("18446744073709551614");
    }

    private static DicomDataSet Again(DicomDataSet set, TransferSyntax syntax, DicomReadOptions? options = null)
    {
        set.Set(DicomTags.SOPClassUID, "1.2");
        set.Set(DicomTags.SOPInstanceUID, "1.2.3");
        using var file = new MemoryStream();
        DicomFile.Write(file, set, syntax);
        set.Remove(DicomTags.SOPClassUID);
        set.Remove(DicomTags.SOPInstanceUID);
        var read = DicomFile.Read(file, options);
        read.DataSet.Remove(DicomTags.SOPClassUID);
        read.DataSet.Remove(DicomTags.SOPInstanceUID);
        read.Mended.Should().BeEmpty();
        return read.DataSet;
    }
}
