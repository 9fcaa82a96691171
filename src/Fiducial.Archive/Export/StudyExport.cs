using System.IO.Compression;
using System.Text;
using Fiducial.Archive.Files;
using Fiducial.Dicom;
using Fiducial.Dicom.Deidentification;
using Fiducial.Dicom.Media;

namespace Fiducial.Archive.Export;

/// <summary>Each object is read and hashed before it goes on the medium: what is damaged is named and left out, never passed on.</summary>
internal sealed class StudyExport(IImageArchive archive, IImageVerification verification, ArchiveFolder folder)
    : IStudyExport
{
    private const string ProblemFile = "PROBLEMS.TXT";

    public async Task<ExportReceipt> ExportAsync(
        IReadOnlyList<string> studyInstanceUids,
        string medium,
        ExportOptions options,
        CancellationToken ct
    )
    {
        if (Directory.Exists(medium) && Directory.EnumerateFileSystemEntries(medium).Any())
        {
            throw new IOException($"{medium} is not empty: a medium begins in an empty folder.");
        }
        var (instances, problems) = Find(studyInstanceUids);
        var files = new FileSetWriter(medium);
        var receipt = await WriteAsync(instances, problems, files, options, ct);
        await files.FinishAsync(ct);
        return receipt;
    }

    public Task<ExportReceipt> ExportZipAsync(
        IReadOnlyList<string> studyInstanceUids,
        Stream zip,
        ExportOptions options,
        CancellationToken ct
    )
    {
        var (instances, problems) = Find(studyInstanceUids);
        return WriteZipAsync(instances, problems, zip, options, ct);
    }

    public Task<ExportReceipt> ExportZipAsync(
        IReadOnlyList<StoredInstance> instances,
        Stream zip,
        ExportOptions options,
        CancellationToken ct
    ) => WriteZipAsync(instances, [], zip, options, ct);

    private (List<StoredInstance> Instances, List<string> Problems) Find(IReadOnlyList<string> studyInstanceUids)
    {
        var (instances, problems) = (new List<StoredInstance>(), new List<string>());
        foreach (var study in studyInstanceUids.Distinct(StringComparer.Ordinal))
        {
            var found = archive.FindStudy(study);
            instances.AddRange(found);
            if (found.Count == 0)
            {
                problems.Add($"There is no study {study}.");
            }
        }
        return (instances, problems);
    }

    // Stored, not deflated: what is compressed already stays as large, and pixels that are not were left so by who acquired them.
    private async Task<ExportReceipt> WriteZipAsync(
        IReadOnlyList<StoredInstance> instances,
        List<string> problems,
        Stream target,
        ExportOptions options,
        CancellationToken ct
    )
    {
        var forwards = new ForwardStream(target);
        ExportReceipt receipt;
        await using (var zip = await ZipArchive.CreateAsync(forwards, ZipArchiveMode.Create, leaveOpen: true, null, ct))
        {
            Stream Create(string name) => zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
            var files = new FileSetWriter(Create);
            receipt = await WriteAsync(instances, problems, files, options, ct);
            if (receipt.Problems.Count > 0)
            {
                // Who opens it later has no other way to know; a reader of the medium looks at the DICOMDIR alone.
                await using var said = Create(ProblemFile);
                await said.WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", receipt.Problems) + "\r\n"), ct);
            }
            await files.FinishAsync(ct);
        }
        await forwards.FlushAsync(ct);
        return receipt;
    }

    private async Task<ExportReceipt> WriteAsync(
        IReadOnlyList<StoredInstance> instances,
        List<string> problems,
        FileSetWriter medium,
        ExportOptions options,
        CancellationToken ct
    )
    {
        var deidentifier = options.Deidentification is { } how ? new Deidentifier(how) : null;
        var doubts = new SortedSet<string>(StringComparer.Ordinal);
        var objects = 0;
        foreach (var instance in instances)
        {
            ct.ThrowIfCancellationRequested();
            if (await verification.JudgeAsync(instance.SopInstanceUid, ct) is not (_, true))
            {
                problems.Add($"The object {instance.SopInstanceUid} is damaged and was left out.");
                continue;
            }
            try
            {
                await using var part10 = archive.OpenPart10(instance);
                var syntax = options.IsAsStored
                    ? TransferSyntax.Of(instance.TransferSyntaxUid)
                    : OnMedium(instance.TransferSyntaxUid);
                if (deidentifier is null && syntax.Uid == instance.TransferSyntaxUid)
                {
                    await medium.AddAsync(part10, ct);
                }
                else
                {
                    await using var made = Make(part10, deidentifier, syntax, doubts);
                    await medium.AddAsync(made, ct);
                }
                objects++;
            }
            catch (DicomFormatException e)
            {
                problems.Add($"The object {instance.SopInstanceUid} cannot stand in a DICOMDIR: {e.Message}");
            }
        }
        return new ExportReceipt(objects, problems, [.. doubts]);
    }

    private static TransferSyntax OnMedium(string stored) =>
        stored
            is DicomUids.ImplicitVRLittleEndian
                or DicomUids.ExplicitVRBigEndian
                or DicomUids.DeflatedExplicitVRLittleEndian
            ? TransferSyntax.ExplicitVRLittleEndian
            : TransferSyntax.Of(stored);

    // By a file beside, because an object may be larger than memory.
    private FileStream Make(Stream part10, Deidentifier? deidentifier, TransferSyntax syntax, SortedSet<string> doubts)
    {
        var file = DicomFile.Read(part10);
        var set = file.DataSet;
        if (deidentifier is not null)
        {
            (set, var doubtsOfOne) = deidentifier.Deidentify(set);
            doubts.UnionWith(doubtsOfOne);
        }
        var beside = folder.NewPassingFile();
        try
        {
            DicomFile.Write(beside, set, syntax, valuesFrom: file.Values(part10));
            beside.Position = 0;
            return beside;
        }
        catch
        {
            beside.Dispose();
            throw;
        }
    }
}
