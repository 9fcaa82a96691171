using Fiducial.Dicom;

namespace Fiducial.Server.Demonstration.Drawing;

/// <summary>A whole-body bone scan, anterior and posterior in two frames: counts with the noise of counting.</summary>
public static class BoneScan
{
    private const int Columns = 256;
    private const int Rows = 1024;

    private static readonly Phantom Body = new(
        0.3,
        new(0, 0, 0, 0.62, 0.9, 1, 3),
        new(0, -0.86, 0, 0.22, 0.08, 1, 14),
        new(0, -0.42, 0, 0.05, 0.36, 1, 26),
        new(-0.3, -0.5, 0, 0.1, 0.2, 1, 8),
        new(0.3, -0.5, 0, 0.1, 0.2, 1, 8),
        new(0, -0.06, 0, 0.4, 0.07, 1, 22),
        new(-0.25, 0.35, 0, 0.07, 0.34, 1, 9),
        new(0.25, 0.35, 0, 0.07, 0.34, 1, 9),
        new(0.02, -0.3, 0, 0.04, 0.015, 1, 70)
    );

    public static IEnumerable<DicomDataSet> Draw(ExamIdentity exam)
    {
        var frames = Body.Slice(Columns, Rows, 0, 2, 2, 5, 400)
            .Concat(Body.Slice(Columns, Rows, 0, 2, 2, 6, 400))
            .ToArray();
        yield return ImageHeader
            .Of(exam, DicomUids.NuclearMedicineImageStorage, "NM", 1, "WHOLE BODY", 1)
            .WithGrey(Columns, Rows, frames, 16, 30, 60)
            .Set(DicomTags.ImageType, "ORIGINAL", "PRIMARY", "WHOLE BODY", "EMISSION")
            .Set(DicomTags.Laterality, "")
            .Set(DicomTags.NumberOfFrames, "2")
            // One energy window, a detector before and one behind the patient (PS3.3 C.8.4.8).
            .SetBytes(
                DicomTags.FrameIncrementPointer,
                DicomVR.AT,
                new byte[] { 0x54, 0x00, 0x10, 0x00, 0x54, 0x00, 0x20, 0x00 }
            )
            .Set(DicomTags.EnergyWindowVector, "1", "1")
            .Set(DicomTags.NumberOfEnergyWindows, 1)
            .Set(DicomTags.DetectorVector, "1", "2")
            .Set(DicomTags.NumberOfDetectors, 2)
            .SetItems(DicomTags.EnergyWindowInformationSequence)
            .SetItems(DicomTags.RadiopharmaceuticalInformationSequence)
            .SetItems(DicomTags.DetectorInformationSequence)
            .SetItems(DicomTags.PatientOrientationCodeSequence)
            .SetItems(DicomTags.PatientGantryRelationshipCodeSequence)
            .Set(DicomTags.CountsAccumulated, "")
            .Set(DicomTags.ActualFrameDuration, "900000")
            .Set(DicomTags.ScanVelocity, "")
            .Set(DicomTags.ScanLength, "")
            .Set(DicomTags.PixelSpacing, "2", "2");
    }
}
