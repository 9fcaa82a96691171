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
        (await OfAsync(Doctors().Where(p => p.UserName == personId), ct)).SingleOrDefault();

    public async Task<IReadOnlyList<Recipient>> AllAsync(CancellationToken ct) =>
        (await OfAsync(Doctors().OrderBy(p => p.DisplayName), ct)).FindAll(d => d.LicenceActive);

    /// <summary>The one whose licence holds; without such a one, the one there is: somebody always holds the duty.</summary>
    public async Task<Recipient?> MedicalDirectorAsync(CancellationToken ct)
    {
        var directors = await OfAsync(Doctors().Where(p => p.Role == "MDR").OrderBy(p => p.UserName), ct);
        return directors.Find(d => d.LicenceActive) ?? directors.FirstOrDefault();
    }

    private IQueryable<Person> Doctors() =>
        db.Set<Person>().AsNoTracking().Where(p => p.Role == "REF" || p.Role == "COV" || p.Role == "MDR");

    private async Task<List<Recipient>> OfAsync(IQueryable<Person> doctors, CancellationToken ct)
    {
        var people = await doctors.ToListAsync(ct);
        var today = calendar.LocalDate(clock.GetUtcNow());
        var licensed = await Standing.LicensedAsync(db, people.ConvertAll(p => p.UserName!), today, ct);
        return people.ConvertAll(p => new Recipient(
            p.UserName!,
            p.DisplayName,
            licensed.Contains(p.UserName!),
            $"portal:{p.UserName}",
            p.EndpointVerifiedAt
        ));
    }
}
