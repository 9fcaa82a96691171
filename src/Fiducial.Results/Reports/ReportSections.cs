using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Reports;

/// <summary>The words of a report, by section. Empty text where a section has none.</summary>
public sealed record ReportSections
{
    public string ClinicalInformation { get; init; } = "";
    public string Technique { get; init; } = "";
    public string Comparison { get; init; } = "";
    public string Findings { get; init; } = "";
    public string Impression { get; init; } = "";

    /// <summary>One recommendation a line; each must be answered by the doctor (U9).</summary>
    public string Recommendations { get; init; } = "";

    /// <summary>What the patient reads first, in plain words, where a law opens the report to them by itself (G13). Else empty.</summary>
    public string LetterToPatient { get; init; } = "";

    public IReadOnlyList<string> RecommendationList =>
        Recommendations.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Everything as one text, in reading order.</summary>
    public string AllText =>
        string.Join(
            '\n',
            ClinicalInformation,
            Technique,
            Comparison,
            Findings,
            Impression,
            Recommendations,
            LetterToPatient
        );

    /// <summary>SHA-256 over the sections in order, each with its length in front; lower-case hexadecimal.</summary>
    public string Hash() =>
        LetterToPatient.Length == 0
            ? FieldHash.Of(ClinicalInformation, Technique, Comparison, Findings, Impression, Recommendations)
            : FieldHash.Of(
                ClinicalInformation,
                Technique,
                Comparison,
                Findings,
                Impression,
                Recommendations,
                LetterToPatient
            );
}
