using System.Diagnostics;
using Fiducial.Archive.Pixels;
using Fiducial.Archive.Previews;
using Fiducial.Dicom;
using SkiaSharp;

namespace Fiducial.Archive.Tests;

public sealed class PreviewTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(3328, 4096)]
    [InlineData(1, 1)]
    [InlineData(1, 65535)]
    [InlineData(65535, 1)]
    [InlineData(65535, 65535)]
    [InlineData(59, 30000)]
    [InlineData(30000, 31)]
    [InlineData(640, 480)]
    [InlineData(641, 480)]
    [InlineData(555, 555)]
    public void No_shape_of_image_gives_a_preview_of_more_than_307200_pixels(int columns, int rows)
    {
        var (width, height) = PreviewMaker.SizeOf(columns, rows);
        width.Should().BeInRange(1, columns);
        height.Should().BeInRange(1, rows);
        var labelled = PreviewLabel.On(new Picture(new byte[width * height], width, height, IsColour: false));
        (labelled.Width * labelled.Height).Should().BeLessThanOrEqualTo(PreviewMaker.MostPixels);
    }

    [Fact]
    public void A_picture_that_is_small_enough_keeps_its_size()
    {
        PreviewMaker.SizeOf(512, 512).Should().Be((512, 512));
        PreviewMaker.SizeOf(3328, 4096).Should().Be((499, 614));
    }

    [Fact]
    public async Task Every_sample_that_can_be_decoded_has_a_preview_and_the_others_say_why()
    {
        var folders = new[] { "modality", "transfer-syntax", "series", "wg04" };
        await using var archive = new TemporaryArchive();
        var (made, none) = (0, 0);
        var clock = Stopwatch.StartNew();
        foreach (var path in folders.SelectMany(f => Samples.Files(Path.Combine("dicom", f))))
        {
            StoredImage image;
            try
            {
                image = StoredImage.Open(File.OpenRead(path), archive.Get<Codecs.CodecPool>());
            }
            catch (DicomFormatException)
            {
                continue;
            }
            using (image)
            {
                try
                {
                    var preview = PreviewMaker.Make(image);
                    if (preview is null)
                    {
                        continue;
                    }
                    using var drawn = SKBitmap.Decode(preview.Jpeg);
                    (drawn.Width * drawn.Height).Should().BeLessThanOrEqualTo(PreviewMaker.MostPixels, path);
                    (drawn.Width, drawn.Height).Should().Be((preview.Width, preview.Height), path);
                    made++;
                }
                catch (Exception e) when (e is Codecs.CodecException or DicomFormatException)
                {
                    output.WriteLine($"{Path.GetFileName(path)}: {e.Message}");
                    none++;
                }
            }
        }
        output.WriteLine($"{made} previews in {clock.Elapsed.TotalSeconds:F1} s, {none} not drawn");
        made.Should().BeGreaterThan(200);
    }

    [Fact]
    public async Task The_label_is_in_the_pixels_on_a_dark_band()
    {
        await using var archive = new TemporaryArchive();
        var set = TestImages
            .Grey(1000, 1200, (_, _) => 4095)
            .Set(DicomTags.WindowCenter, 100.0)
            .Set(DicomTags.WindowWidth, 50.0);
        await archive.StoreAsync(set);
        var preview = await archive
            .Get<IPreviewDoor>()
            .OpenAsync(set.GetString(DicomTags.SOPInstanceUID)!, CancellationToken.None);
        using var drawn = SKBitmap.Decode(preview!.Jpeg);
        drawn.GetPixel(5, 5).Red.Should().BeGreaterThan(250);
        drawn.GetPixel(2, drawn.Height - 2).Red.Should().BeLessThan(90);
        Enumerable
            .Range(0, drawn.Width)
            .Count(x => drawn.GetPixel(x, drawn.Height - 10).Red > 200)
            .Should()
            .BeGreaterThan(20);
        preview.Numbers.ExposureIndex.Should().Be(420);
        preview.Numbers.ClippedPercent.Should().Be(100);
    }

    [Fact]
    public async Task A_hairline_of_full_detail_fades_and_sharpness_tells_blurred_from_sharp()
    {
        await using var archive = new TemporaryArchive();
        var sharp = TestImages.Grey(1200, 1200, (x, y) => ((x / 4) + (y / 4)) % 2 == 0 ? 1000 : 3000);
        var soft = TestImages.Grey(1200, 1200, (x, _) => 2000 + (int)(1000 * Math.Sin(x / 60.0)));
        await archive.StoreAsync(sharp);
        await archive.StoreAsync(soft);
        var door = archive.Get<IPreviewDoor>();
        var of = await door.OpenAsync(sharp.GetString(DicomTags.SOPInstanceUID)!, CancellationToken.None);
        var blurred = await door.OpenAsync(soft.GetString(DicomTags.SOPInstanceUID)!, CancellationToken.None);
        of!.Numbers.Sharpness.Should().BeGreaterThan(100 * blurred!.Numbers.Sharpness);
    }

    [Fact]
    public async Task The_worker_makes_previews_after_the_commit_and_what_is_no_image_has_none()
    {
        await using var archive = new TemporaryArchive(runsWorkers: true);
        var set = TestImages.Grey(3328, 4096);
        var report = TestImages.Header();
        await archive.StoreAsync(report);
        var clock = Stopwatch.StartNew();
        await archive.StoreAsync(set);
        var stored = clock.Elapsed;
        var preview = await archive
            .Get<IPreviewDoor>()
            .OpenAsync(set.GetString(DicomTags.SOPInstanceUID)!, CancellationToken.None);
        output.WriteLine(
            $"13.6 MP: stored after {stored.TotalMilliseconds:F0} ms, preview after {clock.ElapsedMilliseconds} ms"
        );
        (preview!.Width, preview.Height).Should().Be((499, 614));
        var door = archive.Get<IPreviewDoor>();
        (await door.OpenAsync(report.GetString(DicomTags.SOPInstanceUID)!, CancellationToken.None)).Should().BeNull();
        (await door.OpenAsync("1.2.3.4.5", CancellationToken.None)).Should().BeNull();
    }

    [Theory]
    [InlineData(10, 10, 5, 5)]
    [InlineData(7, 5, 3, 2)]
    [InlineData(100, 3, 33, 3)]
    public void Averaging_keeps_the_mean_of_the_picture(int width, int height, int outWidth, int outHeight)
    {
        var random = new Random(1);
        var average = new AreaAverage(width, height, outWidth, outHeight);
        var sum = 0.0;
        for (var y = 0; y < height; y++)
        {
            var row = new float[width];
            for (var x = 0; x < width; x++)
            {
                row[x] = random.Next(256);
                sum += row[x];
            }
            average.Add(row);
        }
        ((double)average.Result.Average()).Should().BeApproximately(sum / width / height, 0.01);
    }

    [Fact]
    public void Linear_windows_follow_the_standard()
    {
        // PS3.3 C.11.2.1.2.1: c 2048, w 4096 becomes: y = 0 for x <= 0, 255 for x > 4095, else between.
        var window = new Window(2048, 4096);
        window.Map(0).Should().Be(0);
        window.Map(4095).Should().BeApproximately(1, 1e-9);
        window.Map(2047.5).Should().BeApproximately(0.5, 1e-9);
        new Window(0, 1).Map(-0.6).Should().Be(0);
        new Window(0, 1).Map(0).Should().Be(1);
    }
}
