using System.Diagnostics;
using System.Security.Cryptography;
using Fiducial.Dicom.Media;

namespace Fiducial.Dicom.Tests;

public sealed class MediaTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("pydicom-DICOMDIR", 31)]
    [InlineData("pydicom-DICOMDIR-bigEnd", 31)]
    [InlineData("pydicom-DICOMDIR-implicit", 31)]
    [InlineData("pydicom-DICOMDIR-reordered", 31)]
    [InlineData("pydicom-DICOMDIR-nooffset", 31)]
    [InlineData("pydicom-DICOMDIR-empty.dcm", 0)]
    public void Directories_of_real_media_are_read_whatever_their_form(string name, int images)
    {
        var directory = DicomDirectory.Read(Path.Combine(Samples.Folder("dicom/dicomdir"), name));
        output.WriteLine(string.Join(Environment.NewLine, directory.Mended));
        directory.Records.Count(r => r.ReferencedFile.Count > 0).Should().Be(images);
        if (images > 0)
        {
            directory.Roots.Select(r => r.Type).Should().OnlyContain(t => t == "PATIENT").And.HaveCount(2);
            directory.Roots.Sum(r => r.Children.Count).Should().Be(6);
        }
    }

    [Fact]
    public void A_medium_holds_every_object_byte_for_byte_and_a_directory_that_finds_it()
    {
        using var folder = new Folder();
        var sources = Samples.Files("dicom/dicomdir").Where(f => f.Contains("dicomdirtests")).ToList();
        sources.AddRange(Samples.Files("dicom/series"));
        sources.AddRange(Samples.Files("dicom/presentation-state"));
        sources.AddRange(Samples.Files("dicom/dose-rdsr"));
        var medium = new FileSetWriter(folder.Path, "CLINIC_1");
        var added = sources.Count(medium.Add);
        medium.Add(sources[0]).Should().BeFalse();
        medium.Finish();

        var directory = DicomDirectory.Read(Path.Combine(folder.Path, "DICOMDIR"));
        directory.Mended.Should().BeEmpty();
        directory.FileSetId.Should().Be("CLINIC_1");
        var files = directory
            .Records.Where(r => r.ReferencedFile.Count > 0)
            .Select(r => r.PathBelow(folder.Path))
            .ToList();
        files.Should().HaveCount(added);
        files.Select(Hash).Should().BeSubsetOf(sources.Select(Hash));
        output.WriteLine($"{added} objects, {directory.Records.Count()} records");
    }

    [Fact]
    public void DCMTK_and_dicom3tools_accept_the_directory()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dcmdump"), "dcmtk is not installed.");
        using var folder = new Folder();
        var medium = new FileSetWriter(folder.Path);
        foreach (var path in Samples.Files("dicom/dicomdir").Where(f => f.Contains("dicomdirtests")))
        {
            medium.Add(path);
        }
        medium.Finish();
        var directory = Path.Combine(folder.Path, "DICOMDIR");
        var (code, text) = Run("dcmdump", directory);
        code.Should().Be(0);
        text.Should().Contain("\"Directory Record\" PATIENT").And.NotContain("E: ").And.NotContain("W: ");
        // It appends to a directory only when it can read it.
        var name = Directory.EnumerateFiles(folder.Path, "IM*", SearchOption.AllDirectories).First();
        var (appended, messages) = Run(
            "dcmmkdir",
            "+A",
            "+D",
            directory,
            "+id",
            folder.Path,
            Path.GetRelativePath(folder.Path, name)
        );
        output.WriteLine(messages);
        appended.Should().Be(0, messages);
        if (File.Exists("/usr/bin/dciodvfy"))
        {
            var (_, verified) = Run("dciodvfy", directory);
            output.WriteLine(verified);
            verified.Split('\n').Should().NotContain(l => l.StartsWith("Error"));
            Proof.Say("gate 5: a DICOMDIR without an error by dciodvfy, appended to by dcmmkdir");
        }
    }

    [Fact]
    public void A_record_that_leads_out_of_the_medium_is_refused()
    {
        var record = new DirectoryRecord
        {
            Type = "IMAGE",
            Keys = new DicomDataSet(),
            ReferencedFile = ["..", "..", "etc", "passwd"],
        };
        var path = () => record.PathBelow("/medium");
        path.Should().Throw<DicomFormatException>().WithMessage("*'..'*");
    }

    [Fact]
    public void Records_that_refer_to_each_other_in_a_ring_end()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "ring");
        var meta = DicomFile.FileMetaBytes("1.2.840.10008.1.3.10", "1.2.3", "1.2.840.10008.1.2.1", null);
        // The only item follows three headers: (0004,1200), (0004,1212) and that of the sequence.
        var offset = (meta.Length + 12 + 10 + 12).ToString();
        var item = new DicomDataSet()
            .Set(DicomTags.OffsetOfTheNextDirectoryRecord, offset)
            .Set(DicomTags.OffsetOfReferencedLowerLevelDirectoryEntity, offset)
            .Set(DicomTags.DirectoryRecordType, "PATIENT");
        using (var file = File.Create(path))
        {
            file.Write(meta);
            DicomFile.WriteDataSet(
                file,
                new DicomDataSet()
                    .Set(DicomTags.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity, offset)
                    .Set(DicomTags.FileSetConsistencyFlag, 0)
                    .SetItems(DicomTags.DirectoryRecordSequence, item),
                TransferSyntax.ExplicitVRLittleEndian
            );
        }
        var directory = DicomDirectory.Read(path);
        directory.Mended.Should().BeEmpty();
        directory.Records.Should().ContainSingle();
    }

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    private static (int Code, string Text) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + errors.Result);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("medium").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
