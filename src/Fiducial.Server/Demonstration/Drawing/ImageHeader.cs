using System.Globalization;
using System.Runtime.InteropServices;
using Fiducial.Dicom;

namespace Fiducial.Server.Demonstration.Drawing;

/// <summary>The attributes that every drawn image has: patient, study, series, equipment, pixels (PS3.3 C.7).</summary>
internal static class ImageHeader
{
    public static DicomDataSet Of(
        ExamIdentity exam,
        string sopClass,
        string modality,
        int series,
        string seriesDescription,
        int instance
    )
    {
        var (date, time) = (
            exam.At.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            exam.At.ToString("HHmmss", CultureInfo.InvariantCulture)
        );
        string Number(int n) => n.ToString(CultureInfo.InvariantCulture);
        return new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 192")
            .Set(DicomTags.ImageType, "ORIGINAL", "PRIMARY")
            .Set(DicomTags.SOPClassUID, sopClass)
            .Set(DicomTags.SOPInstanceUID, $"{exam.StudyInstanceUid}.{Number(series)}.{Number(instance)}")
            .Set(DicomTags.StudyDate, date)
            .Set(DicomTags.SeriesDate, date)
            .Set(DicomTags.AcquisitionDate, date)
            .Set(DicomTags.ContentDate, date)
            .Set(DicomTags.StudyTime, time)
            .Set(DicomTags.SeriesTime, time)
            .Set(DicomTags.ContentTime, time)
            .Set(DicomTags.AccessionNumber, exam.AccessionNumber)
            .Set(DicomTags.Modality, modality)
            .Set(DicomTags.Manufacturer, "Fiducial demonstration")
            .Set(DicomTags.ReferringPhysicianName, "")
            .Set(DicomTags.SeriesDescription, seriesDescription)
            .Set(DicomTags.PatientName, exam.PatientName)
            .Set(DicomTags.PatientID, exam.PatientId)
            .Set(DicomTags.PatientBirthDate, exam.BirthDate)
            .Set(DicomTags.PatientSex, exam.Sex)
            .Set(DicomTags.StudyInstanceUID, exam.StudyInstanceUid)
            .Set(DicomTags.SeriesInstanceUID, $"{exam.StudyInstanceUid}.{Number(series)}")
            .Set(DicomTags.StudyID, "1")
            .Set(DicomTags.SeriesNumber, Number(series))
            .Set(DicomTags.InstanceNumber, Number(instance))
            .Set(DicomTags.PatientOrientation, "");
    }

    /// <summary>Grey pixels of 16 bits, of which <paramref name="bitsStored"/> are used.</summary>
    public static DicomDataSet WithGrey(
        this DicomDataSet set,
        int columns,
        int rows,
        ushort[] pixels,
        int bitsStored,
        double center,
        double width
    ) =>
        set.Set(DicomTags.SamplesPerPixel, 1)
            .Set(DicomTags.PhotometricInterpretation, "MONOCHROME2")
            .Set(DicomTags.Rows, rows)
            .Set(DicomTags.Columns, columns)
            .Set(DicomTags.BitsAllocated, 16)
            .Set(DicomTags.BitsStored, bitsStored)
            .Set(DicomTags.HighBit, bitsStored - 1)
            .Set(DicomTags.PixelRepresentation, 0)
            .Set(DicomTags.WindowCenter, center)
            .Set(DicomTags.WindowWidth, width)
            .SetBytes(DicomTags.PixelData, DicomVR.OW, MemoryMarshal.AsBytes<ushort>(pixels).ToArray());
}
