namespace Fiducial.Pathway.Protocols;

/// <summary>What an exam of this kind needs: its modality and part, and the views without which it is not complete.</summary>
/// <param name="Code">Such as <c>XR-WRIST</c>.</param>
/// <param name="Modality">DICOM modality, CR and DX both being plain radiography.</param>
/// <param name="Paired">The order must name a side.</param>
/// <param name="RequiredViews">View codes; <c>ANY</c> is filled by any image.</param>
/// <param name="AutoProtocol">In the signed list of exams that need no radiologist's protocol (O6).</param>
/// <param name="SelfReferral">On the site's list of screening exams that a patient may ask for without a referral (O2).</param>
public sealed record ExamProtocol(
    string Code,
    string Modality,
    string BodyPart,
    string Procedure,
    bool Paired,
    IReadOnlyList<string> RequiredViews,
    bool AutoProtocol,
    bool SelfReferral = false
)
{
    public int Version => 1;

    /// <summary>CR and DX are one kind of exam; everything else is itself.</summary>
    public bool Covers(string modality) =>
        string.Equals(Modality, modality, StringComparison.Ordinal)
        || (Modality is "DX" && modality is "CR" or "DX" or "DR");

    /// <summary>The required view that an image with this header fills, or empty.</summary>
    public string ViewOf(string viewPosition, string protocolName, string seriesDescription)
    {
        // What the image says of itself outweighs what its series is called.
        var position = RequiredViews.FirstOrDefault(v =>
            string.Equals(viewPosition, v, StringComparison.OrdinalIgnoreCase)
        );
        if (position is not null)
        {
            return position;
        }
        if (RequiredViews.FirstOrDefault(v => Says(protocolName, v) || Says(seriesDescription, v)) is { } named)
        {
            return named;
        }
        return RequiredViews.Contains("ANY", StringComparer.Ordinal) ? "ANY" : "";
    }

    private static bool Says(string text, string view) =>
        $" {text.Replace('_', ' ').Replace('-', ' ')} ".Contains($" {view} ", StringComparison.OrdinalIgnoreCase);
}
