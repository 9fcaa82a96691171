using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Fiducial.Dicom.Tests;

/// <summary>Gate 1: real files are read or refused, come back the same after writing, and have as many elements as DCMTK sees.</summary>
public sealed partial class SampleFileTests(ITestOutputHelper output)
{
    private const int OverheadPerFile = 512 * 1024;

    [Fact]
    public void Every_sample_is_read_or_refused_with_a_sentence_within_five_seconds_and_ten_times_its_size()
    {
        var (read, refused, mended) = (0, 0, 0);
        // Dictionaries and encodings are made once, at the expense of whoever needs them first: not of a sample.
        Candidates().ToList().ForEach(TryReadFile);
        foreach (var path in Candidates())
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var file = DicomFile.Read(path);
                read++;
                mended += file.Mended.Count > 0 ? 1 : 0;
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                var size = file.Inflated?.Length ?? new FileInfo(path).Length;
                allocated.Should().BeLessThan(10 * size + OverheadPerFile, path);
            }
            catch (DicomFormatException e)
            {
                refused++;
                output.WriteLine($"{Path.GetFileName(path)}: {e.Message}");
            }
            // A busy machine is slow once, a slow parser each time.
            Enumerable.Range(0, 3).Any(_ => TimeToRead(path) < TimeSpan.FromSeconds(5)).Should().BeTrue(path);
        }
        output.WriteLine(Proof.Say($"gate 1: {read} samples read ({mended} mended), {refused} refused"));
        refused.Should().BeLessThanOrEqualTo(8);
    }

    [Fact]
    public void Every_sample_that_is_read_is_the_same_after_it_was_written_and_read_again()
    {
        var (same, encapsulated) = (0, 0);
        foreach (var path in Candidates())
        {
            using var source = File.OpenRead(path);
            if (!TryRead(source, out var file))
            {
                continue;
            }
            using var copy = new MemoryStream();
            copy.Write(DicomFile.FileMetaBytes("1.2", "1.2.3", file.TransferSyntax.Uid, null));
            DicomFile.WriteDataSet(copy, file.DataSet, file.TransferSyntax, file.Values(source));
            var again = DicomFile.Read(copy);
            string.Join("; ", Differences(file, source, again, copy)).Should().BeEmpty(path);
            same++;
            encapsulated += file.PixelData is { IsEncapsulated: true } ? 1 : 0;
        }
        output.WriteLine(Proof.Say($"gate 1: {same} samples written and read again ({encapsulated} encapsulated)"));
        same.Should().BeGreaterThan(400);
    }

    [Fact]
    public void Where_dcmdump_reads_a_sample_it_finds_as_many_elements_as_we_do()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dcmdump"), "dcmtk is not installed.");
        var (equal, elements, notRead) = (0, 0, 0);
        var different = new List<string>();
        foreach (var path in Candidates())
        {
            if (CountOfDcmdump(path) is not { } theirs)
            {
                notRead++;
                continue;
            }
            try
            {
                var file = DicomFile.Read(path);
                var ours = Count(file.FileMeta) + Count(file.DataSet);
                if (ours == theirs)
                {
                    equal++;
                    elements += ours;
                }
                else
                {
                    different.Add($"{path}: {ours} elements, dcmdump has {theirs}; {string.Join(' ', file.Mended)}");
                }
            }
            catch (DicomFormatException e)
            {
                different.Add($"{path}: {e.Message}; dcmdump has {theirs}");
            }
        }
        output.WriteLine(
            Proof.Say($"gate 1: {equal} samples with {elements} elements as dcmdump has them; it refused {notRead}")
        );
        string.Join(Environment.NewLine, different).Should().BeEmpty();
    }

    private static IEnumerable<string> Candidates() =>
        Samples
            .Files("dicom")
            .Where(path =>
                Path.GetExtension(path) is not (".tsv" or ".md" or ".txt" or ".dump")
                && !path.EndsWith("SUMS", StringComparison.Ordinal)
            );

    private static TimeSpan TimeToRead(string path)
    {
        var watch = Stopwatch.StartNew();
        TryReadFile(path);
        return watch.Elapsed;
    }

    private static void TryReadFile(string path)
    {
        using var source = File.OpenRead(path);
        _ = TryRead(source, out _);
    }

    private static bool TryRead(Stream source, out DicomFile file)
    {
        try
        {
            file = DicomFile.Read(source);
            return true;
        }
        catch (DicomFormatException)
        {
            file = null!;
            return false;
        }
    }

    private static int Count(DicomDataSet set) => set.Sum(e => 1 + (e.Items?.Sum(Count) ?? 0));

    private static int? CountOfDcmdump(string path)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dcmdump", ["-q", path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? ElementLine().Count(text) : null;
    }

    [GeneratedRegex(@"^ *\((?!fffe)[0-9a-f]{4},[0-9a-f]{4}\) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ElementLine();

    // Group lengths are not written again, and odd values are padded: all else is compared.
    private static IEnumerable<string> Differences(DicomFile a, Stream inA, DicomFile b, Stream inB)
    {
        var pending = new Stack<(DicomDataSet A, DicomDataSet B)>([(a.DataSet, b.DataSet)]);
        while (pending.TryPop(out var sets))
        {
            var before = sets.A.Where(e => e.Tag.Element != 0).ToList();
            if (before.Count != sets.B.Count)
            {
                yield return $"{before.Count} elements, then {sets.B.Count}";
                continue;
            }
            foreach (var (x, y) in before.Zip(sets.B))
            {
                if (
                    x.Tag != y.Tag
                    || x.VR != y.VR
                    || x.Items?.Count != y.Items?.Count
                    || x.Fragments?.Count != y.Fragments?.Count
                )
                {
                    yield return $"{x} became {y}";
                }
                else if (x.Items is { } items)
                {
                    items.Zip(y.Items!).ToList().ForEach(pending.Push);
                }
                else if (!Pieces(a, x, inA).Zip(Pieces(b, y, inB)).All(p => IsPadded(p.First.Span, p.Second.Span)))
                {
                    yield return $"the value of {x} changed";
                }
            }
        }
    }

    private static List<ReadOnlyMemory<byte>> Pieces(DicomFile file, DicomElement element, Stream stream) =>
        element.Fragments is { } fragments
            ?
            [
                element.OffsetTable,
                .. fragments.Select(f =>
                    file.ReadValue(
                        stream,
                        new DicomElement
                        {
                            Tag = element.Tag,
                            VR = DicomVR.OB,
                            Location = f,
                        }
                    )
                ),
            ]
            : [file.ReadValue(stream, element)];

    private static bool IsPadded(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        after.Length == before.Length + (before.Length & 1) && after.StartsWith(before);
}
