using System.Globalization;
using Fiducial.Dicom;

namespace Fiducial.Server.Demonstration.Drawing;

/// <summary>200 slices: 80 of the head, 120 of the chest, in Hounsfield units with an intercept of -1024.</summary>
public static class CtHeadAndChest
{
    private const int Size = 512;

    private static readonly Phantom Head = new(
        -1000,
        new(0, 0, 0.5, 0.62, 0.76, 0.75, 45),
        new(0, 0, 0.5, 0.59, 0.73, 0.72, 1000),
        new(0, 0, 0.5, 0.54, 0.68, 0.67, 34),
        new(-0.1, -0.05, 0.55, 0.07, 0.26, 0.2, 8),
        new(0.1, -0.05, 0.55, 0.07, 0.26, 0.2, 8),
        new(0, 0.28, 0.3, 0.3, 0.2, 0.2, 38)
    );

    private static readonly Phantom Chest = new(
        -1000,
        new(0, 0, 0.5, 0.9, 0.62, 2, 35),
        new(-0.4, -0.02, 0.5, 0.33, 0.46, 0.6, -840),
        new(0.4, -0.02, 0.5, 0.33, 0.46, 0.6, -840),
        new(0.1, -0.12, 0.62, 0.27, 0.25, 0.24, 45),
        new(-0.3, 0.1, 0.45, 0.03, 0.03, 0.03, 40),
        new(0, 0.42, 0.5, 0.12, 0.12, 2, 320),
        new(-0.08, 0.25, 0.5, 0.07, 0.07, 2, 42)
    );

    public static IEnumerable<DicomDataSet> Draw(ExamIdentity exam) =>
        Series(exam, Head, 1, "HEAD", 80, 2, 40, 80).Concat(Series(exam, Chest, 2, "CHEST", 120, 2.5, 40, 400));

    private static IEnumerable<DicomDataSet> Series(
        ExamIdentity exam,
        Phantom phantom,
        int series,
        string part,
        int count,
        double spacing,
        double center,
        double width
    )
    {
        for (var i = 0; i < count; i++)
        {
            string Number(double n) => n.ToString("0.###", CultureInfo.InvariantCulture);
            var pixels = phantom.Slice(Size, Size, (i + 0.5) / count, 9, 1024, series * 1000 + i, 4095);
            yield return ImageHeader
                .Of(exam, DicomUids.CTImageStorage, "CT", series, part, i + 1)
                .WithGrey(Size, Size, pixels, 12, center, width)
                .Set(DicomTags.ImageType, "ORIGINAL", "PRIMARY", "AXIAL")
                .Set(DicomTags.BodyPartExamined, part)
                .Set(DicomTags.PatientPosition, "HFS")
                .Set(DicomTags.RescaleIntercept, "-1024")
                .Set(DicomTags.RescaleSlope, "1")
                .Set(DicomTags.RescaleType, "HU")
                .Set(DicomTags.KVP, "120")
                .Set(DicomTags.SliceThickness, Number(spacing))
                .Set(DicomTags.PixelSpacing, "0.7", "0.7")
                .Set(DicomTags.ImagePositionPatient, "-179", "-179", Number(i * spacing))
                .Set(DicomTags.ImageOrientationPatient, "1", "0", "0", "0", "1", "0")
                .Set(DicomTags.FrameOfReferenceUID, $"{exam.StudyInstanceUid}.9{series}")
                .Set(DicomTags.PositionReferenceIndicator, "")
                .Set(DicomTags.AcquisitionNumber, "1");
        }
    }
}
