using System.Globalization;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Results.Duty;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.DoctorsOffice;

/// <summary>The first day of an absence has come: what is open then is handed on. The message names a row of the rota.</summary>
[Access(DataClass.DUTY, Verb.Write, Role.SYS)]
internal sealed class BeginCover(ClinicDb db, CoverAbsence absence) : IOutboxHandler
{
    internal const string Name = "cover-begins";

    public string Topic => Name;

    public async Task HandleAsync(string body, CancellationToken ct)
    {
        var id = long.Parse(body, CultureInfo.InvariantCulture);
        // Ended before it began: the row is gone.
        if (
            await db.Set<Cover>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id && c.AcceptedAt != null, ct) is
            { } cover
        )
        {
            await absence.MoveAsync(cover, Pathway.Actor.System, ct);
        }
    }
}
