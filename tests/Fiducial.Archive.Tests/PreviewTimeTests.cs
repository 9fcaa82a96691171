using System.Diagnostics;
using Fiducial.Archive.Previews;
using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

/// <summary>How long an exam room waits for a picture. The times are printed; the limits are those of a busy machine and a debug build.</summary>
public sealed class PreviewTimeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("native")]
    [InlineData("JPEG lossless")]
    [InlineData("JPEG 2000")]
    public async Task The_preview_of_13_6_megapixels_is_there_soon_after_the_last_byte(string kind)
    {
        using var folder = new TemporaryFolder();
        await using var archive = new TemporaryArchive(runsWorkers: true);
        // As in a clinic: the program has been running for a while.
        await Task.Delay(TimeSpan.FromSeconds(3));
        var times = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var file = await TwinAsync(folder.Path, kind, i);
            var before = PreviewFiles(archive.Folder);
            (await archive.SendAsync(file)).Single().IsSuccess.Should().BeTrue();
            var (clock, work) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            while (PreviewFiles(archive.Folder) == before)
            {
                clock.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(1));
                await Task.Delay(5);
            }
            times.Add(
                $"{clock.Elapsed.TotalMilliseconds:F0} ms ({(Environment.CpuUsage.TotalTime - work).TotalMilliseconds:F0} ms of a processor)"
            );
            var preview = await archive
                .Get<IPreviewDoor>()
                .OpenAsync(DicomFile.Read(file).DataSet.GetString(DicomTags.SOPInstanceUID)!, CancellationToken.None);
            (preview!.Width * preview.Height).Should().BeInRange(300_000, PreviewMaker.MostPixels);
        }
        output.WriteLine($"{kind}: {string.Join(", ", times)} from the answer to the preview");
    }

    [Fact]
    public async Task Two_hundred_slices_do_not_keep_the_next_exam_waiting()
    {
        var queue = new PreviewQueue(0);
        await using var archive = new TemporaryArchive();
        var study = DicomUidFactory.New();
        var series = DicomUidFactory.New();
        for (var i = 0; i < 200; i++)
        {
            await archive.StoreAsync(TestImages.Grey(4, 4, studyUid: study).Set(DicomTags.SeriesInstanceUID, series));
        }
        var first = TestImages.Grey(4, 4);
        var second = TestImages.Grey(4, 4);
        await archive.StoreAsync(first);
        await archive.StoreAsync(second);
        foreach (var instance in archive.Get<IStoredInstanceFeed>().ReadAfter(0, 1000))
        {
            queue.Add(instance);
        }
        var order = new List<StoredInstance>();
        while (queue.Take() is { } next)
        {
            order.Add(next);
            queue.Done(next);
        }
        order[0].SopInstanceUid.Should().Be(second.GetString(DicomTags.SOPInstanceUID));
        order[1].SopInstanceUid.Should().Be(first.GetString(DicomTags.SOPInstanceUID));
        order.Should().HaveCount(202);
        queue.MadeUpTo.Should().Be(order.Max(i => i.Position));
    }

    [Fact]
    public async Task What_was_made_out_of_order_is_remembered_only_up_to_the_first_that_is_missing()
    {
        await using var archive = new TemporaryArchive();
        for (var i = 0; i < 3; i++)
        {
            await archive.StoreAsync(TestImages.Grey(4, 4));
        }
        var stored = archive.Get<IStoredInstanceFeed>().ReadAfter(0, 10);
        var queue = new PreviewQueue(0);
        stored.ToList().ForEach(queue.Add);
        queue.Done(stored[2]);
        queue.MadeUpTo.Should().Be(0);
        queue.Done(stored[0]);
        queue.MadeUpTo.Should().Be(stored[0].Position);
        queue.Done(stored[1]);
        queue.MadeUpTo.Should().Be(stored[2].Position);
    }

    private static int PreviewFiles(string folder) =>
        Directory.Exists(Path.Combine(folder, "previews"))
            ? Directory.EnumerateFiles(Path.Combine(folder, "previews"), "*.json", SearchOption.AllDirectories).Count()
            : 0;

    private static async Task<string> TwinAsync(string folder, string kind, int number)
    {
        var native = Path.Combine(folder, $"native-{number}.dcm");
        var random = new Random(number);
        var set = TestImages.Grey(
            3328,
            4096,
            (x, y) => (int)(2000 + 1500 * Math.Sin(x / 90.0) * Math.Cos(y / 140.0)) + random.Next(16)
        );
        await using (var stream = File.Create(native))
        {
            DicomFile.Write(stream, set, TransferSyntax.ExplicitVRLittleEndian);
        }
        var twin = native + ".twin";
        switch (kind)
        {
            case "JPEG lossless":
                (await Dcmtk.RunAsync("dcmcjpeg", ["+e1", native, twin])).ExitCode.Should().Be(0);
                return twin;
            case "JPEG 2000":
                (await Dcmtk.RunAsync("gdcmconv", ["--j2k", native, twin])).ExitCode.Should().Be(0);
                return twin;
            default:
                return native;
        }
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("fiducial-twins-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
