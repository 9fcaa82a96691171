using System.Diagnostics;

namespace Fiducial.Dicom.Tests;

public sealed class SampleFileTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_sample_file_is_read_or_refused_with_a_sentence_within_five_seconds()
    {
        var (read, refused, mended) = (0, 0, 0);
        foreach (var path in Samples.Files("dicom").Where(IsCandidate))
        {
            var watch = Stopwatch.StartNew();
            try
            {
                var file = DicomFile.Read(path);
                read++;
                mended += file.Mended.Count > 0 ? 1 : 0;
            }
            catch (DicomFormatException e)
            {
                refused++;
                output.WriteLine($"{Path.GetFileName(path)}: {e.Message}");
            }
            watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5), path);
        }
        output.WriteLine($"{read} read ({mended} mended), {refused} refused");
        read.Should().BeGreaterThan(350);
    }

    [Fact]
    public void Every_native_sample_is_the_same_after_it_was_written_and_read_again()
    {
        var count = 0;
        foreach (var path in Samples.Files("dicom").Where(IsCandidate))
        {
            DicomFile file;
            try
            {
                file = DicomFile.Read(path, new DicomReadOptions { LargestValueLoaded = long.MaxValue });
            }
            catch (DicomFormatException)
            {
                continue;
            }
            if (
                file.DataSet.Any(e => e.Fragments is not null)
                || file.TransferSyntax.IsDeflated
                || file.Mended.Count > 0
            )
            {
                continue;
            }
            var syntax = file.TransferSyntax.IsEncapsulated
                ? TransferSyntax.ExplicitVRLittleEndian
                : file.TransferSyntax;
            using var again = new MemoryStream();
            DicomFile.WriteDataSet(again, file.DataSet, syntax);
            var set = DicomFile.ReadDataSet(
                again.ToArray(),
                syntax,
                new DicomReadOptions { LargestValueLoaded = long.MaxValue },
                out _
            );
            Same(file.DataSet, set).Should().BeTrue(path);
            count++;
        }
        output.WriteLine($"{count} files written and read again");
        count.Should().BeGreaterThan(100);
    }

    private static bool IsCandidate(string path) =>
        Path.GetExtension(path) is not (".tsv" or ".md" or ".txt" or ".dump" or ".wl")
        && !path.EndsWith("SUMS", StringComparison.Ordinal);

    private static bool Same(DicomDataSet a, DicomDataSet b) =>
        a.Count == b.Count
        && a.Zip(b)
            .All(p =>
                p.First.Tag == p.Second.Tag
                && (
                    p.First.Items is { } items
                        ? p.Second.Items is { } others
                            && items.Count == others.Count
                            && items.Zip(others).All(i => Same(i.First, i.Second))
                        : p
                            .First.Value.Span.TrimEnd((byte)0)
                            .TrimEnd((byte)' ')
                            .SequenceEqual(p.Second.Value.Span.TrimEnd((byte)0).TrimEnd((byte)' '))
                )
            );
}
