using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Fiducial.Archive.Tests;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Server.Tests;

/// <summary>
/// Objects of 500 MB, and the memory that they cost: for a command of its own, because it moves several gigabytes.
/// <c>FIDUCIAL_LARGE=1 Fiducial.Server.Tests -class "*LargeObjectTests" -showLiveOutput</c>
/// </summary>
public sealed class LargeObjectTests(ITestOutputHelper output) : IDisposable
{
    private const int Rows = 2048;
    private const int Columns = 2048;
    private const int Frames = 60;
    private const long MostMemory = 250L * 1024 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-large-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_object_of_500_MB_goes_into_the_object_storage_and_out_again_in_bounded_memory()
    {
        Skip();
        var store = await RadosGateway.NewBucketAsync();
        await MeasureAsync(
            objects: 1,
            ["--store", store.Url],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["FIDUCIAL__S3__ENDPOINT"] = store.Endpoint.ToString(),
                ["FIDUCIAL__S3__ACCESSKEY"] = RadosGateway.AccessKey,
                ["FIDUCIAL__S3__SECRETKEY"] = RadosGateway.SecretKey,
            }
        );
    }

    [Fact]
    public async Task A_study_of_more_than_4_GB_leaves_as_one_zip_in_bounded_memory()
    {
        Skip();
        await MeasureAsync(objects: 9, [], []);
    }

    private static void Skip() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("FIDUCIAL_LARGE") is "1",
            "It moves several gigabytes: FIDUCIAL_LARGE=1 runs it."
        );

    private async Task MeasureAsync(int objects, string[] options, Dictionary<string, string> secrets)
    {
        var data = Path.Combine(_folder, "data");
        await using var server = ServerProcess.Start("archive", data, options, secrets);
        await server.OpensAsync();
        Say("open", server);
        var study = DicomUidFactory.New();
        var sent = new List<string>();
        for (var i = 0; i < objects; i++)
        {
            sent.Add(await SendAsync(server, study));
        }
        Say($"{objects} stored", server);
        using var web = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(10) };
        var zip = Path.Combine(_folder, "medium.zip");
        using (
            var answer = await web.GetAsync(
                $"/dicomweb/studies/{study}/medium",
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken
            )
        )
        {
            answer.EnsureSuccessStatusCode();
            await using var file = File.Create(zip);
            await answer.Content.CopyToAsync(file, TestContext.Current.CancellationToken);
        }
        Say($"exported, {new FileInfo(zip).Length:N0} bytes", server);
        using (var read = ZipFile.OpenRead(zip))
        {
            var found = new List<string>();
            foreach (var entry in read.Entries.Where(e => e.FullName.StartsWith("DICOM/", StringComparison.Ordinal)))
            {
                var path = Path.Combine(_folder, "out.dcm");
                await entry.ExtractToFileAsync(path, overwrite: true, TestContext.Current.CancellationToken);
                found.Add(await HashAsync(path));
            }
            found.Should().BeEquivalentTo(sent);
        }
        using (
            var frame = await web.GetAsync(
                $"/dicomweb/studies/{study}/rendered?accept=image/jpeg",
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken
            )
        )
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rendered: {(int)frame.StatusCode}"));
        }
        server.PeakMemory.Should().BeLessThan(MostMemory);
    }

    private async Task<string> SendAsync(ServerProcess server, string study)
    {
        var path = Path.Combine(_folder, "large.dcm");
        var set = new DicomDataSet()
            .Set(DicomTags.SOPClassUID, DicomUids.BreastTomosynthesisImageStorage)
            .Set(DicomTags.SOPInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.StudyInstanceUID, study)
            .Set(DicomTags.SeriesInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.StudyID, "S1")
            .Set(DicomTags.StudyDate, "20261124")
            .Set(DicomTags.StudyTime, "120000")
            .Set(DicomTags.PatientID, "P1")
            .Set(DicomTags.PatientName, "Large^Lara")
            .Set(DicomTags.Modality, "MG")
            .Set(DicomTags.SeriesNumber, 1)
            .Set(DicomTags.InstanceNumber, 1)
            .Set(DicomTags.SamplesPerPixel, 1)
            .Set(DicomTags.PhotometricInterpretation, "MONOCHROME2")
            .Set(DicomTags.NumberOfFrames, Frames)
            .Set(DicomTags.Rows, Rows)
            .Set(DicomTags.Columns, Columns)
            .Set(DicomTags.BitsAllocated, 16)
            .Set(DicomTags.BitsStored, 16)
            .Set(DicomTags.HighBit, 15)
            .Set(DicomTags.PixelRepresentation, 0)
            .SetBytes(DicomTags.PixelData, DicomVR.OW, RandomNumberGenerator.GetBytes(2 * Rows * Columns * Frames));
        await using (var made = File.Create(path))
        {
            DicomFile.Write(made, set, TransferSyntax.ExplicitVRLittleEndian);
        }
        await using var stream = File.OpenRead(path);
        var file = DicomFile.Read(stream);
        await using var client = await DicomClient.ConnectAsync(
            "127.0.0.1",
            server.DicomPort,
            Modality.AETitle,
            "FIDUCIAL",
            DicomClient.ContextsFor([file])
        );
        (await client.StoreAsync(file, stream)).IsSuccess.Should().BeTrue();
        await client.ReleaseAsync();
        return await HashAsync(path);
    }

    // Of the data set, after group 0002.
    private static async Task<string> HashAsync(string path)
    {
        await using var stream = File.OpenRead(path);
        stream.Position = DicomFile.Read(stream).DataSetOffset;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }

    private void Say(string what, ServerProcess server) =>
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: peak memory {server.PeakMemory / 1024.0 / 1024:N0} MB"
            )
        );
}
