namespace Fiducial.DoctorsOffice;

/// <summary>What the responsible doctor has to do next with a result, in the order of duty.</summary>
/// <param name="Key">As it stands in the address of the inbox.</param>
/// <param name="Act">The next act, in words.</param>
internal sealed record Stage(string Key, string Act, string Tone)
{
    public static IReadOnlyList<Stage> All { get; } =
    [
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
                "owed" or "escalated" => 0,
                "acknowledged" => 1,
                "reviewed" when release is "shut" or "noticed" => 2,
                "discussed" when release is "shut" or "noticed" => 3,
                "reviewed" or "discussed" => 4,
                _ => 5,
            }
        ];

    public int Rank => All.ToList().IndexOf(this);
}
