using Fiducial.Dicom;
using Fiducial.Dicom.Deidentification;

namespace Fiducial.Archive.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-export-").FullName;

    private string Medium => Path.Combine(_folder, "medium");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_exported_is_imported_elsewhere_with_the_same_bytes_and_dcmtk_reads_the_directory()
    {
        await using var archive = new TemporaryArchive();
        var study = DicomUidFactory.New();
        var hashes = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var set = TestImages.Grey(32, 32, (x, y) => x * y + i, study).Set(DicomTags.InstanceNumber, i + 1);
            await archive.StoreAsync(
                set.Set(DicomTags.StudyID, "S1").Set(DicomTags.StudyTime, "120000"),
                i % 2 == 0 ? TransferSyntax.ExplicitVRLittleEndian : TransferSyntax.ImplicitVRLittleEndian
            );
            hashes.Add(archive.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!)!.Sha256);
        }
        var receipt = await ExportAsync(archive, study, new ExportOptions { IsAsStored = true });
        receipt.Should().BeEquivalentTo(new ExportReceipt(5, [], []));

        await using var other = new TemporaryArchive();
        var imported = await other
            .Get<IFolderImport>()
            .ImportAsync(Medium, new Progress<ImportProgress>(), CancellationToken.None);
        imported
            .Should()
            .BeEquivalentTo(
                new
                {
                    Stored = 5,
                    Ignored = 1,
                    RefusedCount = 0,
                }
            );
        other.Images.FindStudy(study).Select(i => i.Sha256).Should().BeEquivalentTo(hashes);

        var (code, dump) = await Tool.RunAsync(
            "dcmdump",
            "-q",
            "+P",
            "DirectoryRecordType",
            Path.Combine(Medium, "DICOMDIR")
        );
        code.Should().Be(0, dump);
        dump.Split('\n').Count(l => l.Contains("[IMAGE]")).Should().Be(5);
    }

    [Fact]
    public async Task A_medium_is_one_of_the_general_purpose_profile_with_the_same_pixels_whatever_the_objects_came_in()
    {
        await using var archive = new TemporaryArchive();
        var study = DicomUidFactory.New();
        TransferSyntax[] syntaxes =
        [
            TransferSyntax.ExplicitVRLittleEndian,
            TransferSyntax.ImplicitVRLittleEndian,
            TransferSyntax.Of(DicomUids.ExplicitVRBigEndian),
            TransferSyntax.Of(DicomUids.DeflatedExplicitVRLittleEndian),
        ];
        var pixels = TestImages.Grey(32, 32).Find(DicomTags.PixelData)!.Value.ToArray();
        foreach (var syntax in syntaxes)
        {
            var set = TestImages.Grey(32, 32, studyUid: study);
            var status = await archive.StoreAsync(
                set.Set(DicomTags.StudyID, "S1").Set(DicomTags.StudyTime, "120000"),
                syntax
            );
            status.ToString().Should().Be("0000", syntax.Uid);
        }
        (await ExportAsync(archive, study)).Should().BeEquivalentTo(new ExportReceipt(4, [], []));
        var files = Directory.GetFiles(Path.Combine(Medium, "DICOM"), "*", SearchOption.AllDirectories);
        files.Should().HaveCount(4);
        foreach (var path in files)
        {
            await using var stream = File.OpenRead(path);
            var file = DicomFile.Read(stream);
            file.TransferSyntax.Uid.Should().Be(DicomUids.ExplicitVRLittleEndian);
            (await File.ReadAllBytesAsync(path)).AsSpan().IndexOf(pixels).Should().BePositive(path);
        }
        // DCMTK makes a directory of its own of the same files, and takes only what the profile allows.
        var own = Path.Combine(_folder, "OWN");
        var (made, said) = await Tool.RunAsync("dcmmkdir", "-Pgp", "+id", Medium, "+D", own, "+r", "DICOM");
        made.Should().Be(0, said);
        var (_, dump) = await Tool.RunAsync("dcmdump", "-q", "+P", "DirectoryRecordType", own);
        dump.Split('\n').Count(l => l.Contains("[IMAGE]")).Should().Be(4, said);
    }

    [Fact]
    public async Task Without_identities_nothing_on_the_medium_names_the_patient_and_the_objects_stay_together()
    {
        await using var archive = new TemporaryArchive();
        var study = DicomUidFactory.New();
        await archive.StoreAsync(TestImages.Grey(16, 16, studyUid: study));
        await archive.StoreAsync(TestImages.Grey(16, 16, studyUid: study));
        var receipt = await ExportAsync(
            archive,
            study,
            new ExportOptions { Deidentification = new DeidentificationOptions() }
        );
        receipt.Objects.Should().Be(2);
        receipt.Doubts.Should().ContainMatch("Burned In Annotation*");
        var files = Directory.GetFiles(Medium, "*", SearchOption.AllDirectories);
        files.Should().HaveCount(3);
        foreach (var file in files)
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            text.Should().NotContain("Doe").And.NotContain(study).And.NotContain("19700101");
        }
        files
            .Where(f => !f.EndsWith("DICOMDIR", StringComparison.Ordinal))
            .Select(f => DicomFile.Read(f).DataSet.GetString(DicomTags.StudyInstanceUID))
            .Distinct()
            .Should()
            .ContainSingle();
    }

    [Fact]
    public async Task What_is_damaged_or_unknown_is_named_and_left_out_and_a_folder_in_use_is_refused()
    {
        await using var archive = new TemporaryArchive();
        var set = TestImages.Grey(16, 16);
        await archive.StoreAsync(set);
        var stored = archive.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!)!;
        await using (var file = new FileStream(Path.Combine(archive.Folder, stored.File), FileMode.Open))
        {
            file.Position = file.Length - 1;
            file.WriteByte(0xEE);
        }
        var receipt = await archive
            .Get<IStudyExport>()
            .ExportAsync([stored.StudyInstanceUid, "1.2.3"], Medium, new ExportOptions(), CancellationToken.None);
        receipt.Objects.Should().Be(0);
        receipt.Problems.Should().HaveCount(2).And.ContainMatch("*damaged*").And.ContainMatch("*no study 1.2.3*");
        var again = async () => await ExportAsync(archive, stored.StudyInstanceUid);
        await again.Should().ThrowAsync<IOException>().WithMessage("*not empty*");
    }

    [Fact]
    public async Task One_zip_holds_the_same_medium_and_its_bytes_are_written_forwards_alone()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var study = DicomUidFactory.New();
        foreach (
            var syntax in (TransferSyntax[])
                [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian]
        )
        {
            var set = TestImages.Grey(64, 64, studyUid: study).Set(DicomTags.StudyID, "S1");
            await archive.StoreAsync(set.Set(DicomTags.StudyTime, "120000"), syntax);
        }
        await ExportAsync(archive, study);
        var zip = Path.Combine(_folder, "medium.zip");
        await using (var file = File.Create(zip))
        {
            var receipt = await archive
                .Get<IStudyExport>()
                .ExportZipAsync([study], new Forwards(file), new ExportOptions(), CancellationToken.None);
            receipt.Should().BeEquivalentTo(new ExportReceipt(2, [], []));
        }
        using (
            var answer = await web.GetAsync($"/dicomweb/studies/{study}/medium", TestContext.Current.CancellationToken)
        )
        {
            answer.Content.Headers.ContentType!.MediaType.Should().Be("application/zip");
            answer.Content.Headers.ContentDisposition!.FileName.Should().Be("exam-A123.zip");
            await File.WriteAllBytesAsync(
                zip + ".http",
                await answer.Content.ReadAsByteArrayAsync(),
                CancellationToken.None
            );
        }
        foreach (var path in (string[])[zip, zip + ".http"])
        {
            var unpacked = path + ".d";
            await System.IO.Compression.ZipFile.ExtractToDirectoryAsync(path, unpacked);
            var names = Directory.GetFiles(unpacked, "*", SearchOption.AllDirectories);
            names.Should().HaveCount(3);
            foreach (var name in names.Where(n => !n.EndsWith("DICOMDIR", StringComparison.Ordinal)))
            {
                var same = Path.Combine(Medium, Path.GetRelativePath(unpacked, name));
                File.ReadAllBytes(name).Should().Equal(File.ReadAllBytes(same));
            }
            var (code, dump) = await Tool.RunAsync(
                "dcmdump",
                "-q",
                "+P",
                "0004,1500",
                Path.Combine(unpacked, "DICOMDIR")
            );
            code.Should().Be(0, dump);
            dump.Split('\n').Count(l => l.Contains("IM00000")).Should().Be(2);
        }
        Directory.Exists(Path.Combine(archive.Folder, "passing")).Should().BeTrue();
        Directory.GetFiles(Path.Combine(archive.Folder, "passing")).Should().BeEmpty();
        (await web.GetAsync("/dicomweb/studies/1.2.3/medium", TestContext.Current.CancellationToken))
            .StatusCode.Should()
            .Be(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_zip_says_what_was_left_out()
    {
        await using var archive = new TemporaryArchive();
        var set = TestImages.Grey(16, 16);
        await archive.StoreAsync(set);
        var uid = set.GetString(DicomTags.SOPInstanceUID)!;
        File.Delete(Path.Combine(archive.Folder, archive.Images.Find(uid)!.File));
        using var zip = new MemoryStream();
        await archive
            .Get<IStudyExport>()
            .ExportZipAsync(
                [set.GetString(DicomTags.StudyInstanceUID)!],
                zip,
                new ExportOptions(),
                CancellationToken.None
            );
        using var read = new System.IO.Compression.ZipArchive(zip);
        using var said = new StreamReader(read.GetEntry("PROBLEMS.TXT")!.Open());
        (await said.ReadToEndAsync(TestContext.Current.CancellationToken))
            .Should()
            .Contain(uid)
            .And.Contain("left out");
    }

    /// <summary>As a connection: written once, forwards, and with asynchronous calls alone.</summary>
    private sealed class Forwards(Stream to) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => throw new NotSupportedException();

        public override Task FlushAsync(CancellationToken cancellationToken) => to.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => to.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            to.WriteAsync(buffer, offset, count, cancellationToken);
    }

    private Task<ExportReceipt> ExportAsync(TemporaryArchive archive, string study, ExportOptions? options = null) =>
        archive
            .Get<IStudyExport>()
            .ExportAsync([study], Medium, options ?? new ExportOptions(), CancellationToken.None);
}
