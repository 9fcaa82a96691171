using Fiducial.Foundation.Storage;
using Fiducial.Results.Delivery;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.People;

/// <summary>The clinic's doctors, to whom results go: their inbox is in this house.</summary>
internal sealed class DoctorDirectory(ClinicDb db) : IRecipientDirectory
{
    public async Task<Recipient?> FindAsync(string personId, CancellationToken ct) =>
        Of(
            await db.Set<Person>()
                .AsNoTracking()
                .FirstOrDefaultAsync(
                    p => p.UserName == personId && (p.Role == "REF" || p.Role == "COV" || p.Role == "MDR"),
                    ct
                )
        );

    public async Task<IReadOnlyList<Recipient>> AllAsync(CancellationToken ct) =>
        (
            await db.Set<Person>()
                .AsNoTracking()
                .Where(p => p.LicenceActive && (p.Role == "REF" || p.Role == "COV" || p.Role == "MDR"))
                .OrderBy(p => p.DisplayName)
                .ToListAsync(ct)
        ).ConvertAll(p => Of(p)!);

    public async Task<Recipient?> MedicalDirectorAsync(CancellationToken ct) =>
        Of(await db.Set<Person>().AsNoTracking().FirstOrDefaultAsync(p => p.Role == "MDR", ct));

    private static Recipient? Of(Person? person) =>
        person is null
            ? null
            : new Recipient(
                person.UserName!,
                person.DisplayName,
                person.LicenceActive,
                $"portal:{person.UserName}",
                person.EndpointVerifiedAt
            );
}
