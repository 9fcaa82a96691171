using Fiducial.Foundation.Web;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Merging;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Coordination;

/// <summary>Two identifiers of one patient become one record, by two people, and can be parted again.</summary>
internal static class MergeRecords
{
    private const string Page = "/coordination/merges";

    public static async Task<IResult> StartAsync(
        IFormCollection form,
        HttpContext http,
        MergePatients merge,
        CancellationToken ct
    )
    {
        var typed = TypedForm.Of(form);
        return Done(await merge.StartAsync(typed["from"], typed["into"], http.Actor(), ct));
    }

    public static async Task<IResult> FinishAsync(
        Guid merge,
        IFormCollection form,
        HttpContext http,
        MergePatients records,
        CancellationToken ct
    ) => Done(await records.FinishAsync(merge, http.Actor(), form.ContainsKey("contentMoved"), ct));

    public static async Task<IResult> UndoAsync(
        Guid merge,
        IFormCollection form,
        HttpContext http,
        MergePatients records,
        CancellationToken ct
    ) => Done(await records.UndoAsync(merge, http.Actor(), ct));

    // The exams that did not go along are counted; each one's ledger says why.
    private static IResult Done(MergeOutcome outcome) =>
        TypedResults.LocalRedirect(
            outcome.Refusals.Count == 0 ? Page
            : outcome.MergeId == Guid.Empty ? $"{Page}?problem=unknown"
            : $"{Page}?problem=refused"
        );
}
