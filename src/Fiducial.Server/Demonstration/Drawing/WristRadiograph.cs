using Fiducial.Dicom;

namespace Fiducial.Server.Demonstration.Drawing;

/// <summary>
/// A wrist of 13.6 megapixels in two views. Across the distal radius runs a hairline that is plain at 1:1 and gone in the preview:
/// averaged by 6.67 in a window of 16,384 it has 160 · 1 / 6.67 / (16,384 / 255) = 0.37 of a grey level; at 1:1 in a window of 1,500
/// it has 27 levels over noise of 10.
/// </summary>
public static class WristRadiograph
{
    public const int Columns = 3328;
    public const int Rows = 4096;
    public const int FractureDepth = 160;
    public const double NoiseDeviation = 60;
    public const double WindowCenter = 8192;
    public const double WindowWidth = 16384;

    /// <summary>First and last column of the hairline in the PA view.</summary>
    public const int FractureFrom = 1180;
    public const int FractureTo = 1560;

    /// <summary>The row of the hairline at a column of the PA view.</summary>
    public static int FractureRow(int column) => 2330 + (column - FractureFrom) / 6;

    public static IEnumerable<DicomDataSet> Draw(ExamIdentity exam)
    {
        yield return View(exam, "PA", 1);
        yield return View(exam, "LATERAL", 2);
    }

    /// <summary>14-bit pixels of one view, row by row.</summary>
    public static ushort[] Pixels(bool isPosteroAnterior)
    {
        var pixels = new ushort[Columns * Rows];
        Parallel.For(
            0,
            Rows,
            y =>
            {
                var noise = new Noise((uint)(y + (isPosteroAnterior ? 1 : 100_000)));
                for (var x = 0; x < Columns; x++)
                {
                    var value = Anatomy(x, y, isPosteroAnterior) + noise.Next() * NoiseDeviation;
                    pixels[y * Columns + x] = (ushort)Math.Clamp(value, 0, 16383);
                }
            }
        );
        if (isPosteroAnterior)
        {
            for (var x = FractureFrom; x <= FractureTo; x++)
            {
                pixels[FractureRow(x) * Columns + x] -= FractureDepth;
            }
        }
        return pixels;
    }

    private static DicomDataSet View(ExamIdentity exam, string view, int instance) =>
        ImageHeader
            .Of(exam, DicomUids.DigitalXRayImageStorageForPresentation, "DX", 1, "WRIST", instance)
            .WithGrey(Columns, Rows, Pixels(view is "PA"), 14, WindowCenter, WindowWidth)
            .Set(DicomTags.PresentationIntentType, "FOR PRESENTATION")
            .Set(DicomTags.BodyPartExamined, "WRIST")
            .Set(DicomTags.PatientOrientation, "R", "F")
            .SetItems(
                DicomTags.AnatomicRegionSequence,
                new DicomDataSet()
                    .Set(DicomTags.CodeValue, "74670003")
                    .Set(DicomTags.CodingSchemeDesignator, "SCT")
                    .Set(DicomTags.CodeMeaning, "Wrist joint")
            )
            .SetItems(DicomTags.AcquisitionContextSequence)
            .Set(DicomTags.DetectorType, "DIRECT")
            .Set(DicomTags.PositionerType, "NONE")
            .Set(DicomTags.ViewPosition, view)
            .Set(DicomTags.ImageLaterality, exam.Laterality)
            .Set(DicomTags.ImagerPixelSpacing, "0.1", "0.1")
            .Set(DicomTags.PixelIntensityRelationship, "LOG")
            .Set(DicomTags.PixelIntensityRelationshipSign, -1)
            .Set(DicomTags.RescaleIntercept, "0")
            .Set(DicomTags.RescaleSlope, "1")
            .Set(DicomTags.RescaleType, "US")
            .Set(DicomTags.PresentationLUTShape, "IDENTITY")
            .Set(DicomTags.LossyImageCompression, "00")
            .Set(DicomTags.BurnedInAnnotation, "NO")
            .Set(DicomTags.ExposureIndex, "248")
            .Set(DicomTags.TargetExposureIndex, "250")
            .Set(DicomTags.DeviationIndex, "0");

    // Attenuation adds up: air, soft tissue, bones with a dense cortex, the marker of lead.
    private static double Anatomy(int x, int y, bool isPosteroAnterior)
    {
        if (x < 120 || x >= Columns - 120 || y < 120 || y >= Rows - 120)
        {
            return 600; // collimated
        }
        var value = 1600.0;
        var (cx, squeeze) = (Columns / 2.0, isPosteroAnterior ? 1.0 : 0.62);
        double X(double units) => cx + units * squeeze;
        var halfWidth = (y < 1700 ? 1050 - y * 0.16 : 780 - Math.Min(120, (y - 1700) * 0.1)) * squeeze;
        var edge = 1 - Math.Abs(x - cx) / halfWidth;
        if (edge > 0)
        {
            value += 3600 * Math.Sqrt(Math.Min(1, edge * 2.2));
        }
        value += Bone(x, y, X(-290), 3150, 235 * squeeze, 1000, 1.0);
        value += Bone(x, y, X(270), 3260, 150 * squeeze, 1010, 0.9);
        // Two rows of carpal bones.
        for (var i = 0; i < 4; i++)
        {
            value += Round(x, y, X(-390 + i * 235), 1960 + (i is 0 or 3 ? 55 : 0), 140 * squeeze, 120);
            value += Round(x, y, X(-420 + i * 250), 1700 + (i is 0 or 3 ? 40 : 0), 135 * squeeze, 115);
        }
        for (var i = 0; i < 5; i++)
        {
            value += Bone(
                x,
                y,
                X(-620 + i * 300 + (i is 0 ? -60 : 0)),
                980 + (i is 0 ? 180 : 0),
                85 * squeeze,
                520,
                0.75
            );
        }
        return InMarker(x, y) ? 15500 : value;
    }

    // A shaft with flared ends: cortex at the rim, marrow and trabeculae within.
    private static double Bone(
        double x,
        double y,
        double cx,
        double cy,
        double halfWidth,
        double halfLength,
        double density
    )
    {
        var v = (y - cy) / halfLength;
        if (Math.Abs(v) > 1)
        {
            return 0;
        }
        var u = Math.Abs(x - cx) / (halfWidth * (0.72 + 0.28 * v * v));
        if (u > 1)
        {
            return 0;
        }
        var end = Math.Min(1, (1 - Math.Abs(v)) * 14);
        var cortex = Math.Exp(-(1 - u) * 9) * 2300;
        var trabeculae = Math.Sin(x * 0.071 + y * 0.013) * Math.Sin(y * 0.059 - x * 0.021) * 130 * v * v;
        return density * end * (2300 * Math.Sqrt(1 - u * u) + cortex + trabeculae);
    }

    private static double Round(double x, double y, double cx, double cy, double rx, double ry)
    {
        var r = Math.Sqrt(Math.Pow((x - cx) / rx, 2) + Math.Pow((y - cy) / ry, 2));
        return r > 1 ? 0 : 1900 * Math.Sqrt(1 - r * r) + 1400 * Math.Exp(-(1 - r) * 10);
    }

    // The letter L of lead.
    private static bool InMarker(int x, int y) =>
        (x is >= 2700 and < 2760 && y is >= 500 and < 800) || (x is >= 2700 and < 2880 && y is >= 740 and < 800);
}
