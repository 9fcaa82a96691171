using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway.Access;

/// <summary>
/// How a page shows a refused step: the address names the ledger entry, and the page reads the reason there. It is named by its
/// hash: its number would tell how much has happened to the exam since, which is not for everyone (C4).
/// </summary>
public static class Refusals
{
    /// <summary>Back to the page that the form stood on, with the entry of the refusal if there is one.</summary>
    public static IResult Back(string page, StepOutcome outcome) =>
        Results.LocalRedirect(
            outcome.Taken || outcome.Entry is null
                ? page
                : $"{page}{(page.Contains('?') ? '&' : '?')}refused={outcome.Entry.Hash}"
        );

    /// <summary>The same, and what was typed is kept for that page, apart from the fields that are named.</summary>
    public static IResult Back(
        string page,
        StepOutcome outcome,
        HttpContext http,
        IFormCollection form,
        params ReadOnlySpan<string> never
    )
    {
        if (!outcome.Taken)
        {
            http.RequestServices.GetRequiredService<KeptForm>().Keep(http, TypedForm.Of(form), page, never);
        }
        return Back(page, outcome);
    }

    /// <summary>The reason, to the person who was refused and to nobody else.</summary>
    public static async Task<string?> ReasonAsync(
        ClinicDb db,
        Guid examId,
        string? hash,
        Actor actor,
        CancellationToken ct = default
    ) =>
        hash is not { Length: 64 } || !hash.All(char.IsAsciiHexDigitLower)
            ? null
            : await db.Set<LedgerEntry>()
                .AsNoTracking()
                .Where(e => e.ExamId == examId && e.Hash == hash && !e.Taken && e.ActorId == actor.Id)
                .Select(e => e.Reason)
                .FirstOrDefaultAsync(ct);

    /// <summary>The same for a page that is not of one exam: the hash alone names the entry.</summary>
    public static async Task<string?> ReasonAsync(
        ClinicDb db,
        string? hash,
        Actor actor,
        CancellationToken ct = default
    ) =>
        hash is null
            ? null
            : await db.Set<LedgerEntry>()
                .AsNoTracking()
                .Where(e => e.Hash == hash && !e.Taken && e.ActorId == actor.Id)
                .Select(e => e.Reason)
                .FirstOrDefaultAsync(ct);
}
