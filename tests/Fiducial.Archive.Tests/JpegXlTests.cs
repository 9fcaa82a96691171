using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;

namespace Fiducial.Archive.Tests;

/// <summary>JPEG XL of another's encoder (Debian's libjxl-tools), decoded here and by its own decoder.</summary>
public sealed class JpegXlTests : IDisposable
{
    private const string Lossless = "1.2.840.10008.1.2.4.110";
    private const string Recompressed = "1.2.840.10008.1.2.4.111";
    private const string AnyOther = "1.2.840.10008.1.2.4.112";
    private const int Columns = 151;
    private const int Rows = 97;

    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-jxl-").FullName;
    private readonly CodecPool _codecs = new(
        Path.Combine(Path.GetTempPath(), "fiducial-test-codecs"),
        NullLogger.Instance
    );

    public void Dispose()
    {
        _codecs.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(Lossless, 1, 8, 0, "-d", "0", "-e", "3")]
    [InlineData(Lossless, 1, 16, 0, "-d", "0", "-e", "7")]
    [InlineData(Lossless, 3, 8, 0, "-d", "0", "-e", "3", "--container=1")]
    [InlineData(Lossless, 3, 16, 0, "-d", "0", "-e", "3")]
    // Version 0.7 of the encoder keeps no more than 8 of 12 bits: lossless by its name alone.
    [InlineData(AnyOther, 1, 12, 0, "-d", "0", "-e", "3")]
    [InlineData(AnyOther, 1, 8, 1, "-d", "1")]
    [InlineData(AnyOther, 1, 12, 1, "-d", "1")]
    [InlineData(AnyOther, 1, 16, 1, "-d", "1", "-m", "1")]
    [InlineData(AnyOther, 3, 8, 1, "-d", "2", "-p")]
    [InlineData(AnyOther, 3, 16, 1, "-d", "1")]
    public async Task Frames_decode_to_the_samples_that_the_encoders_own_decoder_gives(
        string syntax,
        int samples,
        int bits,
        int tolerance,
        params string[] options
    )
    {
        var photometric =
            samples == 1 ? "MONOCHROME2"
            : syntax is Lossless ? "RGB"
            : "XYB";
        var original = Picture(samples, bits);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "in.pnm"), Pnm(original, samples, bits));
        var code = await EncodeAsync("in.pnm", options);
        var ours = Decode(syntax, samples, bits, photometric, code, code);
        ours[1].Should().Equal(ours[0]);
        Furthest(ours[0], await TheirsAsync(samples, bits), bits).Should().BeLessThanOrEqualTo(tolerance);
        if (syntax is Lossless)
        {
            ours[0].Should().Equal(original);
        }
    }

    [Fact]
    public async Task Twelve_bits_that_were_encoded_in_sixteen_stay_as_they_are()
    {
        var original = Picture(1, 12);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "in.pnm"), Pnm(original, 1, 16));
        var code = await EncodeAsync("in.pnm", ["-d", "0", "-e", "3"]);
        Decode(Lossless, 1, 12, "MONOCHROME2", code)[0].Should().Equal(original);
    }

    [Theory]
    [InlineData(1, "MONOCHROME2")]
    [InlineData(3, "YBR_FULL_422")]
    [InlineData(3, "RGB")]
    [InlineData(3, "YBR_FULL")]
    public async Task A_JPEG_that_was_recompressed_decodes_to_its_colours(int samples, string photometric)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "in.jpg"), Jpeg(Picture(samples, 8), samples));
        var code = await EncodeAsync("in.jpg", ["--lossless_jpeg=1"]);
        var ours = Decode(Recompressed, samples, 8, photometric, code);
        Furthest(ours[0], await TheirsAsync(samples, 8), 8).Should().BeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Frames_in_several_fragments_are_found_by_their_beginnings()
    {
        var original = Picture(1, 8);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "in.pnm"), Pnm(original, 1, 8));
        var code = await EncodeAsync("in.pnm", ["-d", "0", "-e", "3"]);
        code.AsSpan(0, 2).ToArray().Should().Equal(0xFF, 0x0A);
        using var image = Open(
            Lossless,
            1,
            8,
            "MONOCHROME2",
            2,
            code[..100],
            code[100..],
            code[..60],
            code[60..200],
            code[200..]
        );
        image.DecodeFrame(0).Samples.ToArray().Should().Equal(original);
        image.DecodeFrame(1).Samples.ToArray().Should().Equal(original);
    }

    private async Task<byte[]> EncodeAsync(string name, string[] options)
    {
        var (input, output) = (Path.Combine(_folder, name), Path.Combine(_folder, "out.jxl"));
        var (code, said) = await Tool.RunAsync("cjxl", [input, output, .. options]);
        code.Should().Be(0, said);
        return await File.ReadAllBytesAsync(output);
    }

    // Colour-by-pixel, little endian, as a data set would have them.
    private async Task<byte[]> TheirsAsync(int samples, int bits)
    {
        var output = Path.Combine(_folder, samples == 1 ? "out.pgm" : "out.ppm");
        var (code, said) = await Tool.RunAsync("djxl", [Path.Combine(_folder, "out.jxl"), output]);
        code.Should().Be(0, said);
        var bytes = await File.ReadAllBytesAsync(output);
        var at = 0;
        var words = new List<string>();
        while (words.Count < 4)
        {
            var end = Array.FindIndex(bytes, at, b => b is (byte)' ' or (byte)'\n');
            words.Add(Encoding.ASCII.GetString(bytes, at, end - at));
            at = end + 1;
        }
        words.Should().Equal(samples == 1 ? "P5" : "P6", $"{Columns}", $"{Rows}", $"{(1 << bits) - 1}");
        var values = bytes[at..];
        for (var i = 0; bits > 8 && i < values.Length; i += 2)
        {
            (values[i], values[i + 1]) = (values[i + 1], values[i]);
        }
        return values;
    }

    private List<byte[]> Decode(string syntax, int samples, int bits, string photometric, params byte[][] frames)
    {
        using var image = Open(syntax, samples, bits, photometric, frames.Length, frames);
        return
        [
            .. Enumerable
                .Range(0, frames.Length)
                .Select(i =>
                {
                    var frame = image.DecodeFrame(i);
                    frame.Image.IsPlanar.Should().BeFalse();
                    frame.Image.PhotometricInterpretation.Should().Be(samples == 1 ? "MONOCHROME2" : "RGB");
                    return frame.Samples.ToArray();
                }),
        ];
    }

    private StoredImage Open(
        string syntax,
        int samples,
        int bits,
        string photometric,
        int frames,
        params byte[][] fragments
    )
    {
        var set = TestImages
            .Header()
            .Set(DicomTags.SamplesPerPixel, samples)
            .Set(DicomTags.PhotometricInterpretation, photometric)
            .Set(DicomTags.Rows, Rows)
            .Set(DicomTags.Columns, Columns)
            .Set(DicomTags.NumberOfFrames, frames)
            .Set(DicomTags.BitsAllocated, bits > 8 ? 16 : 8)
            .Set(DicomTags.BitsStored, bits)
            .Set(DicomTags.HighBit, bits - 1)
            .Set(DicomTags.PixelRepresentation, 0);
        if (samples == 3)
        {
            set.Set(DicomTags.PlanarConfiguration, 0);
        }
        set.Add(
            new DicomElement
            {
                Tag = DicomTags.PixelData,
                VR = DicomVR.OB,
                LoadedFragments = [.. fragments.Select(f => (ReadOnlyMemory<byte>)f)],
            }
        );
        var file = new MemoryStream();
        DicomFile.Write(file, set, TransferSyntax.Of(syntax));
        file.Position = 0;
        return StoredImage.Open(file, _codecs);
    }

    // Slopes, an edge and some noise, over the whole range.
    private static byte[] Picture(int samples, int bits)
    {
        var random = new Random(1);
        var bytes = new List<byte>();
        var most = (1 << bits) - 1;
        for (var y = 0; y < Rows; y++)
        {
            for (var x = 0; x < Columns; x++)
            {
                for (var s = 0; s < samples; s++)
                {
                    var slope = (x * (s + 1) + y * 2) % 200 / 200.0;
                    var value = (x > 70 ? slope : 1 - slope) * 0.97 + random.NextDouble() * 0.03;
                    var cell = (int)(value * most);
                    bytes.Add((byte)cell);
                    if (bits > 8)
                    {
                        bytes.Add((byte)(cell >> 8));
                    }
                }
            }
        }
        return [.. bytes];
    }

    // Portable any map: samples of 16 bits have their most significant byte first.
    private static byte[] Pnm(byte[] picture, int samples, int bits)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"P{(samples == 1 ? 5 : 6)}\n{Columns} {Rows}\n{(1 << bits) - 1}\n"
        );
        var values = (byte[])picture.Clone();
        for (var i = 0; bits > 8 && i < values.Length; i += 2)
        {
            (values[i], values[i + 1]) = (values[i + 1], values[i]);
        }
        return [.. Encoding.ASCII.GetBytes(head), .. values];
    }

    private static byte[] Jpeg(byte[] picture, int samples)
    {
        using var bitmap = new SKBitmap(
            Columns,
            Rows,
            samples == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888,
            SKAlphaType.Opaque
        );
        for (var i = 0; i < Columns * Rows; i++)
        {
            var at = i * samples;
            bitmap.SetPixel(
                i % Columns,
                i / Columns,
                new SKColor(picture[at], picture[at + samples / 2], picture[at + samples - 1])
            );
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }

    private static int Furthest(byte[] one, byte[] other, int bits)
    {
        one.Length.Should().Be(other.Length);
        return bits > 8
            ? MemoryMarshal
                .Cast<byte, ushort>(one)
                .ToArray()
                .Zip(MemoryMarshal.Cast<byte, ushort>(other).ToArray())
                .Max(p => Math.Abs(p.First - p.Second))
            : one.Zip(other).Max(p => Math.Abs(p.First - p.Second));
    }
}
