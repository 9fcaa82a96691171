using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Tests;

/// <summary>
/// A step with a legal way to it, an attempt that its guard must refuse, a piece of the sentence with which it refuses, and what the ledger must
/// hold when the step is taken.
/// </summary>
/// <param name="Path">What happens before (<see cref="Story.WalkAsync"/>).</param>
/// <param name="Spoil">Changes the legal attempt into one that must be refused.</param>
/// <param name="Then">What happens between the refusal and the step, such as time passing.</param>
/// <param name="Take">Changes the step of ordinary life (<see cref="LegalSteps"/>) into the legal attempt of this case.</param>
/// <param name="Policy">The release policy of the house.</param>
/// <param name="Says">Names of the evidence that the guard itself finds and the entry must hold, with a space between them.</param>
internal sealed record TransitionCase(
    string Step,
    string Path,
    Func<Attempt, Attempt> Spoil,
    string Reason,
    string Then = "",
    Func<Attempt, Attempt>? Take = null,
    string Policy = "doctor-first",
    string Says = ""
)
{
    /// <summary>Unlike that of any other case.</summary>
    public string Name => $"{Step} under {Policy}: {Reason}";

    /// <summary>Tries the case, once its path is walked: the spoilt attempt, what happens then, and the legal one.</summary>
    /// <returns>What is not as it must be; null when all is.</returns>
    public async Task<string?> FaultAsync(Story story)
    {
        var refused = await story.Case.TakeAsync(Step, a => Spoil(Legal(a)));
        if (refused.Refusal?.Contains(Reason, StringComparison.Ordinal) is not true)
        {
            return $"The spoilt attempt is not refused because of '{Reason}', but: {refused.Refusal ?? "taken"}";
        }
        await story.WalkAsync(Then);
        if (!story.TookItself(Step) && (await story.Case.TakeAsync(Step, Legal)).Refusal is { } refusal)
        {
            return $"The legal attempt is refused: {refusal}";
        }
        var taken = (await story.Case.House.LedgerAsync(story.Case.Id)).Last(e => e.Taken && e.Step == Step);
        return
            Says.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(k => taken.Said(k).Length == 0)
                is { } missing
            ? $"The entry does not say '{missing}'."
            : null;
    }

    public Attempt Legal(Attempt ordinary) => Take is null ? ordinary : Take(ordinary);
}
