namespace Fiducial.Pathway.Guards;

/// <summary>Why images are not sufficient, in words that say nothing of what they show: the declared codes of E7 and R7 (pathway 6.4).</summary>
public static class RecallReasons
{
    public static readonly string[] Technical =
    [
        "positioning",
        "motion",
        "exposure",
        "artefact",
        "coverage",
        "missing view",
        "wrong view",
        "contrast timing",
        "transfer",
    ];
}
