using System.Globalization;
using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
using Fiducial.Archive.Previews;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Archive.Tests;

/// <summary>What lies over an image is drawn in a reader's picture at its place, and never in a preview.</summary>
public sealed class OverlayTests : IDisposable
{
    private static readonly DicomTag OverlayRows = new(0x6000, 0x0010);
    private static readonly DicomTag OverlayColumns = new(0x6000, 0x0011);
    private static readonly DicomTag OverlayOrigin = new(0x6000, 0x0050);
    private static readonly DicomTag OverlayData = new(0x6000, 0x3000);

    private readonly CodecPool _codecs = new(CompiledCodecs.Shelf, NullLogger.Instance);

    public void Dispose() => _codecs.Dispose();

    [Theory]
    [InlineData("modality/dcm4che-ovly_p01.dcm")]
    [InlineData("modality/pydicom-examples_overlay.dcm")]
    [InlineData("modality/fodicom-OutOfBoundsOverlay.dcm")]
    public async Task An_overlay_lies_where_dcmtk_draws_it(string name)
    {
        var path = Path.Combine(Samples.Folder("dicom"), name);
        var (theirs, theirBare) = (await Dcmj2pnm(path, "+O", "0", "+Omr"), await Dcmj2pnm(path, "-O"));
        using var image = Open(File.ReadAllBytes(path));
        var (ours, bare) = (Draw(image, withOverlays: true), Draw(image, withOverlays: false));
        ours.Should().HaveSameCount(theirs);
        // Where the image is white already a white mark is not seen.
        var seen = Enumerable.Range(0, ours.Length).Where(i => bare[i] < 255 && theirBare[i] < 255).ToList();
        seen.Count(i => theirs[i] != theirBare[i]).Should().BePositive();
        seen.Where(i => ours[i] != bare[i] != (theirs[i] != theirBare[i])).Should().BeEmpty();
    }

    [Fact]
    public void An_overlay_that_reaches_over_the_edge_is_cut_there()
    {
        // Three by three bits, all set, of which one row and one column lie in the image.
        using var image = Open(
            Written(
                Black()
                    .Set(OverlayRows, 3)
                    .Set(OverlayColumns, 3)
                    .SetBytes(OverlayOrigin, DicomVR.SS, (byte[])[0xFF, 0xFF, 0xFF, 0xFF])
                    .SetBytes(OverlayData, DicomVR.OW, (byte[])[0xFF, 0x01])
            )
        );
        Lit(Draw(image, withOverlays: true)).Should().Equal(0);
    }

    [Fact]
    public void A_single_bit_is_still_seen_in_a_small_picture_and_never_in_a_preview()
    {
        var set = Black();
        using var bare = Open(Written(set));
        set.Set(OverlayRows, 8)
            .Set(OverlayColumns, 8)
            .SetBytes(OverlayData, DicomVR.OW, (byte[])[0, 0, 0, 0, 0, 0b100000, 0, 0]);
        using var image = Open(Written(set));
        Lit(FrameRenderer.Draw(image, 0, 2, 2, withOverlays: true).Samples).Should().Equal(3);
        PreviewMaker.Make(image)!.Jpeg.Should().Equal(PreviewMaker.Make(bare)!.Jpeg);
    }

    [Theory]
    [InlineData(30_000, 30_000, -32_768)]
    [InlineData(30_000, 30_000, 32_767)]
    [InlineData(8, 8, 0)]
    public void An_overlay_of_a_size_and_place_that_cannot_be_does_no_harm(int rows, int columns, short origin)
    {
        byte[] place = [.. BitConverter.GetBytes(origin), .. BitConverter.GetBytes(origin)];
        using var image = Open(
            Written(
                Black()
                    .Set(OverlayRows, rows)
                    .Set(OverlayColumns, columns)
                    .SetBytes(OverlayOrigin, DicomVR.SS, place)
                    .SetBytes(OverlayData, DicomVR.OW, (byte[])[0, 0])
            )
        );
        Lit(Draw(image, withOverlays: true)).Should().BeEmpty();
    }

    private static DicomDataSet Black() =>
        TestImages.Grey(8, 8, (x, y) => 0).Set(DicomTags.WindowCenter, 500).Set(DicomTags.WindowWidth, 100);

    private static byte[] Written(DicomDataSet set)
    {
        using var file = new MemoryStream();
        DicomFile.Write(file, set, TransferSyntax.ExplicitVRLittleEndian);
        return file.ToArray();
    }

    private StoredImage Open(byte[] part10) => StoredImage.Open(new MemoryStream(part10), _codecs);

    private static byte[] Draw(StoredImage image, bool withOverlays) =>
        FrameRenderer.Draw(image, 0, image.Image!.Columns, image.Image.Rows, withOverlays: withOverlays).Samples;

    private static IEnumerable<int> Lit(byte[] samples) =>
        Enumerable.Range(0, samples.Length).Where(i => samples[i] == byte.MaxValue);

    private static async Task<byte[]> Dcmj2pnm(string path, params string[] options)
    {
        var pgm = Path.GetTempFileName();
        try
        {
            var (exitCode, said) = await Dcmtk.RunAsync("dcmj2pnm", [.. options, "+op", path, pgm]);
            exitCode.Should().Be(0, said);
            var bytes = await File.ReadAllBytesAsync(pgm);
            // P5, width, height and the largest value, each ended by white space; then a byte a pixel.
            var words = System.Text.Encoding.ASCII.GetString(bytes, 0, 64).Split((char[])[' ', '\n'], 5);
            var pixels =
                int.Parse(words[1], CultureInfo.InvariantCulture) * int.Parse(words[2], CultureInfo.InvariantCulture);
            return bytes[^pixels..];
        }
        finally
        {
            File.Delete(pgm);
        }
    }
}
