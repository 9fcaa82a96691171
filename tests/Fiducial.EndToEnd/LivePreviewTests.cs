using System.Diagnostics;
using System.Globalization;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Pathway.Exams;
using Fiducial.Server.Demonstration;
using Fiducial.Server.Demonstration.Drawing;

namespace Fiducial.EndToEnd;

/// <summary>The technologist's open page shows what the modality sent, by itself and soon, at the full size of a radiograph.</summary>
[Collection(nameof(House))]
public sealed class LivePreviewTests(House house, ITestOutputHelper output)
{
    // The promise is one second in a Release build on a machine that does nothing else; this bound holds on a busy one in Debug.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Previews_of_13_6_megapixels_appear_in_the_open_page()
    {
        House.Needs();
        var wrist = DemonstrationExams.All.Single(e => e.ProtocolCode is "XR-WRIST");
        var order = await Shortcut.StartedAsync(house.Clinic, wrist);
        var technologist = await house.SignInAsync("tessa", new Album("live-preview"));
        await technologist.GoAsync($"/exam-room/exams/{order.Id}");
        var files = ((string[])["PA", "LATERAL"]).Select((v, i) => Part10(order, v, i + 1)).ToArray();
        await using var client = await DicomClient.ConnectAsync(
            "127.0.0.1",
            house.Clinic.DicomPort,
            "MODALITY",
            "FIDUCIAL",
            DicomClient.ContextsFor(files.Select(f => f.File))
        );
        for (var i = 0; i < files.Length; i++)
        {
            var (file, bytes) = files[i];
            using var stream = new MemoryStream(bytes);
            var sending = Stopwatch.StartNew();
            (await client.StoreAsync(file, stream)).IsSuccess.Should().BeTrue();
            var answered = sending.Elapsed;
            await Walk.PreviewsAsync(technologist.Page, i + 1);
            var shown = sending.Elapsed;
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"view {i + 1}: {bytes.Length / 1e6:0.0} MB sent and answered in {answered.TotalMilliseconds:0} ms, preview in the open page {(shown - answered).TotalMilliseconds:0} ms after the answer"
                )
            );
            (shown - answered).Should().BeLessThan(Most);
        }
        await client.ReleaseAsync();
        await technologist.LookAsync("both-views");
        technologist.Complaints.Should().BeEmpty();
        await technologist.Page.Context.CloseAsync();
    }

    // As large as the drawn radiograph and quick to make: a ramp with steps.
    private static (DicomFile File, byte[] Bytes) Part10(ExamRecord order, string view, int number)
    {
        var pixels = new ushort[WristRadiograph.Columns * WristRadiograph.Rows];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (ushort)((i / 800 + i % WristRadiograph.Columns) & 0x3FFF);
        }
        var image = ImageHeader
            .Of(Drawing.Identity(order), DicomUids.DigitalXRayImageStorageForPresentation, "DX", 1, "WRIST", number)
            .WithGrey(WristRadiograph.Columns, WristRadiograph.Rows, pixels, 14, 8192, 16384)
            .Set(DicomTags.ViewPosition, view)
            .Set(DicomTags.ImageLaterality, order.Laterality);
        using var part10 = new MemoryStream();
        DicomFile.Write(part10, image, TransferSyntax.ExplicitVRLittleEndian, "MODALITY");
        return (DicomFile.Read(part10), part10.ToArray());
    }
}
