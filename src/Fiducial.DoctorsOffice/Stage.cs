namespace Fiducial.DoctorsOffice;

/// <summary>What the responsible doctor has to do next with a result, in the order of duty.</summary>
/// <param name="Key">As it stands in the address of the inbox.</param>
/// <param name="Act">The next act, in words.</param>
internal sealed record Stage(string Key, string Act, string Tone)
{
    public static IReadOnlyList<Stage> All { get; } =
    [
        new("pass", "to pass on", "warn"),
        new("read", "to read", "warn"),
        new("decide", "to decide", "info"),
        new("talk", "to talk about", "info"),
        new("release", "to release", "info"),
        new("close", "to close", ""),
        new("closed", "closed", "ok"),
    ];

    public static Stage Of(string duty, string release) =>
        All[
            duty switch
            {
                "disputed" => 0,
                "owed" or "escalated" => 1,
                "acknowledged" => 2,
                "reviewed" when !IsDecided(release) => 3,
                "discussed" when !IsDecided(release) => 4,
                "reviewed" or "discussed" => 5,
                _ => 6,
            }
        ];

    /// <summary>The patient has it, or has said that they do not want to see it.</summary>
    private static bool IsDecided(string release) => release is "released" or "viewed" or "declined";

    public int Rank => All.ToList().IndexOf(this);
}
