using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Proxies;

namespace Fiducial.Results.Release;

/// <summary>No release to either side of a dispute about who acts for the patient (pathway G18): by nobody and by no rule.</summary>
internal static class CustodyGuards
{
    private static readonly string[] Openings = ["L2", "L3", "L8", "L10"];

    public static IEnumerable<IGuard> All => Openings.Select(step => new Guard(step, RefusalAsync));

    private static async ValueTask<string?> RefusalAsync(GuardContext c, CancellationToken ct) =>
        await Custody.KeepsShutAsync(c.Db, c.Ages, c.Exam, c.Calendar.LocalDate(c.At), ct) ? Custody.Sentence : null;
}
