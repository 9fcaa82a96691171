namespace Fiducial.Results.Release;

/// <summary>How results are released at this site (pathway 3.1).</summary>
/// <param name="HoldLimit">Longest hold, in business days.</param>
/// <param name="FailSafe">After how many business days the neutral notice goes out.</param>
/// <param name="AccessDays">Statutory days for a formal request.</param>
/// <param name="ConsultDays">Business days that the holder has to be heard about a request.</param>
/// <param name="Rules">Rules by which the policy releases without a doctor's decision, each with the business days after L12 when it applies.</param>
public sealed record ReleasePack(
    string Id,
    int HoldLimit,
    int FailSafe,
    int AccessDays,
    int ConsultDays,
    IReadOnlyDictionary<string, int> Rules
)
{
    /// <summary>The default: the doctor first; by policy only a corrected version of what the patient had seen already.</summary>
    public static ReleasePack DoctorFirst { get; } =
        new(
            "doctor-first",
            HoldLimit: 10,
            FailSafe: 10,
            AccessDays: 30,
            ConsultDays: 2,
            new Dictionary<string, int>(StringComparer.Ordinal) { [Corrected] = 2 }
        );

    /// <summary>The corrected version of a released report, two business days after it was shut (G1).</summary>
    public const string Corrected = "corrected-version";
}
