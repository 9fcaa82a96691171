using Fiducial.Pathway.Law;

namespace Fiducial.Pathway.Access;

/// <summary>
/// What a page or endpoint shows and to whom: put on every one of them. With a route value <c>exam</c> the matrix is asked for
/// that exam before the page runs; without, the page itself asks for each row that it lists. A route without this is closed.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AccessAttribute(DataClass data, Verb verb, params Role[] roles) : Attribute
{
    /// <summary>The class on which the door turns.</summary>
    public DataClass Data => data;
    public Verb Verb => verb;

    /// <summary>Classes of which it shows something more, each after asking the matrix for it by itself.</summary>
    public DataClass[] Also { get; init; } = [];

    /// <summary>The roles whose room this is.</summary>
    public IReadOnlyList<Role> Roles => roles;
}

/// <summary>Open to anyone, also without sign-in: the sign-in page, health.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class PublicAttribute : Attribute;

/// <summary>The step that an endpoint or page takes: an attempt by someone who may not even see the exam is recorded in its ledger.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class StepAttribute(string step) : Attribute
{
    public string Step => step;
}
