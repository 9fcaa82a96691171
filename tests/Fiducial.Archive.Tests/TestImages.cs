using System.Runtime.InteropServices;
using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

/// <summary>Objects made for a test.</summary>
internal static class TestImages
{
    /// <summary>A grey image of 16 bits whose cells are given by their place.</summary>
    public static DicomDataSet Grey(int columns, int rows, Func<int, int, int>? cell = null, string? studyUid = null)
    {
        var cells = new ushort[columns * rows];
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                cells[y * columns + x] = (ushort)(cell?.Invoke(x, y) ?? (x + y) & 0xFFF);
            }
        }
        return Header(studyUid)
            .Set(DicomTags.SamplesPerPixel, 1)
            .Set(DicomTags.PhotometricInterpretation, "MONOCHROME2")
            .Set(DicomTags.Rows, rows)
            .Set(DicomTags.Columns, columns)
            .Set(DicomTags.BitsAllocated, 16)
            .Set(DicomTags.BitsStored, 12)
            .Set(DicomTags.HighBit, 11)
            .Set(DicomTags.PixelRepresentation, 0)
            .SetBytes(DicomTags.PixelData, DicomVR.OW, MemoryMarshal.AsBytes(cells.AsSpan()).ToArray());
    }

    /// <summary>Patient, study, series and instance, without an image.</summary>
    public static DicomDataSet Header(string? studyUid = null) =>
        new DicomDataSet()
            .Set(DicomTags.SOPClassUID, DicomUids.DigitalXRayImageStorageForPresentation)
            .Set(DicomTags.SOPInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.StudyDate, "20261124")
            .Set(DicomTags.AccessionNumber, "A123")
            .Set(DicomTags.Modality, "DX")
            .Set(DicomTags.PatientName, "Doe^Jane")
            .Set(DicomTags.PatientID, "P1")
            .Set(DicomTags.PatientBirthDate, "19700101")
            .Set(DicomTags.PatientSex, "F")
            .Set(DicomTags.BodyPartExamined, "CHEST")
            .Set(DicomTags.ViewPosition, "PA")
            .Set(DicomTags.ExposureIndex, 420.0)
            .Set(DicomTags.StudyInstanceUID, studyUid ?? DicomUidFactory.New())
            .Set(DicomTags.SeriesInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.SeriesNumber, 1)
            .Set(DicomTags.InstanceNumber, 1);
}
