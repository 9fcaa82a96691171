using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.People;
using Fiducial.Results.Delivery;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.People;

/// <summary>The clinic's doctors, to whom results go: their inbox is in this house.</summary>
internal sealed class DoctorDirectory(ClinicDb db, BusinessCalendar calendar, TimeProvider clock) : IRecipientDirectory
{
    public async Task<Recipient?> FindAsync(string personId, CancellationToken ct) =>
        await Doctors().FirstOrDefaultAsync(p => p.UserName == personId, ct) is { } doctor
            ? await OfAsync(doctor, ct)
            : null;

    public async Task<IReadOnlyList<Recipient>> AllAsync(CancellationToken ct)
    {
        var all = new List<Recipient>();
        foreach (var doctor in await Doctors().OrderBy(p => p.DisplayName).ToListAsync(ct))
        {
            all.Add(await OfAsync(doctor, ct));
        }
        return all.FindAll(d => d.LicenceActive);
    }

    /// <summary>The one whose licence holds; without such a one, the one there is: somebody always holds the duty.</summary>
    public async Task<Recipient?> MedicalDirectorAsync(CancellationToken ct)
    {
        Recipient? any = null;
        foreach (var doctor in await Doctors().Where(p => p.Role == "MDR").OrderBy(p => p.UserName).ToListAsync(ct))
        {
            var director = await OfAsync(doctor, ct);
            if (director.LicenceActive)
            {
                return director;
            }
            any ??= director;
        }
        return any;
    }

    private IQueryable<Person> Doctors() =>
        db.Set<Person>().AsNoTracking().Where(p => p.Role == "REF" || p.Role == "COV" || p.Role == "MDR");

    private async Task<Recipient> OfAsync(Person person, CancellationToken ct) =>
        new(
            person.UserName!,
            person.DisplayName,
            (await Standing.OfAsync(db, person.UserName!, calendar.LocalDate(clock.GetUtcNow()), ct)).IsLicensed,
            $"portal:{person.UserName}",
            person.EndpointVerifiedAt
        );
}
