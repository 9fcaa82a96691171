namespace Fiducial.Pathway.Guards;

/// <summary>Why an image is rejected: the categories of AAPM TG-305.</summary>
public static class RejectReasons
{
    public static readonly string[] All =
    [
        "positioning",
        "motion",
        "exposure",
        "artefact",
        "anatomy cut off",
        "marker",
        "wrong exam",
        "equipment",
        "test image",
        "other",
    ];
}
