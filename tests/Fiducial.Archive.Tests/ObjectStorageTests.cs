using System.Net;
using System.Security.Cryptography;
using Fiducial.Archive.Files;
using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

public sealed class ObjectStorageTests
{
    [Fact]
    public async Task Every_transfer_syntax_goes_into_the_object_storage_and_comes_back_byte_for_byte()
    {
        await using var archive = new TemporaryArchive(store: await RadosGateway.NewBucketAsync());
        using var web = await archive.OpenWebAsync();
        var sent = 0;
        foreach (
            var path in Samples.Files("dicom/transfer-syntax").Where(p => p.EndsWith(".dcm", StringComparison.Ordinal))
        )
        {
            DicomFile file;
            try
            {
                file = DicomFile.Read(path);
            }
            catch (DicomFormatException)
            {
                continue;
            }
            var status = (await archive.SendAsync(path)).Single();
            if (
                !status.IsSuccess
                || archive.Images.Find(file.DataSet.GetString(DicomTags.SOPInstanceUID)!) is not { } stored
            )
            {
                continue;
            }
            var bytes = (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).AsMemory(
                (int)file.DataSetOffset
            );
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
            if (stored.Sha256 != hash)
            {
                // Several samples share a UID: the first of them is stored.
                continue;
            }
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                $"/dicomweb/studies/{stored.StudyInstanceUid}/series/{stored.SeriesInstanceUid}/instances/{stored.SopInstanceUid}"
            );
            request.Headers.TryAddWithoutValidation("Accept", "application/dicom; transfer-syntax=*");
            using var answer = await web.SendAsync(request, TestContext.Current.CancellationToken);
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            var part10 = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            part10.AsSpan((int)stored.DataSetOffset).SequenceEqual(bytes.Span).Should().BeTrue(path);
            sent++;
        }
        sent.Should().BeGreaterThan(20);
        // Nothing of them is left on this machine but the index.
        ReceivingTests.InstanceFiles(archive.Folder).Should().BeEmpty();
    }

    [Fact]
    public async Task A_frame_is_read_by_its_range_and_the_study_is_verified_and_copied_in_the_storage()
    {
        await using var archive = new TemporaryArchive(store: await RadosGateway.NewBucketAsync());
        using var web = await archive.OpenWebAsync();
        // More than one part of an upload, and more than one range of a download.
        var set = TestImages.Grey(4096, 4096, (x, y) => (x * 31 + y * 17) % 4096);
        (await archive.StoreAsync(set)).IsSuccess.Should().BeTrue();
        var stored = archive.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!)!;
        using (var image = archive.Images.OpenImage(stored))
        {
            image.Locate(0).Should().BeNull("it is no file of this machine");
            image
                .StoredFrame(0)
                .Span.SequenceEqual(ReceivingTests.BytesOf(set).AsSpan()[^image.StoredFrame(0).Length..])
                .Should()
                .BeTrue();
        }
        var receipt = await archive.Get<IImageVerification>().VerifyStudyAsync(stored.StudyInstanceUid, default);
        receipt.Problems.Should().BeEmpty();
        receipt.Instances.Single().Sha256OfSecondCopy.Should().Be(stored.Sha256);
        var preview = await web.GetAsync(
            $"/dicomweb/studies/{stored.StudyInstanceUid}/series/{stored.SeriesInstanceUid}/instances/{stored.SopInstanceUid}/frames/1",
            TestContext.Current.CancellationToken
        );
        preview.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_was_on_its_way_at_a_crash_is_in_the_quarantine_and_other_bytes_and_the_same_bytes_are_judged_as_with_files()
    {
        var store = await RadosGateway.NewBucketAsync();
        var set = TestImages.Grey(64, 64);
        string folder;
        await using (var before = new TemporaryArchive(keepsFolder: true, store: store))
        {
            folder = before.Folder;
            (await before.StoreAsync(set)).IsSuccess.Should().BeTrue();
            (await before.StoreAsync(set)).IsSuccess.Should().BeTrue();
            ReceivingTests.InstanceFiles(folder).Should().BeEmpty();
            var hour = Directory
                .GetDirectories(Path.Combine(folder, "instances"), "*", SearchOption.AllDirectories)
                .Last();
            await File.WriteAllBytesAsync(
                Path.Combine(hour, "00000000000000000000000000000000-000000000000.dcm"),
                new byte[1000],
                TestContext.Current.CancellationToken
            );
        }
        var asFiles = () => new TemporaryArchive(folder, keepsFolder: true).Images;
        asFiles.Should().Throw<IOException>().WithMessage("*--store*");
        await using var after = new TemporaryArchive(folder, store: store);
        after.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!).Should().NotBeNull();
        var orphan = after.Get<IQuarantine>().List(0, 10).Should().ContainSingle().Subject;
        await using var part10 = after.Get<IQuarantine>().OpenPart10(orphan);
        part10.Length.Should().Be(1000);
        ReceivingTests.InstanceFiles(folder).Should().BeEmpty();
    }

    [Fact]
    public void A_storage_that_is_out_of_reach_is_named_at_the_start()
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-archive-").FullName;
        var open = () =>
            new TemporaryArchive(
                folder,
                keepsFolder: true,
                store: new ObjectStorage("s3://nowhere", "http://127.0.0.1:1", "a", "b")
            ).Images;
        open.Should().Throw<StoreUnavailableException>().WithMessage("*s3://nowhere*out of reach*");
        Directory.Delete(folder, recursive: true);
    }
}
