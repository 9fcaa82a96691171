using Fiducial.DoctorsOffice;
using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.People;

/// <summary>Everyone who works as a delegate and is not shut out.</summary>
internal sealed class CareTeam(ClinicDb db) : ICareTeam
{
    public async Task<IReadOnlyDictionary<string, string>> DelegatesAsync(CancellationToken ct) =>
        (await db.Set<Person>().AsNoTracking().Where(p => p.Role == "DEL").OrderBy(p => p.DisplayName).ToListAsync(ct))
            .FindAll(p => !LockOut.IsDisabled(p))
            .ToDictionary(p => p.UserName!, p => p.DisplayName, StringComparer.Ordinal);
}
