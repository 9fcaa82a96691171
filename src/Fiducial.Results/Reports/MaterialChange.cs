using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Reports;

/// <summary>Whether the report has changed in substance since this step was last taken: what U12 and L12 follow.</summary>
internal static class MaterialChange
{
    public static async Task<bool> IsNewAsync(GuardContext c, CancellationToken ct)
    {
        var changed = await c.LastAsync(ct, "R6", "R9", "R10");
        var answered = await c.LastAsync(ct, c.Transition.Id);
        return changed is not null
            && changed.Sequence > (answered?.Sequence ?? 0)
            && changed.Step switch
            {
                "R10" => true,
                "R9" => changed.Said("materiality") is "material",
                // The first version opens nothing again; one that is signed after a withdrawal does.
                _ => changed.Said("version") is not "1",
            };
    }
}
