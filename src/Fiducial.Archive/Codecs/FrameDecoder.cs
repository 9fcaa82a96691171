using System.IO.Compression;
using Fiducial.Dicom;

namespace Fiducial.Archive.Codecs;

/// <summary>Which codec decodes which transfer syntax, and what must be put right behind it.</summary>
internal static class FrameDecoder
{
    private const string Rle = "1.2.840.10008.1.2.5";
    private const string EncapsulatedUncompressed = "1.2.840.10008.1.2.1.98";
    private const string JpegXlOfJpeg = "1.2.840.10008.1.2.4.111";
    private const string DeflatedFrame = "1.2.840.10008.1.2.8.1";

    /// <summary>Bytes: more than any detector or scanner has in one frame.</summary>
    private const long LargestFrame = 1L << 30;

    /// <summary>True when frames of this encapsulated syntax can be decoded here.</summary>
    public static bool Knows(TransferSyntax syntax) =>
        syntax.Uid is Rle or DeflatedFrame or EncapsulatedUncompressed || FunctionFor(syntax.Uid) is not null;

    /// <summary>Decodes one frame to native samples, little endian, colour-by-pixel.</summary>
    /// <returns>The samples, and the shape that they have.</returns>
    /// <exception cref="CodecException">The frame cannot be decoded.</exception>
    public static (byte[] Samples, ImageDescription Image) Decode(
        TransferSyntax syntax,
        ReadOnlySpan<byte> encoded,
        ImageDescription image,
        CodecPool codecs
    )
    {
        // Three numbers in a header are all that a decompression bomb needs.
        if (image.DecodedLength > LargestFrame)
        {
            throw new CodecException(
                $"A frame of {image.Columns} x {image.Rows} pixels is too large to be decoded here."
            );
        }
        var (samples, decoded) = syntax.Uid switch
        {
            Rle => (RunLength.Decode(encoded, image), image with { IsPlanar = false }),
            DeflatedFrame => (Inflate(encoded, image), image),
            // PS3.5 A.4.11: a frame as it would be in native pixel data, between item tags.
            EncapsulatedUncompressed => (encoded.ToArray(), image),
            _ => Sandboxed(syntax, encoded, image, codecs),
        };
        if (samples.Length < decoded.DecodedLength)
        {
            throw new CodecException(
                $"The frame decodes to {samples.Length} bytes in place of {decoded.DecodedLength}."
            );
        }
        return (samples, decoded);
    }

    private static (byte[], ImageDescription) Sandboxed(
        TransferSyntax syntax,
        ReadOnlySpan<byte> encoded,
        ImageDescription image,
        CodecPool codecs
    )
    {
        var function = FunctionFor(syntax.Uid) ?? throw new CodecException($"{syntax.Name} cannot be decoded here.");
        var shape = CodestreamShape.Of(encoded);
        if (shape is { } said && Contradiction(said, function, image) is { } why)
        {
            throw new CodecException(why);
        }
        // The codecs write one byte or two for a sample, as the codestream has it, whatever the data set allocates.
        var written =
            shape is { Precision: <= 8 } ? 8
            : shape is null ? image.BitsAllocated
            : 16;
        var (samples, decoded) = codecs.Decode(function, encoded, image with { BitsAllocated = written });
        // CharLS leaves components that are not interleaved as planes and does not say so.
        if (function is "DecodeJpegLs" && image.SamplesPerPixel > 1 && InterleaveOf(encoded) == 0)
        {
            decoded = decoded with { IsPlanar = true };
        }
        // OpenJPH gives components that are not transformed together one after the other, line by line, and the codec takes them in turn.
        if (function is "DecodeHtJpeg2000" && shape is { Components: > 1, IsTransformed: false })
        {
            samples = LinesInTurn(samples, decoded);
        }
        // What the encoder turned into other colours its decoder turns back, as with a JPEG whose samples it repacked.
        if (
            function is "DecodeJpegXl"
            && (syntax.Uid is JpegXlOfJpeg || image.PhotometricInterpretation is "XYB" or "YBR_FULL_422")
            && image.SamplesPerPixel == 3
        )
        {
            decoded = decoded with { PhotometricInterpretation = "RGB" };
        }
        if (decoded.IsPlanar && image.SamplesPerPixel > 1)
        {
            samples = ByPixel(samples, decoded);
        }
        return (
            Widened(samples, decoded.BitsAllocated, image),
            decoded with
            {
                IsPlanar = false,
                BitsAllocated = image.BitsAllocated,
            }
        );
    }

    // What the codecs would answer with a picture that is not the one in the codestream.
    private static string? Contradiction(CodestreamShape code, string function, ImageDescription image) =>
        (code.Rows, code.Columns) != (image.Rows, image.Columns)
            ? $"The codestream has {code.Columns} x {code.Rows} pixels, its header {image.Columns} x {image.Rows}."
        : code.Components != image.SamplesPerPixel
            ? $"The codestream has {code.Components} samples a pixel, its header {image.SamplesPerPixel}."
        : code.Precision > image.BitsAllocated
            ? $"The codestream has {code.Precision} bits a sample, its header allocates {image.BitsAllocated}."
        : code.Precision > 16
        || code.IsSubsampled
        || (
            function is "DecodeJpeg2000"
            && (code.Components is not (1 or 3) || (code.Components == 3 && code.Precision > 8))
        )
            ? $"A codestream of {code.Components} components with {code.Precision} bits{(code.IsSubsampled ? ", some of them coarser," : "")} cannot be decoded here."
        : null;

    private static byte[] LinesInTurn(byte[] lines, ImageDescription image)
    {
        var unit = image.BitsAllocated / 8;
        var (rows, columns, samples) = (image.Rows, image.Columns, image.SamplesPerPixel);
        var mixed = new byte[lines.Length];
        for (var line = 0; line < rows * samples; line++)
        {
            var from = (line / samples * columns * samples + line % samples) * unit;
            var to = (line % rows * columns * samples + line / rows) * unit;
            for (var column = 0; column < columns; column++)
            {
                var step = column * samples * unit;
                lines.AsSpan(from + step, unit).CopyTo(mixed.AsSpan(to + step));
            }
        }
        return mixed;
    }

    // Samples of one byte in the two or four that the data set allocates for each, or of two in four.
    private static byte[] Widened(byte[] samples, int bits, ImageDescription image)
    {
        var (from, to) = (bits / 8, (image.BitsAllocated + 7) / 8);
        if (from == to)
        {
            return samples;
        }
        var wide = new byte[samples.Length / from * to];
        for (var sample = 0; sample < samples.Length / from; sample++)
        {
            var narrow = samples.AsSpan(sample * from, from);
            narrow.CopyTo(wide.AsSpan(sample * to));
            if (image.IsSigned && (narrow[^1] & 0x80) != 0)
            {
                wide.AsSpan(sample * to + from, to - from).Fill(0xFF);
            }
        }
        return wide;
    }

    private static string? FunctionFor(string uid) =>
        uid.StartsWith("1.2.840.10008.1.2.4.", StringComparison.Ordinal)
            ? uid["1.2.840.10008.1.2.4.".Length..] switch
            {
                "50" or "51" or "53" or "55" or "57" or "70" => "DecodeJpeg",
                "80" or "81" => "DecodeJpegLs",
                "90" or "91" => "DecodeJpeg2000",
                "201" or "202" or "203" => "DecodeHtJpeg2000",
                "110" or "111" or "112" => "DecodeJpegXl",
                _ => null,
            }
            : null;

    // Start of scan (T.87 C.2.3): marker, length, components and two bytes for each, near, interleave, transform.
    private static int InterleaveOf(ReadOnlySpan<byte> code)
    {
        for (var at = 2; at + 4 <= code.Length && code[at] == 0xFF; )
        {
            var length = (code[at + 2] << 8) | code[at + 3];
            if (code[at + 1] == 0xDA)
            {
                var interleave = at + length;
                return interleave < code.Length ? code[interleave] : -1;
            }
            at += 2 + length;
        }
        return -1;
    }

    private static byte[] ByPixel(ReadOnlySpan<byte> planes, ImageDescription image)
    {
        var unit = (image.BitsAllocated + 7) / 8;
        var pixels = image.Rows * image.Columns;
        var mixed = new byte[image.DecodedLength];
        for (var sample = 0; sample < image.SamplesPerPixel; sample++)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                planes
                    .Slice((sample * pixels + pixel) * unit, unit)
                    .CopyTo(mixed.AsSpan((pixel * image.SamplesPerPixel + sample) * unit));
            }
        }
        return mixed;
    }

    // PS3.5 A.4.13: each frame is a deflated stream of its own.
    private static byte[] Inflate(ReadOnlySpan<byte> encoded, ImageDescription image)
    {
        try
        {
            using var inflate = new DeflateStream(new MemoryStream(encoded.ToArray()), CompressionMode.Decompress);
            var frame = new byte[image.FrameLength];
            inflate.ReadExactly(frame);
            return frame;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new CodecException("The deflated frame is damaged.", e);
        }
    }
}
