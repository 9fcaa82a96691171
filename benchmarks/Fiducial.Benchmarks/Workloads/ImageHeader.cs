using System.Globalization;
using Fiducial.Dicom;

namespace Fiducial.Benchmarks.Workloads;

/// <summary>The attributes of an image but for its pixels, about as many as a device writes (PS3.3 C.7, C.8).</summary>
internal static class ImageHeader
{
    public static DicomDataSet Of(ObjectKind kind, StudyIdentity study, int instance)
    {
        var number = instance.ToString(CultureInfo.InvariantCulture);
        var time = $"{8 + study.Number % 10:D2}{study.Number % 60:D2}00";
        var set = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 192")
            .Set(DicomTags.ImageType, "ORIGINAL", "PRIMARY")
            .Set(DicomTags.SOPClassUID, kind.SopClassUid)
            .Set(DicomTags.SOPInstanceUID, study.InstanceUid(instance))
            .Set(DicomTags.StudyDate, study.Date)
            .Set(DicomTags.SeriesDate, study.Date)
            .Set(DicomTags.AcquisitionDate, study.Date)
            .Set(DicomTags.ContentDate, study.Date)
            .Set(DicomTags.StudyTime, time)
            .Set(DicomTags.SeriesTime, time)
            .Set(DicomTags.AcquisitionTime, time)
            .Set(DicomTags.ContentTime, time)
            .Set(DicomTags.AccessionNumber, $"A{study.Number:D8}")
            .Set(DicomTags.Modality, kind.Modality)
            .Set(DicomTags.Manufacturer, "Fiducial benchmark")
            .Set(DicomTags.InstitutionName, "Synthetic clinic")
            .Set(DicomTags.ReferringPhysicianName, "Referrer^Robin^^Dr")
            .Set(DicomTags.StationName, "ROOM1")
            .Set(DicomTags.StudyDescription, $"{kind.Modality} {kind.Body}")
            .Set(DicomTags.SeriesDescription, "Series 1")
            .Set(DicomTags.OperatorsName, "Technologist^Terry")
            .Set(DicomTags.ManufacturerModelName, "Phantom 1")
            .Set(DicomTags.PatientName, $"Synthetic^{study.PatientId}")
            .Set(DicomTags.PatientID, study.PatientId)
            .Set(DicomTags.PatientBirthDate, $"{1935 + study.Number % 80}0615")
            .Set(DicomTags.PatientSex, "O")
            .Set(DicomTags.PatientAge, "055Y")
            .Set(DicomTags.BodyPartExamined, kind.Body)
            .Set(DicomTags.DeviceSerialNumber, "12345")
            .Set(DicomTags.SoftwareVersions, "1")
            .Set(DicomTags.ProtocolName, "Protocol A")
            .Set(DicomTags.StudyInstanceUID, study.StudyUid)
            .Set(DicomTags.SeriesInstanceUID, study.SeriesUid)
            .Set(DicomTags.StudyID, "1")
            .Set(DicomTags.SeriesNumber, "1")
            .Set(DicomTags.InstanceNumber, number)
            .Set(DicomTags.PatientOrientation, "")
            .SetItems(
                DicomTags.RequestAttributesSequence,
                new DicomDataSet()
                    .Set(DicomTags.ScheduledProcedureStepDescription, $"{kind.Modality} {kind.Body}")
                    .Set(DicomTags.ScheduledProcedureStepID, "SPS1")
                    .Set(DicomTags.RequestedProcedureID, "RP1")
            )
            .Set(DicomTags.SamplesPerPixel, kind.Samples)
            .Set(DicomTags.PhotometricInterpretation, kind.Samples == 3 ? "RGB" : "MONOCHROME2")
            .Set(DicomTags.Rows, kind.Rows)
            .Set(DicomTags.Columns, kind.Columns)
            .Set(DicomTags.BitsAllocated, kind.BitsAllocated)
            .Set(DicomTags.BitsStored, kind.BitsStored)
            .Set(DicomTags.HighBit, kind.BitsStored - 1)
            .Set(DicomTags.PixelRepresentation, kind.IsSigned ? 1 : 0);
        if (kind.Samples == 3)
        {
            set.Set(DicomTags.PlanarConfiguration, 0);
        }
        if (kind.Frames > 1)
        {
            set.Set(DicomTags.NumberOfFrames, kind.Frames).Set(DicomTags.FrameTime, "33.3");
        }
        return kind.Modality switch
        {
            "CT" or "MR" => Slice(set, kind, study, instance),
            "DX" => Radiograph(set),
            _ => set,
        };
    }

    private static DicomDataSet Slice(DicomDataSet set, ObjectKind kind, StudyIdentity study, int instance)
    {
        var z = (instance * 1.5).ToString("0.##", CultureInfo.InvariantCulture);
        set.Set(DicomTags.FrameOfReferenceUID, study.FrameOfReferenceUid)
            .Set(DicomTags.PositionReferenceIndicator, "")
            .Set(DicomTags.PatientPosition, "HFS")
            .Set(DicomTags.ImagePositionPatient, "-175", "-175", z)
            .Set(DicomTags.ImageOrientationPatient, "1", "0", "0", "0", "1", "0")
            .Set(DicomTags.SliceLocation, z)
            .Set(DicomTags.SliceThickness, "1.5")
            .Set(DicomTags.PixelSpacing, "0.68359375", "0.68359375");
        return kind.Modality == "CT"
            ? set.Set(DicomTags.KVP, "120")
                .Set(DicomTags.AcquisitionNumber, "1")
                .Set(DicomTags.ReconstructionDiameter, "350")
                .Set(DicomTags.ExposureTime, "500")
                .Set(DicomTags.XRayTubeCurrent, "250")
                .Set(DicomTags.ConvolutionKernel, "B30f")
                .Set(DicomTags.WindowCenter, "40")
                .Set(DicomTags.WindowWidth, "400")
                .Set(DicomTags.RescaleIntercept, "0")
                .Set(DicomTags.RescaleSlope, "1")
                .Set(DicomTags.RescaleType, "HU")
            : set.Set(DicomTags.ScanningSequence, "SE")
                .Set(DicomTags.SequenceVariant, "SK")
                .Set(DicomTags.MRAcquisitionType, "2D")
                .Set(DicomTags.RepetitionTime, "600")
                .Set(DicomTags.EchoTime, "12")
                .Set(DicomTags.MagneticFieldStrength, "1.5")
                .Set(DicomTags.FlipAngle, "90")
                .Set(DicomTags.WindowCenter, "1800")
                .Set(DicomTags.WindowWidth, "3600");
    }

    private static DicomDataSet Radiograph(DicomDataSet set) =>
        set.Set(DicomTags.PresentationIntentType, "FOR PRESENTATION")
            .Set(DicomTags.KVP, "110")
            .Set(DicomTags.Exposure, "3")
            .Set(DicomTags.DistanceSourceToDetector, "1800")
            .Set(DicomTags.ViewPosition, "PA")
            .Set(DicomTags.ImagerPixelSpacing, "0.1", "0.1")
            .Set(DicomTags.DetectorType, "DIRECT")
            .Set(DicomTags.ImageLaterality, "U")
            .Set(DicomTags.PixelIntensityRelationship, "LOG")
            .Set(DicomTags.PixelIntensityRelationshipSign, -1)
            .Set(DicomTags.RescaleIntercept, "0")
            .Set(DicomTags.RescaleSlope, "1")
            .Set(DicomTags.RescaleType, "US")
            .Set(DicomTags.PresentationLUTShape, "IDENTITY")
            .Set(DicomTags.LossyImageCompression, "00")
            .Set(DicomTags.BurnedInAnnotation, "NO")
            .Set(DicomTags.WindowCenter, "7000")
            .Set(DicomTags.WindowWidth, "12000");
}
