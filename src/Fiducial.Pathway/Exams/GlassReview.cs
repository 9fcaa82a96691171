namespace Fiducial.Pathway.Exams;

/// <summary>What the review of an emergency access comes to (B8).</summary>
public static class GlassReview
{
    /// <summary>The privacy officer leaves the judgement to the medical director.</summary>
    public const string Referred = "referred to director";

    public static readonly IReadOnlyList<string> Outcomes = ["justified", "not justified", Referred];
}
