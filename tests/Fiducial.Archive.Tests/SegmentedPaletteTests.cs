using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Archive.Tests;

/// <summary>A palette that is told in segments (PS3.3 C.7.9.2) is drawn as if each entry stood there.</summary>
public sealed class SegmentedPaletteTests
{
    private const int Discrete = 0;
    private const int Linear = 1;
    private const int Indirect = 2;

    private static readonly (DicomTag Descriptor, DicomTag Data, DicomTag Segments)[] Channels =
    [
        (
            DicomTags.RedPaletteColorLookupTableDescriptor,
            DicomTags.RedPaletteColorLookupTableData,
            DicomTags.SegmentedRedPaletteColorLookupTableData
        ),
        (
            DicomTags.GreenPaletteColorLookupTableDescriptor,
            DicomTags.GreenPaletteColorLookupTableData,
            DicomTags.SegmentedGreenPaletteColorLookupTableData
        ),
        (
            DicomTags.BluePaletteColorLookupTableDescriptor,
            DicomTags.BluePaletteColorLookupTableData,
            DicomTags.SegmentedBluePaletteColorLookupTableData
        ),
    ];

    [Theory]
    [InlineData(8, "explicit")]
    [InlineData(16, "explicit")]
    [InlineData(8, "big endian")]
    [InlineData(16, "big endian")]
    public async Task Values_lines_and_what_was_told_before_are_drawn_as_their_entries(int bits, string syntax)
    {
        // Twice: 5 values; a line of 4 points; both again, of which the line begins where the last entry ended; a line down to 0.
        var step = bits == 8 ? 1 : 0x101;
        int[] values = [0xFF * step, 3 * step, 0x7F * step, 0, 10 * step];
        int[] line = [20 * step, 30 * step, 40 * step, 50 * step];
        int[] down = [40 * step, 30 * step, 20 * step, 10 * step, 0];
        int[] entries = [.. values, .. line, .. values, .. line, .. down];
        var told = Told(bits, [Discrete, 5, .. values], [Linear, 4, 50 * step], [Indirect, 2, 0], [Linear, 5, 0]);
        var (segmented, plain) = (Indexed(entries.Length, bits), Indexed(entries.Length, bits));
        foreach (var (descriptor, data, segments) in Channels)
        {
            segmented.SetBytes(segments, DicomVR.OW, told);
            plain.SetBytes(data, DicomVR.OW, entries.SelectMany(e => new[] { (byte)e, (byte)(e >> 8) }).ToArray());
        }
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var written = syntax == "explicit" ? TransferSyntax.ExplicitVRLittleEndian : TransferSyntax.ExplicitVRBigEndian;
        (await archive.StoreAsync(segmented, written)).IsSuccess.Should().BeTrue();
        (await archive.StoreAsync(plain)).IsSuccess.Should().BeTrue();
        var (drawn, expected) = (await PictureAsync(web, segmented), await PictureAsync(web, plain));
        drawn.Should().Equal(expected);
        drawn.Distinct().Should().HaveCountGreaterThan(6);
    }

    [Theory]
    [InlineData(new[] { Linear, 4, 50 }, "begins with a segment of kind 1")]
    [InlineData(new[] { Indirect, 1, 0, 0 }, "begins with a segment of kind 2")]
    [InlineData(new[] { Discrete, 2, 1, 2 }, "ends when it has told 2 of 24 entries")]
    [InlineData(new[] { Discrete, 100, 1, 2 }, "ends when it has told 2 of 24 entries")]
    [InlineData(new[] { Discrete, 1, 7, Linear, 0, 9 }, "has a segment of no length")]
    [InlineData(new[] { Discrete, 1, 7, 3, 5, 9 }, "has a segment of kind 3")]
    [InlineData(new[] { Discrete, 1, 7, Indirect, 65535, 6, 0 }, "points to a segment that points")]
    [InlineData(new[] { Discrete, 1, 7, Indirect, 1, 65535, 65535 }, "ends when it has told 1 of 24 entries")]
    [InlineData(new[] { Discrete, 1, 7, Indirect, 1, 65535, 32767 }, "ends when it has told 1 of 24 entries")]
    public async Task A_palette_that_cannot_be_is_not_drawn_and_the_answer_says_why(int[] told, string sentence)
    {
        var image = Indexed(24, 16);
        foreach (var (_, _, segments) in Channels)
        {
            image.SetBytes(segments, DicomVR.OW, Told(16, told));
        }
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        await archive.StoreAsync(image);
        using var answer = await web.GetAsync(AddressOf(image));
        answer.StatusCode.Should().Be(HttpStatusCode.NotAcceptable);
        (await answer.Content.ReadAsStringAsync()).Should().Contain(sentence);
    }

    [Fact]
    public void A_real_palette_of_sixteen_bits_gives_the_colours_that_pydicom_gives()
    {
        // pydicom 2.3.1: apply_color_lut, 255 * value / 65535 rounded; discrete and linear segments, 65,536 entries a colour.
        using var codecs = new CodecPool(CompiledCodecs.Shelf, NullLogger.Instance);
        using var image = StoredImage.Open(
            File.OpenRead(Path.Combine(Samples.Folder("dicom"), "modality/dtf-gdcm-US-ALOKA-16.dcm")),
            codecs
        );
        var colours = FrameRenderer.Draw(image, 0, 640, 480).Samples;
        colours.AsSpan(3 * 9600, 3).ToArray().Should().Equal(40, 45, 65);
        colours.AsSpan(3 * 150_000, 3).ToArray().Should().Equal(24, 24, 24);
        Convert.ToHexStringLower(MD5.HashData(colours)).Should().Be("30dfc2eb13ee775be548716044dd5eca");
    }

    // A row of pixels whose values are their columns, and the palette's descriptors.
    private static DicomDataSet Indexed(int entries, int bits)
    {
        var image = TestImages.Grey(entries, 1, (x, _) => x).Set(DicomTags.PhotometricInterpretation, "PALETTE COLOR");
        foreach (var (descriptor, _, _) in Channels)
        {
            image.SetBytes(descriptor, DicomVR.US, (byte[])[(byte)entries, 0, 0, 0, (byte)bits, 0]);
        }
        return image;
    }

    // Each segment is its kind, its length, and values, one end or an offset (of which the words are given, or the lower byte).
    private static byte[] Told(int bits, params int[][] segments)
    {
        var cells = segments.SelectMany(s =>
            s[0] == Indirect && s.Length == 3 ? [.. s, .. new int[bits == 8 ? 3 : 1]] : s
        );
        var told =
            bits == 8
                ? cells.Select(c => (byte)c).ToList()
                : cells.SelectMany(c => new[] { (byte)c, (byte)(c >> 8) }).ToList();
        return [.. told, .. new byte[told.Count % 2]];
    }

    private static async Task<byte[]> PictureAsync(HttpClient web, DicomDataSet image)
    {
        using var answer = await web.GetAsync(new Uri(web.BaseAddress!, AddressOf(image)), "image/png");
        answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        using var picture = SkiaSharp.SKBitmap.Decode(await answer.Content.ReadAsByteArrayAsync());
        return [.. picture.Pixels.SelectMany(p => new[] { p.Red, p.Green, p.Blue })];
    }

    private static string AddressOf(DicomDataSet set) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/dicomweb/studies/{set.GetString(DicomTags.StudyInstanceUID)}/series/{set.GetString(DicomTags.SeriesInstanceUID)}/instances/{set.GetString(DicomTags.SOPInstanceUID)}/rendered"
        );
}
