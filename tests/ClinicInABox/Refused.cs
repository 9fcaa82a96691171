using Fiducial.Pathway.Ledger;

namespace Fiducial.Tests;

/// <summary>Steps that were refused, in the ledger.</summary>
public static class Refused
{
    /// <summary>The last entry of the exam's ledger, when it is a refusal of this step to this person.</summary>
    /// <exception cref="InvalidOperationException">The ledger ends with something else.</exception>
    public static async Task<LedgerEntry> LastRefusalAsync(
        this ClinicInABox clinic,
        Guid exam,
        string step,
        Person person
    )
    {
        var last = (await clinic.LedgerAsync(exam))[^1];
        return last.Step == step && last is { Taken: false, Reason.Length: > 0 } && last.ActorId == person.Name
            ? last
            : throw new InvalidOperationException(
                $"The ledger ends with {last.Step} by {last.ActorId}, taken: {last.Taken}; a refusal of {step} to {person.Name} is due."
            );
    }
}
