using System.Buffers.Binary;
using Fiducial.Archive.Codecs;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Archive.Tests;

/// <summary>
/// A codestream says once more what the data set says of its image. Where a decoder would make a picture of the two that neither
/// means, the frame is refused with the reason; where the meaning is plain, it is decoded.
/// </summary>
public sealed class CodestreamTests : IDisposable
{
    private const string JpegLossless = "1.2.840.10008.1.2.4.70";
    private const string JpegLs = "1.2.840.10008.1.2.4.80";
    private const string Jpeg2000 = "1.2.840.10008.1.2.4.90";
    private const string HtJpeg2000 = "1.2.840.10008.1.2.4.201";

    // Seven by five pixels of three components that are not transformed together, encoded by OpenJPH; OpenJPEG decodes the same.
    private const string SeparateComponents =
        "/0//UQAvQAAAAAAHAAAABQAAAAAAAAAAAAAABwAAAAUAAAAAAAAAAAADBwEBBwEBBwEB/1AACAACAAAAAv9SAAwAAgABAAUEBEAB"
        + "/1wAEyBIUFBQUFBQUFBQUFBQSEhI/2QAFwABT3BlbkpQSCBWZXIgMC4zMS4wLv+QAAoAAAAAAUEAAf+TwCT+F3MAwCX7AEd0AMAk"
        + "/hdzAAAAAAAAAMASwBLAEoDoAAd0AOIAB3QA4wCHdADAEkASwBKA/hdzAPwAR3QA6QAHdADAEsASwBIA7QAHdAD6AAd0AAAHdADA"
        + "FRAE0ASADp9m+ACAtAAN6AAiNAAAh3QAwBUQBNAEwNfvZPAAQ5QAxuEBAXQAjs8BAXQAwBPAE0ATAMYo9QACtABc/gACNAAefABi"
        + "NADAK6AV0Aqwvs8/39/vACDsAAF5uAC+9y/Hz+F3/AAAANG2AH7+/v9/AEID9HYAwC0IBWwCsH/fv8f/fv0AYgC6wIH+uQDvxgvi"
        + "aDkaAAAAlpYA/v9//f9/ABCA/JYAwCugFZAK0H9+fPm/vwAi/4MH+ngA8B8G4Wn+/gIiOXUA/3//ff95+wAQgH6WAP/Z";

    private readonly CodecPool _codecs = new(CompiledCodecs.Shelf, NullLogger.Instance);

    public void Dispose() => _codecs.Dispose();

    [Theory]
    [InlineData(Jpeg2000, 8, 6, 1, 8, "The codestream has 8 x 6 pixels, its header 6 x 8.")]
    [InlineData(JpegLossless, 8, 6, 1, 8, "The codestream has 8 x 6 pixels, its header 6 x 8.")]
    [InlineData(JpegLs, 8, 6, 1, 8, "The codestream has 8 x 6 pixels, its header 6 x 8.")]
    [InlineData(Jpeg2000, 6, 8, 3, 8, "The codestream has 3 samples a pixel, its header 1.")]
    [InlineData(JpegLs, 6, 8, 3, 8, "The codestream has 3 samples a pixel, its header 1.")]
    [InlineData(Jpeg2000, 6, 8, 1, 12, "The codestream has 12 bits a sample, its header allocates 8.")]
    [InlineData(JpegLs, 6, 8, 1, 16, "The codestream has 16 bits a sample, its header allocates 8.")]
    public void A_codestream_of_another_shape_than_its_header_is_refused_with_both(
        string syntax,
        int columns,
        int rows,
        int components,
        int precision,
        string reason
    )
    {
        var decode = () => Decode(syntax, Head(syntax, columns, rows, components, precision), Image(6, 8, 1, 8));
        decode.Should().Throw<CodecException>().WithMessage(reason);
    }

    [Theory]
    [InlineData(3, 16, 16, 1)]
    [InlineData(4, 8, 8, 1)]
    [InlineData(1, 24, 32, 1)]
    [InlineData(3, 8, 8, 2)]
    public void A_JPEG_2000_that_would_lose_bits_or_places_is_refused(
        int components,
        int precision,
        int allocated,
        int step
    )
    {
        var decode = () =>
            Decode(Jpeg2000, Head(Jpeg2000, 6, 8, components, precision, step), Image(6, 8, components, allocated));
        decode.Should().Throw<CodecException>().WithMessage("*cannot be decoded here.");
    }

    [Fact]
    public void Components_of_an_HTJ2K_that_are_not_transformed_together_keep_their_places()
    {
        const int columns = 7;
        const int rows = 5;
        var (samples, _) = Decode(HtJpeg2000, Convert.FromBase64String(SeparateComponents), Image(columns, rows, 3, 8));
        for (var line = 0; line < 3 * rows; line++)
        {
            // The encoder was given one line after the other, first all of the first component.
            var drawn = Enumerable
                .Range(0, columns)
                .Select(x => samples[((line % rows * columns) + x) * 3 + line / rows]);
            drawn
                .Should()
                .Equal(Enumerable.Range(0, columns).Select(x => Cell(line / 3, line % 3, x)), "line {0}", line);
        }

        static byte Cell(int row, int component, int column) =>
            (byte)(((row * columns + column) * 3 + component) * 37 + component * 50 + row * 11);
    }

    [Theory]
    [InlineData(JpegLossless, "dcmcjpeg", "+e1", 0)]
    [InlineData(JpegLossless, "dcmcjpeg", "+e1", 1)]
    [InlineData(JpegLs, "dcmcjpls", "+el", 0)]
    [InlineData(JpegLs, "dcmcjpls", "+el", 1)]
    public async Task Eight_bits_in_sixteen_come_out_as_they_went_in(
        string syntax,
        string tool,
        string option,
        int signed
    )
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-codestream-").FullName;
        try
        {
            var set = TestImages.Grey(31, 17, (x, y) => signed == 0 ? (x * 8 + y) % 256 : (x * 8 + y) % 256 - 128);
            set.Set(DicomTags.BitsStored, 8).Set(DicomTags.HighBit, 7).Set(DicomTags.PixelRepresentation, signed);
            var (native, encoded) = (Path.Combine(folder, "native.dcm"), Path.Combine(folder, "encoded.dcm"));
            await using (var file = File.Create(native))
            {
                DicomFile.Write(file, set, TransferSyntax.ExplicitVRLittleEndian);
            }
            var (code, said) = await Tool.RunAsync(tool, [option, native, encoded]);
            code.Should().Be(0, said);
            using var image = Pixels.StoredImage.Open(File.OpenRead(encoded), _codecs);
            image.File.TransferSyntax.Uid.Should().Be(syntax);
            image.DecodeFrame(0).Samples.ToArray().Should().Equal(set.Find(DicomTags.PixelData)!.Value.ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private (byte[] Samples, ImageDescription Image) Decode(string syntax, byte[] code, ImageDescription image) =>
        FrameDecoder.Decode(TransferSyntax.Of(syntax), code, image, _codecs);

    private static ImageDescription Image(int columns, int rows, int samples, int allocated) =>
        new()
        {
            Rows = rows,
            Columns = columns,
            SamplesPerPixel = samples,
            BitsAllocated = allocated,
            BitsStored = allocated,
            HighBit = allocated - 1,
            IsSigned = false,
            IsPlanar = false,
            PhotometricInterpretation = samples == 1 ? "MONOCHROME2" : "RGB",
            NumberOfFrames = 1,
        };

    // The first markers of a codestream and nothing else: T.800 A.5.1, or T.81 B.2.2 and T.87 C.2.2.
    private static byte[] Head(string syntax, int columns, int rows, int components, int precision, int step = 1)
    {
        if (syntax is not Jpeg2000)
        {
            byte frame = syntax is JpegLs ? (byte)0xF7 : (byte)0xC3;
            var jpeg = new List<byte> { 0xFF, 0xD8, 0xFF, frame, 0, (byte)(8 + 3 * components), (byte)precision };
            jpeg.AddRange([0, (byte)rows, 0, (byte)columns, (byte)components]);
            for (byte c = 1; c <= components; c++)
            {
                jpeg.AddRange([c, 0x11, 0]);
            }
            return [.. jpeg];
        }
        var code = new byte[42 + 3 * components];
        new byte[] { 0xFF, 0x4F, 0xFF, 0x51, 0, (byte)(38 + 3 * components) }.CopyTo(code, 0);
        BinaryPrimitives.WriteInt32BigEndian(code.AsSpan(8), columns);
        BinaryPrimitives.WriteInt32BigEndian(code.AsSpan(12), rows);
        BinaryPrimitives.WriteInt32BigEndian(code.AsSpan(24), columns);
        BinaryPrimitives.WriteInt32BigEndian(code.AsSpan(28), rows);
        code[41] = (byte)components;
        for (var c = 0; c < components; c++)
        {
            var coarser = (byte)(c == 0 ? 1 : step);
            new byte[] { (byte)(precision - 1), coarser, coarser }.CopyTo(code, 42 + 3 * c);
        }
        return code;
    }
}
