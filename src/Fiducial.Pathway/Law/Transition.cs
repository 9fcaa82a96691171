using System.Collections.Frozen;

namespace Fiducial.Pathway.Law;

/// <summary>One row of <c>transitions.tsv</c>: a step that may be taken, from where, by whom, on what condition.</summary>
/// <param name="Id">O1 … B7.</param>
/// <param name="From">States of the region from which it starts.</param>
/// <param name="Event">The verb of the step.</param>
/// <param name="To">Where the region stands then; <see cref="Same"/> for a step that leaves it where it is.</param>
/// <param name="Who">Roles that may take it.</param>
/// <param name="Guard">The condition in words; "-" when there is none.</param>
public sealed record Transition(
    string Id,
    Region Region,
    FrozenSet<string> From,
    string Event,
    string To,
    FrozenSet<Role> Who,
    string Guard,
    string Evidence,
    string Timer
)
{
    public const string Same = "same";

    public string After(string state) => To is Same ? state : To;

    public bool HasGuard => Guard is not "-";
}
