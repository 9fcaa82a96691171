using System.Buffers.Binary;
using System.Globalization;
using Fiducial.Dicom;
using Microsoft.Playwright;

namespace Fiducial.EndToEnd;

/// <summary>
/// What the reading room gets is what was sent: the bytes of each frame, the grey level of each pixel on the screen, and never
/// the pixels of another image where one could not be loaded.
/// </summary>
internal static class ReadingTruth
{
    private const double HalfALevel = 0.5 + 1e-9;

    public static async Task ProveAsync(Visitor radiologist, IReadOnlyList<string> sent)
    {
        foreach (var path in sent)
        {
            await SameBytesAsync(radiologist, Sent.Read(path));
        }
        await SameLevelsAsync(radiologist.Page, Sent.Read(sent[0]));
        await NeverAnothersPixelsAsync(radiologist, Sent.Read(sent[^1]));
    }

    private static async Task SameBytesAsync(Visitor radiologist, Sent image)
    {
        for (var frame = 1; frame <= image.Frames; frame++)
        {
            var answer = await radiologist.Http.GetAsync(
                image.Address(frame),
                new APIRequestContextOptions
                {
                    Headers = [new("Accept", "multipart/related; type=\"application/octet-stream\"")],
                }
            );
            answer.Status.Should().Be(200);
            OnlyPart(await answer.BodyAsync()).SequenceEqual(image.Frame(frame)).Should().BeTrue(image.Address(frame));
        }
    }

    // PS3.3 C.11.2.1.2.1 of each stored value that is on the screen at 1:1, rounded to a whole level.
    private static async Task SameLevelsAsync(IPage page, Sent image)
    {
        await ShowAsync(page, image, 1);
        var (center, width) = (image.Number(DicomTags.WindowCenter), image.Number(DicomTags.WindowWidth));
        await page.EvaluateAsync(
            "([c, w, x, y]) => { window.fiducialViewer.setWindow(c, w); window.fiducialViewer.setOneToOne(x, y); }",
            new[] { center, width, image.Columns / 2, image.Rows / 2 }
        );
        var screen = await Screen.ReadAsync(page);
        var (compared, worst) = (0, 0.0);
        var frame = image.Frame(1);
        for (var y = 0; y < image.Rows; y++)
        {
            for (var x = 0; x < image.Columns; x++)
            {
                if (screen.At(x, y) is { } level)
                {
                    compared++;
                    var value = image.Value(frame, x, y);
                    worst = Math.Max(worst, Math.Abs(level - Linear(value, center, width)));
                }
            }
        }
        compared.Should().BeGreaterThan(image.Columns * image.Rows / 3);
        worst.Should().BeLessThanOrEqualTo(HalfALevel);
    }

    private static async Task NeverAnothersPixelsAsync(Visitor radiologist, Sent image)
    {
        var page = radiologist.Page;
        var frame = image.Frames;
        var address = $"**{image.Address(frame)}";
        await page.RouteAsync(address, route => route.AbortAsync());
        await page.ReloadAsync();
        await page.WaitForFunctionAsync("() => window.fiducialViewer?.view");
        (await ShowAsync(page, image, frame)).Should().Be("failed");
        (await Screen.ReadAsync(page)).IsBlack.Should().BeTrue("nothing is drawn where an image failed");
        await radiologist.LookAsync("image-that-failed");
        await page.UnrouteAsync(address);
        (await ShowAsync(page, image, frame)).Should().Be("shown", "it is asked for again");
        (await Screen.ReadAsync(page)).IsBlack.Should().BeFalse();
        radiologist.Complaints.RemoveAll(c => c.Contains("ERR_FAILED", StringComparison.Ordinal));
    }

    private static Task<string> ShowAsync(IPage page, Sent image, int frame) =>
        page.EvaluateAsync<string>(
            "([uid, frame]) => new Promise(done => {"
                + " for (const name of ['shown', 'failed']) window.fiducialViewer.addEventListener(name,"
                + " e => e.detail.sopInstanceUid === uid && e.detail.frame === Number(frame) && done(name));"
                + " window.fiducialViewer.show(uid, Number(frame)); })",
            new[] { image.SopInstanceUid, frame.ToString(CultureInfo.InvariantCulture) }
        );

    private static double Linear(double x, double c, double w) =>
        x <= c - 0.5 - (w - 1) / 2 ? 0
        : x > c - 0.5 + (w - 1) / 2 ? 255
        : ((x - (c - 0.5)) / (w - 1) + 0.5) * 255;

    private static ReadOnlySpan<byte> OnlyPart(ReadOnlySpan<byte> body)
    {
        var start = body.IndexOf("\r\n\r\n"u8) + 4;
        var end = body.LastIndexOf("\r\n--"u8);
        return body[start..end];
    }

    /// <summary>An image as it was sent, native and little endian, of 16 bits.</summary>
    private sealed class Sent
    {
        private readonly byte[] _pixels;
        private readonly DicomDataSet _set;

        private Sent(DicomDataSet set, byte[] pixels) => (_set, _pixels) = (set, pixels);

        public string SopInstanceUid => _set.GetString(DicomTags.SOPInstanceUID)!;
        public int Columns => _set.GetInt(DicomTags.Columns)!.Value;
        public int Rows => _set.GetInt(DicomTags.Rows)!.Value;
        public int Frames => _set.GetInt(DicomTags.NumberOfFrames) ?? 1;

        public static Sent Read(string path)
        {
            var file = DicomFile.Read(path);
            var place = file.PixelData!.Native!.Value;
            return new Sent(
                file.DataSet,
                File.ReadAllBytes(path).AsSpan((int)place.Offset, (int)place.Length).ToArray()
            );
        }

        public double Number(DicomTag tag) => _set.GetDouble(tag)!.Value;

        public ReadOnlySpan<byte> Frame(int number) =>
            _pixels.AsSpan((number - 1) * Columns * Rows * 2, Columns * Rows * 2);

        /// <summary>The modality value of a pixel (PS3.3 C.11.1).</summary>
        public double Value(ReadOnlySpan<byte> frame, int x, int y)
        {
            var word = frame[((y * Columns + x) * 2)..];
            double stored = _set.GetInt(DicomTags.PixelRepresentation) is 1
                ? BinaryPrimitives.ReadInt16LittleEndian(word)
                : BinaryPrimitives.ReadUInt16LittleEndian(word);
            return stored * (_set.GetDouble(DicomTags.RescaleSlope) ?? 1)
                + (_set.GetDouble(DicomTags.RescaleIntercept) ?? 0);
        }

        public string Address(int frame) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"/dicomweb/studies/{_set.GetString(DicomTags.StudyInstanceUID)}/series/{_set.GetString(DicomTags.SeriesInstanceUID)}/instances/{SopInstanceUid}/frames/{frame}"
            );
    }

    /// <summary>What the viewer shows at 1:1: its pixels and where the image lies in them.</summary>
    private sealed class Screen(int width, int height, double centreX, double centreY, byte[] rgba)
    {
        public bool IsBlack => rgba.Chunk(4).All(p => p is [0, 0, 0, _]);

        public static async Task<Screen> ReadAsync(IPage page)
        {
            var words = await page.EvaluateAsync<string>(
                "() => { const { width, height, data } = window.fiducialViewer.readPixels(); let b = '';"
                    + " for (let at = 0; at < data.length; at += 0x8000) b += String.fromCharCode(...data.subarray(at, at + 0x8000));"
                    + " const c = window.fiducialViewer.view?.centre ?? { x: 0, y: 0 };"
                    + " return [width, height, c.x, c.y, btoa(b)].join(' '); }"
            );
            var parts = words.Split(' ');
            double Number(int i) => double.Parse(parts[i], CultureInfo.InvariantCulture);
            return new Screen((int)Number(0), (int)Number(1), Number(2), Number(3), Convert.FromBase64String(parts[4]));
        }

        /// <summary>The grey level of an image pixel; null where it is off the screen.</summary>
        public byte? At(int column, int row)
        {
            var (x, y) = ((int)(width / 2.0 - centreX) + column, (int)(height / 2.0 - centreY) + row);
            return x < 0 || y < 0 || x >= width || y >= height ? null : rgba[(y * width + x) * 4];
        }
    }
}
