using Fiducial.Dicom;
using Fiducial.Dicom.Deidentification;
using Fiducial.Dicom.Media;

namespace Fiducial.Archive.Export;

/// <summary>Each object is read and hashed before it goes on the medium: what is damaged is named and left out, never passed on.</summary>
internal sealed class StudyExport(IImageArchive archive, IImageVerification verification) : IStudyExport
{
    public async Task<ExportReceipt> ExportAsync(
        IReadOnlyList<string> studyInstanceUids,
        string folder,
        ExportOptions options,
        CancellationToken ct
    )
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new IOException($"{folder} is not empty: a medium begins in an empty folder.");
        }
        var medium = new FileSetWriter(folder);
        var deidentifier = options.Deidentification is { } how ? new Deidentifier(how) : null;
        var (problems, doubts) = (new List<string>(), new SortedSet<string>(StringComparer.Ordinal));
        var objects = 0;
        foreach (var study in studyInstanceUids.Distinct(StringComparer.Ordinal))
        {
            var instances = archive.FindStudy(study);
            if (instances.Count == 0)
            {
                problems.Add($"There is no study {study}.");
            }
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
                    using var part10 = archive.OpenPart10(instance);
                    var syntax = options.IsAsStored
                        ? TransferSyntax.Of(instance.TransferSyntaxUid)
                        : OnMedium(instance.TransferSyntaxUid);
                    if (deidentifier is null && syntax.Uid == instance.TransferSyntaxUid)
                    {
                        medium.Add(part10);
                    }
                    else
                    {
                        AddMade(part10, deidentifier, syntax, medium, folder, doubts);
                    }
                    objects++;
                }
                catch (DicomFormatException e)
                {
                    problems.Add($"The object {instance.SopInstanceUid} cannot stand in a DICOMDIR: {e.Message}");
                }
            }
        }
        medium.Finish();
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
    private static void AddMade(
        Stream part10,
        Deidentifier? deidentifier,
        TransferSyntax syntax,
        FileSetWriter medium,
        string folder,
        SortedSet<string> doubts
    )
    {
        var file = DicomFile.Read(part10);
        var set = file.DataSet;
        if (deidentifier is not null)
        {
            (set, var doubtsOfOne) = deidentifier.Deidentify(set);
            doubts.UnionWith(doubtsOfOne);
        }
        var beside = Path.Combine(folder, "object.part");
        try
        {
            using (var target = new FileStream(beside, FileMode.Create, FileAccess.Write))
            {
                DicomFile.Write(target, set, syntax, valuesFrom: file.Values(part10));
            }
            medium.Add(beside);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
