namespace Fiducial.Server.People;

/// <summary>How long a session lasts without a sign of life, by role: short where patients pass by, longer where one reads.</summary>
/// <param name="Minutes">What this site says otherwise, by role.</param>
/// <param name="IsDemonstration">A demonstration asks nobody to sign in again within a working day.</param>
public sealed record SessionLimits(IReadOnlyDictionary<string, double> Minutes, bool IsDemonstration)
{
    /// <summary>A session ends after a shift, whatever happens in it.</summary>
    public TimeSpan Longest => IsDemonstration ? TimeSpan.FromDays(3650) : TimeSpan.FromHours(12);

    public TimeSpan Idle(string role) =>
        TimeSpan.FromMinutes(
            Minutes.TryGetValue(role, out var minutes) ? minutes
            : IsDemonstration ? 8 * 60
            : role switch
            {
                "TECH" => 5,
                "RAD" or "RES" => 30,
                "REF" or "COV" or "MDR" or "PAT" or "PRX" => 15,
                _ => 10,
            }
        );
}
