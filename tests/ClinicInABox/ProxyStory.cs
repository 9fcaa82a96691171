using Fiducial.Pathway;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Proxies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Tests;

/// <summary>Those who act for the patient of a clinic in a box, as the privacy officer records them.</summary>
public static class ProxyStory
{
    private static readonly Actor Officer = new()
    {
        Id = "prisca",
        Name = "Prisca Privacy",
        Role = Role.PRV,
    };

    /// <summary>Somebody acts for the patient from now on, or for one exam of theirs.</summary>
    /// <returns>The number of the entry.</returns>
    public static async Task<int> ActsForPatientAsync(
        this ClinicInABox clinic,
        string name,
        string basis = ProxyBasis.Patient,
        string accession = "",
        string? patient = null
    )
    {
        patient ??= clinic.Patient.PatientId;
        await KeepAsync(
            clinic,
            k => k.RecordAsync(new NewProxy(patient, name, basis, "signed form") { Accessions = accession }, Officer)
        );
        return await clinic.InDatabaseAsync(db =>
            db.Set<Proxy>().Where(p => p.PatientId == patient).MaxAsync(p => p.Entry)
        );
    }

    public static Task EndsProxyAsync(this ClinicInABox clinic, int entry) =>
        KeepAsync(clinic, k => k.EndAsync(clinic.Patient.PatientId, entry, "the patient's wish", Officer));

    private static async Task KeepAsync(ClinicInABox clinic, Func<KeepProxies, Task<string?>> act)
    {
        if (await clinic.WithAsync(s => act(s.GetRequiredService<KeepProxies>())) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }
    }
}
