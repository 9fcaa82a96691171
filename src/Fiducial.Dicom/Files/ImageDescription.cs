namespace Fiducial.Dicom;

/// <summary>The shape of an image's pixels (PS3.3 C.7.6.3).</summary>
public sealed record ImageDescription
{
    public required int Rows { get; init; }
    public required int Columns { get; init; }
    public required int SamplesPerPixel { get; init; }
    public required int BitsAllocated { get; init; }
    public required int BitsStored { get; init; }
    public required int HighBit { get; init; }
    public required bool IsSigned { get; init; }
    public required bool IsPlanar { get; init; }
    public required string PhotometricInterpretation { get; init; }
    public required int NumberOfFrames { get; init; }

    /// <summary>Bytes of one native frame; YBR_FULL_422 has two samples a pixel (PS3.3 C.7.6.3.1.2).</summary>
    public long FrameLength =>
        BitsAllocated == 1
            ? ((long)Rows * Columns * SamplesPerPixel + 7) / 8
            : (long)Rows
                * Columns
                * (PhotometricInterpretation is "YBR_FULL_422" or "YBR_PARTIAL_422" ? 2 : SamplesPerPixel)
                * ((BitsAllocated + 7) / 8);

    /// <summary>Bytes of one frame that a codec has decoded: every sample of every pixel.</summary>
    public long DecodedLength => (long)Rows * Columns * SamplesPerPixel * ((BitsAllocated + 7) / 8);

    /// <summary>Null when the data set is not an image.</summary>
    /// <exception cref="DicomFormatException">Its attributes contradict each other.</exception>
    public static ImageDescription? Of(DicomDataSet set)
    {
        if (set.GetInt(DicomTags.Rows) is not { } rows || set.GetInt(DicomTags.Columns) is not { } columns)
        {
            return null;
        }
        var allocated = set.GetInt(DicomTags.BitsAllocated) ?? 16;
        var stored = set.GetInt(DicomTags.BitsStored) ?? allocated;
        var samples = set.GetInt(DicomTags.SamplesPerPixel) ?? 1;
        var frames = Math.Max(1, set.GetInt(DicomTags.NumberOfFrames) ?? 1);
        if (rows <= 0 || columns <= 0)
        {
            throw new DicomFormatException($"The image has {rows} rows and {columns} columns.", 0);
        }
        if (allocated is not (1 or 8 or 16 or 32 or 64) || stored < 1 || stored > allocated || samples is < 1 or > 4)
        {
            throw new DicomFormatException($"The image has {samples} samples of {stored} in {allocated} bits.", 0);
        }
        return new ImageDescription
        {
            Rows = rows,
            Columns = columns,
            SamplesPerPixel = samples,
            BitsAllocated = allocated,
            BitsStored = stored,
            HighBit = set.GetInt(DicomTags.HighBit) ?? stored - 1,
            IsSigned = set.GetInt(DicomTags.PixelRepresentation) is 1,
            IsPlanar = set.GetInt(DicomTags.PlanarConfiguration) is 1,
            PhotometricInterpretation = set.GetString(DicomTags.PhotometricInterpretation) ?? "MONOCHROME2",
            NumberOfFrames = frames,
        };
    }
}
