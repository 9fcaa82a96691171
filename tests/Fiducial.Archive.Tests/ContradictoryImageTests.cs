using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Archive.Tests;

/// <summary>Images whose attributes cannot all be true are refused with a sentence (each was found by fuzzing, target pixels).</summary>
public sealed class ContradictoryImageTests : IDisposable
{
    private readonly CodecPool _codecs = new(
        Path.Combine(Path.GetTempPath(), "fiducial-test-codecs"),
        NullLogger.Instance
    );

    public void Dispose() => _codecs.Dispose();

    [Theory]
    [InlineData(-65536, "entries")]
    [InlineData(-2_000_000_000, "entries")]
    [InlineData(2_000_000_000, "entries")]
    [InlineData(65537, "entries")]
    [InlineData(4, "fewer than 4 entries")]
    public void A_lookup_table_has_from_1_to_65536_entries(int entries, string sentence)
    {
        var descriptor = new byte[12];
        BitConverter.TryWriteBytes(descriptor, entries);
        descriptor[8] = 16;
        var set = TestImages
            .Grey(4, 4)
            .SetItems(
                DicomTags.VOILUTSequence,
                new DicomDataSet()
                    .SetBytes(DicomTags.LUTDescriptor, DicomVR.SL, descriptor)
                    .SetBytes(DicomTags.LUTData, DicomVR.OW, new byte[6])
            );
        Drawing(set).Should().Throw<DicomFormatException>().WithMessage($"*{sentence}*");
    }

    [Fact]
    public void Planes_of_colours_that_two_pixels_share_are_not_drawn() =>
        Drawing(Colour(8, "YBR_FULL_422").Set(DicomTags.PlanarConfiguration, 1))
            .Should()
            .Throw<DicomFormatException>()
            .WithMessage("*in place of*");

    [Fact]
    public void Single_bits_in_three_samples_are_not_drawn() =>
        Drawing(Colour(1, "RGB")).Should().Throw<DicomFormatException>().WithMessage("*in place of*");

    [Theory]
    [InlineData(16)]
    [InlineData(1)]
    public void A_frame_that_only_its_header_promises_takes_no_memory(int bits)
    {
        var set = TestImages
            .Grey(4, 4)
            .Set(DicomTags.Rows, 30_000)
            .Set(DicomTags.Columns, 30_000)
            .Set(DicomTags.BitsAllocated, bits)
            .Set(DicomTags.BitsStored, bits)
            .Set(DicomTags.HighBit, bits - 1);
        var file = new MemoryStream();
        DicomFile.Write(file, set, TransferSyntax.ExplicitVRLittleEndian);
        using var image = StoredImage.Open(file, _codecs);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = () => image.StoredFrame(0);
        read.Should().Throw<DicomFormatException>().WithMessage("*end before frame 1*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(8 * 1024 * 1024);
    }

    private static DicomDataSet Colour(int bits, string photometric) =>
        TestImages
            .Grey(4, 4)
            .Set(DicomTags.SamplesPerPixel, 3)
            .Set(DicomTags.PhotometricInterpretation, photometric)
            .Set(DicomTags.PlanarConfiguration, 0)
            .Set(DicomTags.BitsAllocated, bits)
            .Set(DicomTags.BitsStored, bits)
            .Set(DicomTags.HighBit, bits - 1);

    private Action Drawing(DicomDataSet set) =>
        () =>
        {
            var file = new MemoryStream();
            DicomFile.Write(file, set, TransferSyntax.ExplicitVRLittleEndian);
            using var image = StoredImage.Open(file, _codecs);
            FrameRenderer.Draw(image, 0, 4, 4);
        };
}
