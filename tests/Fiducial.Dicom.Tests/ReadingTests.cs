using System.Diagnostics;

namespace Fiducial.Dicom.Tests;

public sealed class ReadingTests
{
    [Fact]
    public void Falling_tags_are_sorted_in_a_time_that_grows_with_their_number_and_it_is_said()
    {
        const int Count = 200_000;
        var bytes = new ElementBytes();
        for (var i = Count; i > 0; i--)
        {
            bytes.Implicit((uint)(0x00090000 + i * 0x20000 % 0x70000000 + i / 0x3800 * 2 + 0x1001), []);
        }
        var file = bytes.ToFile();
        var watch = Stopwatch.StartNew();
        var read = DicomFile.ReadDataSet(
            bytes.ToArray(),
            TransferSyntax.ImplicitVRLittleEndian,
            DicomReadOptions.Default,
            out _
        );
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        file.Length.Should().BeGreaterThan(Count * 8);
        read.Select(e => e.Tag).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void The_first_of_two_elements_with_one_tag_is_kept_and_the_other_is_reported()
    {
        var file = DicomFile.Read(
            Meta().Explicit(0x00100020, "LO", "FIRST ").Explicit(0x00100020, "LO", "SECOND").ToFile()
        );
        file.DataSet.GetString(DicomTags.PatientID).Should().Be("FIRST");
        file.Mended.Should().ContainMatch("(0010,0020)*more than once*first was kept*");
    }

    [Fact]
    public void Elements_out_of_order_are_put_in_order_and_reported()
    {
        var file = DicomFile.Read(Meta().Explicit(0x00100020, "LO", "ID").Explicit(0x00080060, "CS", "CT").ToFile());
        file.DataSet.Select(e => e.Tag).Should().Equal(DicomTags.Modality, DicomTags.PatientID);
        file.Mended.Should().ContainMatch("*not in the order*");
    }

    [Fact]
    public void An_unknown_VR_of_undefined_length_is_implicit_little_endian_also_within_big_endian()
    {
        var little = new ElementBytes()
            .Item()
            .Implicit(0x00280010, [0x00, 0x02])
            .Implicit(0x00100020, "ID")
            .ItemEnd()
            .SequenceEnd()
            .ToArray();
        var set = new ElementBytes(isBigEndian: true)
            .Explicit(0x00091001, "UN", little, ElementBytes.Undefined)
            .Explicit(0x00280010, "US", [0x02, 0x00])
            .Read(TransferSyntax.ExplicitVRBigEndian);
        var item = set.GetItems(new DicomTag(0x0009, 0x1001)).Should().ContainSingle().Subject;
        item.GetInt(DicomTags.Rows).Should().Be(512);
        item.GetString(DicomTags.PatientID).Should().Be("ID");
        set.GetInt(DicomTags.Rows).Should().Be(512);
    }

    [Fact]
    public void A_sequence_that_was_written_as_UN_of_defined_length_gives_its_items_and_keeps_its_bytes()
    {
        var value = new ElementBytes().Item(10).Implicit(0x00081155, "1\0").ToArray();
        var set = new ElementBytes().Explicit(0x00081140, "UN", value).Read(TransferSyntax.ExplicitVRLittleEndian);
        set.GetItems(DicomTags.ReferencedImageSequence)[0]
            .GetString(DicomTags.ReferencedSOPInstanceUID)
            .Should()
            .Be("1");
        set.Find(DicomTags.ReferencedImageSequence)!.Value.ToArray().Should().Equal(value);
    }

    [Fact]
    public void A_group_0002_in_implicit_VR_is_understood_and_reported()
    {
        var file = DicomFile.Read(
            new ElementBytes()
                .Implicit(0x00020000, [28, 0, 0, 0])
                .Implicit(0x00020010, "1.2.840.10008.1.2.1\0")
                .Explicit(0x00100020, "LO", "ID")
                .ToFile()
        );
        file.TransferSyntax.Should().Be(TransferSyntax.ExplicitVRLittleEndian);
        file.DataSet.GetString(DicomTags.PatientID).Should().Be("ID");
        file.Mended.Should().ContainMatch("*meta information*implicit*");
    }

    [Theory]
    [InlineData(0x00021000u)]
    [InlineData(0u)]
    public void A_wrong_group_length_of_the_meta_information_is_not_believed(uint length)
    {
        var file = DicomFile.Read(
            new ElementBytes()
                .Explicit(0x00020000, "UL", [.. BitConverter.GetBytes(length)])
                .Explicit(0x00020010, "UI", "1.2.840.10008.1.2\0")
                .Implicit(0x00100020, "ID")
                .ToFile()
        );
        file.DataSet.GetString(DicomTags.PatientID).Should().Be("ID");
    }

    [Fact]
    public void A_private_group_near_the_overlays_is_private() =>
        new ElementBytes()
            .Implicit(0x60010010, "ACME")
            .Implicit(0x60011010, [1, 0])
            .Implicit(0x60020010, [1, 0])
            .Read(TransferSyntax.ImplicitVRLittleEndian)
            .Select(e => e.VR)
            .Should()
            .Equal(DicomVR.LO, DicomVR.UN, DicomVR.US);

    [Theory]
    [InlineData(0x002031A0u, DicomVR.CS)]
    [InlineData(0x00280422u, DicomVR.LO)]
    [InlineData(0x50060005u, DicomVR.US)]
    [InlineData(0x7F020010u, DicomVR.OW)]
    [InlineData(0x50070005u, DicomVR.UN)]
    public void Repeating_elements_are_found_by_their_pattern_and_private_ones_are_not(uint tag, DicomVR vr) =>
        DicomDictionary.VROf(new DicomTag(tag)).Should().Be(vr);

    [Fact]
    public void Signed_pixels_make_implicit_padding_values_signed()
    {
        var set = new ElementBytes()
            .Implicit(0x00280103, [1, 0])
            .Implicit(0x00280120, [0x30, 0xF8])
            .Read(TransferSyntax.ImplicitVRLittleEndian);
        set.GetInt(DicomTags.PixelPaddingValue).Should().Be(-2000);
    }

    [Fact]
    public void A_length_of_four_gigabytes_in_a_small_file_is_refused_and_allocates_nothing()
    {
        foreach (var vr in new[] { "OB", "UT", "UN", "UC" })
        {
            var file = Meta().Explicit(0x00091001, vr, new byte[600], 0xFFFFFFF0).ToFile();
            var read = () => DicomFile.Read(file);
            read.Should().Throw<DicomFormatException>("what is made once for all is not counted");
            var before = GC.GetAllocatedBytesForCurrentThread();
            read.Should().Throw<DicomFormatException>().WithMessage("*4294967280*left*");
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(200_000);
        }
    }

    [Fact]
    public void A_sequence_whose_length_reaches_beyond_the_end_is_read_as_far_as_it_goes_and_reported()
    {
        var item = new ElementBytes().Item(400).Explicit(0x00081155, "UI", "1\0").ToArray();
        var file = DicomFile.Read(Meta().Explicit(0x00081140, "SQ", item, 0x7FFFFFF0).ToFile());
        file.DataSet.GetItems(DicomTags.ReferencedImageSequence).Should().ContainSingle().Which.Should().HaveCount(1);
        file.Mended.Should().Contain(m => m.Contains("2147483632")).And.Contain(m => m.Contains("400"));
    }

    [Fact]
    public void Encapsulated_pixel_data_whose_header_has_no_VR_are_read_all_the_same()
    {
        var file = DicomFile.Read(
            new ElementBytes()
                .Explicit(0x00020010, "UI", "1.2.840.10008.1.2.4.50")
                .Implicit(0x7FE00010, [], ElementBytes.Undefined)
                .Item(0)
                .Implicit(0xFFFEE000, [1, 2])
                .SequenceEnd()
                .ToFile()
        );
        file.PixelData!.Fragments.Should().ContainSingle().Which.Length.Should().Be(2);
        file.Mended.Should().ContainSingle().Which.Should().Contain("no value representation");
    }

    [Fact]
    public void Implicit_private_elements_get_the_VR_that_their_creator_declares_and_sequences_only_when_they_have_items()
    {
        var creator = new DicomTag(0x2001, 0x0010);
        var set = new ElementBytes()
            .Implicit(creator.Value, "Philips Imaging DD 001")
            .Implicit(0x20011003, [0, 0, 128, 63])
            .Implicit(0x2001105F, [1, 2, 3, 4])
            .Implicit(0x200110EE, [1, 2, 3, 4])
            .Read(TransferSyntax.ImplicitVRLittleEndian);
        set.Select(e => e.VR).Should().Equal(DicomVR.LO, DicomVR.FL, DicomVR.UN, DicomVR.UN);
        set.GetDouble(new DicomTag(0x2001, 0x1003)).Should().Be(1);
    }

    [Fact]
    public void Explicit_elements_in_a_data_set_that_claims_to_be_implicit_are_understood_and_reported()
    {
        var file = DicomFile.Read(
            new ElementBytes()
                .Explicit(0x00020010, "UI", "1.2.840.10008.1.2\0")
                .Explicit(0x00080060, "CS", "CT")
                .Explicit(0x00100020, "LO", "ID")
                .ToFile()
        );
        file.DataSet.GetString(DicomTags.PatientID).Should().Be("ID");
        file.Mended.Should().ContainMatch("*implicit VR data set*");
    }

    [Fact]
    public void Values_of_a_file_are_left_there_and_read_from_it_in_either_byte_order()
    {
        var words = new byte[] { 1, 2, 3, 4 };
        var options = new DicomReadOptions { LargestValueLoaded = 2 };
        using var file = new MemoryStream();
        DicomFile.Write(
            file,
            Instance().SetBytes(DicomTags.PixelData, DicomVR.OW, words),
            TransferSyntax.ExplicitVRBigEndian
        );
        var read = DicomFile.Read(file, options);
        var pixels = read.DataSet.Find(DicomTags.PixelData)!;
        pixels.Location.Should().NotBeNull();
        read.ReadValue(file, pixels).ToArray().Should().Equal(words);
        using var copy = new MemoryStream();
        DicomFile.Write(copy, read.DataSet, TransferSyntax.ExplicitVRLittleEndian, valuesFrom: read.Values(file));
        DicomFile.Read(copy).DataSet.Find(DicomTags.PixelData)!.Value.ToArray().Should().Equal(words);
    }

    [Fact]
    public void A_large_file_is_read_with_memory_that_does_not_grow_with_it()
    {
        using var file = new MemoryStream();
        DicomFile.Write(
            file,
            Instance().SetBytes(DicomTags.PixelData, DicomVR.OW, new byte[64 * 1024 * 1024]),
            TransferSyntax.ExplicitVRLittleEndian
        );
        DicomFile.Read(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DicomFile.Read(file).PixelData!.Native!.Value.Length.Should().Be(64 * 1024 * 1024);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(80 * 1024);
    }

    private static ElementBytes Meta() => new ElementBytes().Explicit(0x00020010, "UI", "1.2.840.10008.1.2.1\0");

    private static DicomDataSet Instance() =>
        new DicomDataSet().Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage).Set(DicomTags.SOPInstanceUID, "1.2.3");
}
