using System.ComponentModel;
using System.Diagnostics;
using Fiducial.Archive;
using Fiducial.Dicom;
using Fiducial.Dicom.Deidentification;
using Fiducial.Server.Demonstration;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Server.Tests;

/// <summary>Gate 5: whatever object the house itself makes is one that another make of software finds no error in.</summary>
public sealed class CreatedObjectTests : IDisposable
{
    private static readonly ExamIdentity Exam = new(
        "FID-0001",
        "Müller^Jürgen",
        "19790412",
        "M",
        "A1",
        "2.25.1",
        new DateTimeOffset(2026, 11, 24, 9, 30, 0, TimeSpan.Zero),
        "L"
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-created-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_object_that_the_house_makes_is_without_an_error_by_dciodvfy()
    {
        // Of each drawing the first, and each without what identifies the patient.
        var drawn = DemonstrationExams
            .All.DistinctBy(e => e.Draw.Method)
            .SelectMany(e => e.Draw(Exam).Take(1))
            .ToList();
        foreach (var (i, image) in drawn.Index())
        {
            Write($"drawn-{i}", image);
            Write(
                $"deidentified-{i}",
                new Deidentifier(new DeidentificationOptions { Key = "key"u8.ToArray() }).Deidentify(image).DataSet
            );
        }
        var notes = await NotesAsync(drawn[0]);
        foreach (var (i, note) in notes.Index())
        {
            Write($"note-{i}", note);
            var (exit, tree) = Run("dsrdump", Path.Combine(_folder, $"note-{i}"));
            exit.Should().Be(0, tree);
            tree.Should().Contain("<contains IMAGE:").And.NotContain("E: ");
        }
        var errors = Directory
            .EnumerateFiles(_folder)
            .SelectMany(path => Run("dciodvfy", path).Text.Split('\n').Select(l => $"{Path.GetFileName(path)} {l}"))
            .Where(l => l.Contains(" Error", StringComparison.Ordinal));
        string.Join('\n', errors).Should().BeEmpty();
        Proof.Say(
            $"gate 5: {drawn.Count} drawn images, {drawn.Count} de-identified copies and {notes.Count} rejection notes without an error by dciodvfy"
        );
    }

    // One of each title, over an image that is stored in an archive.
    private async Task<List<DicomDataSet>> NotesAsync(DicomDataSet image)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var archiveFolder = Directory.CreateDirectory(Path.Combine(_folder, "..", Path.GetRandomFileName())).FullName;
        try
        {
            services.AddArchive(
                new ArchiveOptions
                {
                    Folder = archiveFolder,
                    RunsWorkers = false,
                    LeastFreeSpace = 0,
                }
            );
            await using var provider = services.BuildServiceProvider();
            var incoming = Directory.CreateDirectory(Path.Combine(archiveFolder, "incoming")).FullName;
            WriteTo(Path.Combine(incoming, "1"), image);
            await provider
                .GetRequiredService<IFolderImport>()
                .ImportAsync(incoming, new Progress<ImportProgress>(), TestContext.Current.CancellationToken);
            var archive = provider.GetRequiredService<IImageArchive>();
            var made = new List<DicomDataSet>();
            foreach (var code in new[] { "113001", "113037", "113038", "113039" })
            {
                var uid = await provider
                    .GetRequiredService<IRejectionNotes>()
                    .WriteAsync(
                        archive.FindStudy(Exam.StudyInstanceUid).Take(1).ToList(),
                        code,
                        $"decision {code}",
                        Exam.At,
                        TestContext.Current.CancellationToken
                    );
                await using var stored = archive.OpenPart10(archive.Find(uid)!);
                made.Add(DicomFile.Read(stored).DataSet);
            }
            return made;
        }
        finally
        {
            Directory.Delete(archiveFolder, recursive: true);
        }
    }

    private void Write(string name, DicomDataSet set) => WriteTo(Path.Combine(_folder, name), set);

    private static void WriteTo(string path, DicomDataSet set)
    {
        using var file = File.Create(path);
        DicomFile.Write(file, set, TransferSyntax.ExplicitVRLittleEndian);
    }

    private static (int ExitCode, string Text) Run(string tool, string path)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(tool, [path])
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                }
            )!;
            var error = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
            process.WaitForExit();
            return (process.ExitCode, text);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{tool} is not installed (Debian: dicom3tools, dcmtk).");
            throw;
        }
    }
}
