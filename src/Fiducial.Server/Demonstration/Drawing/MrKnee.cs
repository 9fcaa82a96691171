using System.Globalization;
using Fiducial.Dicom;

namespace Fiducial.Server.Demonstration.Drawing;

/// <summary>24 sagittal slices of a knee, proton density.</summary>
public static class MrKnee
{
    private const int Size = 384;

    private static readonly Phantom Knee = new(
        20,
        new(0, 0, 0.5, 0.66, 1.2, 0.9, 700),
        new(0, -0.55, 0.5, 0.36, 0.62, 0.6, 1250),
        new(0, 0.62, 0.5, 0.36, 0.52, 0.6, 1200),
        new(0, 0.05, 0.5, 0.34, 0.06, 0.6, 1700),
        new(-0.5, -0.2, 0.5, 0.1, 0.22, 0.3, 1150),
        new(-0.18, 0.04, 0.35, 0.12, 0.05, 0.2, 180),
        new(0.2, 0.04, 0.35, 0.12, 0.05, 0.2, 180),
        new(0.02, 0.02, 0.5, 0.05, 0.2, 0.06, 250)
    );

    public static IEnumerable<DicomDataSet> Draw(ExamIdentity exam)
    {
        for (var i = 0; i < 24; i++)
        {
            yield return ImageHeader
                .Of(exam, DicomUids.MRImageStorage, "MR", 1, "SAG PD", i + 1)
                .WithGrey(Size, Size, Knee.Slice(Size, Size, (i + 0.5) / 24, 22, 0, i, 4095), 12, 900, 1800)
                .Set(DicomTags.ImageType, "ORIGINAL", "PRIMARY", "OTHER")
                .Set(DicomTags.BodyPartExamined, "KNEE")
                .Set(DicomTags.PatientPosition, "FFS")
                .Set(DicomTags.Laterality, exam.Laterality)
                .Set(DicomTags.ScanningSequence, "SE")
                .Set(DicomTags.SequenceVariant, "NONE")
                .Set(DicomTags.ScanOptions, "")
                .Set(DicomTags.MRAcquisitionType, "2D")
                .Set(DicomTags.RepetitionTime, "2500")
                .Set(DicomTags.EchoTime, "25")
                .Set(DicomTags.EchoTrainLength, "1")
                .Set(DicomTags.SliceThickness, "4")
                .Set(DicomTags.PixelSpacing, "0.42", "0.42")
                .Set(DicomTags.ImagePositionPatient, (i * 4).ToString(CultureInfo.InvariantCulture), "-80", "80")
                .Set(DicomTags.ImageOrientationPatient, "0", "1", "0", "0", "0", "-1")
                .Set(DicomTags.FrameOfReferenceUID, $"{exam.StudyInstanceUid}.91")
                .Set(DicomTags.PositionReferenceIndicator, "");
        }
    }
}
