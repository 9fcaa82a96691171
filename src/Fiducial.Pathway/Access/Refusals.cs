using System.Globalization;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Access;

/// <summary>How a page shows a refused step: the address names the ledger entry, and the page reads the reason there.</summary>
public static class Refusals
{
    /// <summary>Back to the page that the form stood on, with the entry of the refusal if there is one.</summary>
    public static IResult Back(string page, StepOutcome outcome) =>
        Results.LocalRedirect(
            outcome.Taken || outcome.Entry is null
                ? page
                : string.Create(CultureInfo.InvariantCulture, $"{page}?refused={outcome.Entry.Sequence}")
        );

    /// <summary>The reason, to the person who was refused and to nobody else.</summary>
    public static async Task<string?> ReasonAsync(
        ClinicDb db,
        Guid examId,
        int? sequence,
        Actor actor,
        CancellationToken ct = default
    ) =>
        sequence is null
            ? null
            : await db.Set<LedgerEntry>()
                .AsNoTracking()
                .Where(e => e.ExamId == examId && e.Sequence == sequence && !e.Taken && e.ActorId == actor.Id)
                .Select(e => e.Reason)
                .FirstOrDefaultAsync(ct);
}
