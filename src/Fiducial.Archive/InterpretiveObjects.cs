using Fiducial.Dicom;

namespace Fiducial.Archive;

/// <summary>
/// Objects that say what images mean: structured reports other than of dose, key object selections, presentation states,
/// segmentations, encapsulated documents, and secondary captures that are marked as results. They are results wherever they
/// are stored, and shown only to those who may see results (docs/decisions/0004).
/// </summary>
internal static class InterpretiveObjects
{
    private const string Storage = "1.2.840.10008.5.1.4.1.1.";

    // X-Ray, Radiopharmaceutical, Patient and Enhanced X-Ray Radiation Dose SR (PS3.4 B.5).
    private static readonly string[] Dose = ["88.67", "88.68", "88.73", "88.76"];

    private static readonly string[] Families =
    [
        "88.", // structured reports, key object selections among them
        "11.", // presentation states
        "66.4", // segmentation
        "66.5", // surface segmentation
        "66.6", // tractography results
        "66.7", // label map segmentation
        "66.8", // height map segmentation
        "90.1", // content assessment results
        "104.", // encapsulated PDF, CDA, STL, OBJ, MTL
    ];

    // Image Type, its third value and those behind it (PS3.3 C.7.6.1.1.2).
    private static readonly string[] Marks = ["RESULT", "RESULTS", "CAD", "AI", "REPORT", "ANNOTATED", "MEASUREMENT"];

    /// <summary>True when the class alone says so.</summary>
    public static bool IsInterpretiveClass(string sopClassUid) =>
        sopClassUid.StartsWith(Storage, StringComparison.Ordinal)
        && sopClassUid[Storage.Length..] is var kind
        && !Dose.Contains(kind, StringComparer.Ordinal)
        && Families.Any(f => f.EndsWith('.') ? kind.StartsWith(f, StringComparison.Ordinal) : kind == f);

    /// <param name="sopClassUid">Of the object.</param>
    /// <param name="set">Its data set, at least to (0028,0301).</param>
    public static bool IsInterpretive(string sopClassUid, DicomDataSet set) =>
        IsInterpretiveClass(sopClassUid) || (IsSecondaryCapture(sopClassUid) && IsMarked(set));

    // A capture of a workstation's screen with text in its pixels is what somebody made of the images.
    private static bool IsMarked(DicomDataSet set) =>
        set.GetStrings(DicomTags.ImageType).Skip(2).Any(v => Marks.Contains(v, StringComparer.OrdinalIgnoreCase))
        || (set.GetString(DicomTags.ConversionType) is "WSD" && set.GetString(DicomTags.BurnedInAnnotation) is "YES");

    private static bool IsSecondaryCapture(string sopClassUid) =>
        sopClassUid is Storage + "7" || sopClassUid.StartsWith(Storage + "7.", StringComparison.Ordinal);
}
