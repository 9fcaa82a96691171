using System.Collections.Frozen;

namespace Fiducial.Pathway.Law;

/// <summary>
/// What a frozen case still allows: to find out whose images they are, to correct and withdraw, to finish what a patient in the room
/// needs, to reach a doctor about danger; and what only makes the case narrower. Everything else waits for B4 or B7.
/// </summary>
public static class Freeze
{
    private static readonly FrozenSet<Region> Whole = new[]
    {
        Region.Exam,
        Region.Images,
        Region.Alert,
        Region.Concern,
        Region.Access,
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Steps = new[]
    {
        "R1",
        "R3",
        "R7",
        "R10",
        "R12",
        "D3",
        "D4",
        "D6",
        "U12",
        "L5",
        "L6",
        "L7",
        "L12",
        "L13",
        "L16",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Allows(Transition transition) =>
        Whole.Contains(transition.Region) || Steps.Contains(transition.Id);
}
