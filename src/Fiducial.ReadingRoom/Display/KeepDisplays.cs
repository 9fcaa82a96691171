using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.ReadingRoom.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ReadingRoom.Display;

/// <summary>Records what displays a workstation has and when they were checked against the greyscale function (PS3.14).</summary>
public sealed class KeepDisplays(ClinicDb db, TimeProvider clock)
{
    /// <param name="workstation">Whose displays they are.</param>
    /// <param name="pixels">Of all its displays together.</param>
    /// <param name="validFor">How long the check that was made now is good.</param>
    /// <returns>Null, or what is wrong.</returns>
    public async Task<string?> RecordAsync(
        string workstation,
        string name,
        long pixels,
        TimeSpan validFor,
        CancellationToken ct = default
    )
    {
        if ((TypedText.Fault("name", name) ?? (name.Length == 0 ? "Name the displays." : null)) is { } fault)
        {
            return fault;
        }
        if (pixels <= 0 || validFor <= TimeSpan.Zero)
        {
            return "Give the pixels of all displays together, and for how many days the check is good.";
        }
        var now = clock.GetUtcNow();
        var displays = await db.Set<DisplaySet>().FirstOrDefaultAsync(d => d.Id == workstation, ct);
        if (displays is null)
        {
            db.Add(
                new DisplaySet
                {
                    Id = workstation,
                    Name = name,
                    Pixels = pixels,
                    CheckedAt = now,
                    ValidUntil = now + validFor,
                }
            );
        }
        else
        {
            (displays.Name, displays.Pixels, displays.CheckedAt, displays.ValidUntil) = (
                name,
                pixels,
                now,
                now + validFor
            );
        }
        await db.SaveChangesAsync(ct);
        return null;
    }
}
