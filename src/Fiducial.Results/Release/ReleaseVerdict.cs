namespace Fiducial.Results.Release;

/// <summary>What a rule said, in the order in which rules are asked (pathway 3.1): 1 mandatory release, 2 mandatory hold, 3 election, 4 hold, 5 the pack's default.</summary>
/// <param name="Rule">Id within the policy.</param>
/// <param name="Outcome"><c>releases</c>, <c>waits</c> or <c>passes</c>.</param>
/// <param name="Until">When it may say something else by itself; null when only a person can change it.</param>
/// <param name="Says">The same to the patient; empty when it is not for them.</param>
public sealed record RuleLine(int Level, string Rule, string Outcome, DateTimeOffset? Until = null, string Says = "");

/// <summary>The decision of a policy at one instant, with every rule that was asked.</summary>
/// <param name="Opens">True when the report may be opened to the patient by the policy alone, now.</param>
/// <param name="Rule">The rule that decided.</param>
public sealed record ReleaseVerdict(bool Opens, string Rule, IReadOnlyList<RuleLine> Trace)
{
    /// <summary>Level of the rule that decided.</summary>
    public int Level => Trace[^1].Level;

    /// <summary>The trace as the ledger keeps it, such as <c>3 election waits; …</c>.</summary>
    public string Text => string.Join("; ", Trace.Select(l => $"{l.Level} {l.Rule} {l.Outcome}"));
}
