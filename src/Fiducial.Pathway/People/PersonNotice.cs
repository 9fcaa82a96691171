namespace Fiducial.Pathway.People;

/// <summary>
/// What someone is told about a person and not about an exam: that a credential runs out, that a proxy has ended. Written once, names a kind
/// and never content.
/// </summary>
public sealed class PersonNotice
{
    public long Id { get; init; }

    /// <summary>Who is told: a sign-in name, or empty when it is a role.</summary>
    public required string PersonId { get; init; }

    /// <summary>A role (ADM, PRV), or empty when it is one person.</summary>
    public required string Role { get; init; }

    /// <summary>Such as <c>credential 30</c> or <c>of age</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The row about which it is; unique together with kind and audience.</summary>
    public required long About { get; init; }

    /// <summary>Whom it concerns.</summary>
    public required string Concerns { get; init; }
    public required DateTimeOffset At { get; init; }
}
