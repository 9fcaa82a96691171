using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Fiducial.Archive.Codecs;
using Fiducial.Archive.Pixels;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Archive.Tests;

public sealed class CodecTests(ITestOutputHelper output) : IDisposable
{
    // CharLS refuses its preset parameters; it is stored and served, and not drawn.
    private const string KnownFailure = "wg04/dtf-MR1_JLSL";

    private static readonly string[] Broken = ["fuzz/", "malformed/", "structure/pydicom-nested_priv_SQ"];

    private readonly CodecPool _codecs = new(CompiledCodecs.Shelf, NullLogger.Instance);

    public void Dispose() => _codecs.Dispose();

    [Fact]
    public void Decoded_pixels_are_those_of_two_independent_decoders()
    {
        var folder = Samples.Folder("dicom");
        var counts = new SortedDictionary<string, (int Equal, int All)>(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var row in Expected(folder).Where(r => r.Agreement is "both" or "twin" or "single"))
        {
            var fault = Compare(Path.Combine(folder, row.File), row.Md5);
            var (equal, all) = counts.GetValueOrDefault(row.Syntax);
            counts[row.Syntax] = (equal + (fault is null ? 1 : 0), all + 1);
            if (fault is not null)
            {
                faults.Add($"{row.File} ({row.Syntax}): {fault}");
            }
        }
        foreach (var (syntax, (equal, all)) in counts)
        {
            output.WriteLine($"{syntax}: {equal} of {all} equal");
        }
        faults.ForEach(output.WriteLine);
        output.WriteLine(
            Proof.Say(
                $"gate 2: {counts.Values.Sum(c => c.Equal)} of {counts.Values.Sum(c => c.All)} images in {counts.Count} transfer syntaxes decode to the expected pixels"
            )
        );
        counts.Should().NotBeEmpty("a proof of nothing is none");
        faults
            .Where(f => !f.StartsWith(KnownFailure, StringComparison.Ordinal))
            // Images of no rows, of no bits and of half their pixels: refused with a sentence, as they should be.
            .Where(f => !Broken.Any(b => f.StartsWith(b, StringComparison.Ordinal)))
            .Should()
            .BeEmpty();
    }

    [Fact]
    public async Task Who_compiles_the_codecs_at_the_same_moment_disturbs_nobody()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-codecs-").FullName;
        try
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, 2)
                    .Select(_ =>
                        Task.Run(() =>
                        {
                            using var codecs = new CodecPool(folder, NullLogger.Instance);
                            codecs.Warm();
                        })
                    )
            );
            Directory.GetFiles(folder).Should().ContainSingle().Which.Should().EndWith(".cwasm");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Frames_that_are_encapsulated_without_compression_are_those_of_the_native_image()
    {
        var set = TestImages.Grey(8, 4);
        var frame = set.Find(DicomTags.PixelData)!.Value.ToArray();
        set.Add(
            new DicomElement
            {
                Tag = DicomTags.PixelData,
                VR = DicomVR.OB,
                LoadedFragments = [frame],
            }
        );
        var path = Path.GetTempFileName();
        using (var file = File.Create(path))
        {
            DicomFile.Write(file, set, TransferSyntax.Of("1.2.840.10008.1.2.1.98"));
        }
        using var image = StoredImage.Open(File.OpenRead(path), _codecs);
        image.IsEncapsulated.Should().BeTrue();
        image.DecodeFrame(0).Samples.ToArray().Should().Equal(frame);
        File.Delete(path);
    }

    [Fact]
    public void A_damaged_codestream_is_an_error_and_the_next_one_decodes()
    {
        var folder = Samples.Folder("dicom");
        var decoded = 0;
        var refused = 0;
        var random = new Random(7);
        foreach (
            var row in Expected(folder)
                .Where(r => r.Agreement is "both" && TransferSyntax.Of(r.Syntax).IsEncapsulated)
                .Where((_, i) => i % 9 == 0)
        )
        {
            using var image = StoredImage.Open(File.OpenRead(Path.Combine(folder, row.File)), _codecs);
            var code = image.StoredFrame(0).ToArray();
            for (var i = 0; i < 4; i++)
            {
                code[random.Next(code.Length)] ^= (byte)(1 << random.Next(8));
            }
            try
            {
                FrameDecoder.Decode(image.File.TransferSyntax, code, image.Image!, _codecs);
                decoded++;
            }
            catch (CodecException)
            {
                refused++;
            }
            image.DecodeFrame(0).Samples.Length.Should().BePositive();
        }
        output.WriteLine($"{decoded} damaged frames decoded to something, {refused} were refused");
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.50")]
    [InlineData("1.2.840.10008.1.2.4.70")]
    [InlineData("1.2.840.10008.1.2.4.80")]
    [InlineData("1.2.840.10008.1.2.4.90")]
    [InlineData("1.2.840.10008.1.2.5")]
    public void A_codestream_that_promises_more_than_it_holds_is_given_up_and_the_next_one_decodes(string syntax)
    {
        var folder = Samples.Folder("dicom");
        var row = Expected(folder)
            .First(r =>
                r.Syntax == syntax
                && r.Agreement is not "differ"
                && !r.File.Contains("rgb", StringComparison.OrdinalIgnoreCase)
            );
        using var image = StoredImage.Open(File.OpenRead(Path.Combine(folder, row.File)), _codecs);
        image.DecodeFrame(0);
        var memory = Environment.WorkingSet;
        foreach (var side in new[] { 20_000, 65_000 })
        {
            var bomb = Promise(image.StoredFrame(0).ToArray(), side);
            var clock = Stopwatch.StartNew();
            try
            {
                var shape = image.Image! with { Rows = side, Columns = side };
                FrameDecoder.Decode(image.File.TransferSyntax, bomb, shape, _codecs);
                output.WriteLine($"{syntax}: {side} x {side} came out in {clock.Elapsed.TotalSeconds:F1} s");
            }
            catch (CodecException e)
            {
                output.WriteLine(
                    $"{syntax}: {side} x {side} was given up after {clock.Elapsed.TotalSeconds:F1} s: {e.Message}"
                );
            }
            clock.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(2));
        }
        GC.Collect();
        (Environment.WorkingSet - memory).Should().BeLessThan(2L << 30);
        image.DecodeFrame(0).Samples.Length.Should().BePositive();
    }

    // The same code with other numbers for its rows and columns (T.81 B.2.2, T.87 C.2.2, T.800 A.5.1); RLE has none.
    private static byte[] Promise(byte[] code, int side)
    {
        for (var at = 0; at + 40 < code.Length; at++)
        {
            if (code[at] == 0xFF && code[at + 1] is 0xC0 or 0xC1 or 0xC3 or 0xF7)
            {
                BinaryPrimitives.WriteUInt16BigEndian(code.AsSpan(at + 5), (ushort)side);
                BinaryPrimitives.WriteUInt16BigEndian(code.AsSpan(at + 7), (ushort)side);
                break;
            }
            if (code[at] == 0xFF && code[at + 1] == 0x51)
            {
                foreach (var number in new[] { 6, 10, 22, 26 })
                {
                    BinaryPrimitives.WriteInt32BigEndian(code.AsSpan(at + number), side);
                }
                break;
            }
        }
        return code;
    }

    private string? Compare(string path, string md5)
    {
        try
        {
            using var image = StoredImage.Open(File.OpenRead(path), _codecs);
            if (!image.CanDecode)
            {
                return "There is no image to decode.";
            }
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            if (image.Image!.BitsAllocated == 1)
            {
                // Frames of bits follow each other without padding, so the whole is hashed as it stands.
                var pixels = image.File.PixelData!;
                var bits = (long)image.Image.Rows * image.Image.Columns * image.Image.NumberOfFrames;
                var element = image.File.DataSet.Find(DicomTags.PixelData)!;
                var whole = element.Location is null ? pixels.Loaded.ToArray() : image.ReadValue(element);
                hash.AppendData(whole.AsSpan(0, (int)((bits + 7) / 8)));
            }
            else
            {
                for (var frame = 0; frame < image.NumberOfFrames; frame++)
                {
                    var decoded = image.DecodeFrame(frame);
                    hash.AppendData(ByPixel(decoded));
                }
            }
            var actual = Convert.ToHexStringLower(hash.GetHashAndReset());
            return actual == md5 ? null : $"{actual} is not {md5}";
        }
        catch (Exception e) when (e is CodecException or DicomFormatException)
        {
            return e.Message;
        }
    }

    private static ReadOnlySpan<byte> ByPixel(FramePixels frame)
    {
        var image = frame.Image;
        var samples = frame.Samples.Span;
        if (!image.IsPlanar || image.SamplesPerPixel == 1)
        {
            return samples;
        }
        var unit = image.BitsAllocated / 8;
        var plane = image.Rows * image.Columns * unit;
        var mixed = new byte[samples.Length];
        for (var i = 0; i < mixed.Length; i++)
        {
            var (pixel, rest) = Math.DivRem(i, unit * image.SamplesPerPixel);
            mixed[i] = samples[rest / unit * plane + pixel * unit + rest % unit];
        }
        return mixed;
    }

    private static IEnumerable<(string File, string Syntax, string Md5, string Agreement)> Expected(string folder) =>
        File.ReadLines(Path.Combine(folder, "expected-pixels.tsv"))
            .Skip(1)
            .Select(line => line.Split('\t'))
            .Where(c => c[1].StartsWith("1.2", StringComparison.Ordinal))
            .Where(c => int.Parse(c[7], CultureInfo.InvariantCulture) is 1 or 8 or 16 or 32)
            .Select(c => (c[0], c[1], c[12], c[14]));
}
