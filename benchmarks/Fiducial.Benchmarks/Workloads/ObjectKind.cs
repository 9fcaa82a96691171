using Fiducial.Dicom;

namespace Fiducial.Benchmarks.Workloads;

/// <summary>A kind of object that is sent: what it is, how large its image is, and what its pixels look like.</summary>
internal sealed record ObjectKind
{
    public required string Name { get; init; }
    public required string SopClassUid { get; init; }
    public required string Modality { get; init; }
    public required string Body { get; init; }
    public required int Rows { get; init; }
    public required int Columns { get; init; }
    public int Samples { get; init; } = 1;
    public int BitsAllocated { get; init; } = 16;
    public required int BitsStored { get; init; }
    public bool IsSigned { get; init; }
    public int Frames { get; init; } = 1;

    /// <summary>Different images of this kind; further instances repeat them under other UIDs.</summary>
    public required int DifferentImages { get; init; }

    public int FrameLength => Rows * Columns * Samples * BitsAllocated / 8;

    /// <summary>512 x 512, 0.5 MB.</summary>
    public static ObjectKind Ct { get; } =
        new()
        {
            Name = "CT",
            SopClassUid = DicomUids.CTImageStorage,
            Modality = "CT",
            Body = "CHEST",
            Rows = 512,
            Columns = 512,
            BitsStored = 16,
            IsSigned = true,
            DifferentImages = 16,
        };

    /// <summary>256 x 256, 0.13 MB.</summary>
    public static ObjectKind Mr { get; } =
        new()
        {
            Name = "MR",
            SopClassUid = DicomUids.MRImageStorage,
            Modality = "MR",
            Body = "KNEE",
            Rows = 256,
            Columns = 256,
            BitsStored = 12,
            DifferentImages = 16,
        };

    /// <summary>4096 x 3328, 13.6 megapixels, 27 MB.</summary>
    public static ObjectKind Dx { get; } =
        new()
        {
            Name = "DX",
            SopClassUid = DicomUids.DigitalXRayImageStorageForPresentation,
            Modality = "DX",
            Body = "CHEST",
            Rows = 4096,
            Columns = 3328,
            BitsStored = 14,
            DifferentImages = 2,
        };

    /// <summary>640 x 480 in colour, 0.9 MB.</summary>
    public static ObjectKind Us { get; } =
        new()
        {
            Name = "US",
            SopClassUid = DicomUids.UltrasoundImageStorage,
            Modality = "US",
            Body = "ABDOMEN",
            Rows = 480,
            Columns = 640,
            Samples = 3,
            BitsAllocated = 8,
            BitsStored = 8,
            DifferentImages = 8,
        };

    /// <summary>A colour cine of 542 frames: one object of 500 MB.</summary>
    public static ObjectKind Cine { get; } =
        Us with
        {
            Name = "US cine",
            SopClassUid = DicomUids.UltrasoundMultiFrameImageStorage,
            Frames = 542,
            DifferentImages = 1,
        };

    /// <summary>16 x 16: only to fill an index.</summary>
    public static ObjectKind Filler { get; } =
        new()
        {
            Name = "filler",
            SopClassUid = DicomUids.SecondaryCaptureImageStorage,
            Modality = "OT",
            Body = "CHEST",
            Rows = 16,
            Columns = 16,
            BitsAllocated = 8,
            BitsStored = 8,
            DifferentImages = 1,
        };
}
