using System.Globalization;
using Fiducial.Dicom;
using Fiducial.Pathway.Exams;
using Fiducial.Server.Demonstration;

namespace Fiducial.EndToEnd;

/// <summary>Drawn exams as Part 10 files, for a sender of another house.</summary>
internal static class Drawing
{
    public static IEnumerable<string> Files(DemonstrationExam exam, ExamRecord order, string folder)
    {
        var count = 0;
        foreach (var image in exam.Draw(Identity(order)))
        {
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{++count}.dcm"));
            using var file = File.Create(path);
            DicomFile.Write(file, image, TransferSyntax.ExplicitVRLittleEndian, "MODALITY");
            yield return path;
        }
    }

    public static ExamIdentity Identity(ExamRecord order) =>
        new(
            order.PatientId,
            order.PatientName,
            order.PatientBirthDate,
            order.PatientSex,
            order.AccessionNumber,
            DicomUidFactory.FromGuid(order.Id),
            order.RequestedAt ?? DateTimeOffset.UnixEpoch,
            order.Laterality
        );
}
