using System.Collections.Concurrent;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;

namespace Fiducial.Proofs.TwinWorlds;

/// <summary>A closed clinic whose exam has come as far as this: worlds with one past are opened from it.</summary>
internal sealed record SharedPast(ClinicInABox Clinic, Guid Exam)
{
    /// <summary>Those who may never tell two results apart, by role: who signs in to ask.</summary>
    public static readonly IReadOnlyDictionary<Role, string> Staff = new Dictionary<Role, string>
    {
        [Role.TECH] = "tessa",
        [Role.CLK] = "clara",
        [Role.CRD] = "cora",
        [Role.ADM] = "adam",
        [Role.PHY] = "phil",
    };

    /// <summary>Those who may not before the release.</summary>
    public static readonly IReadOnlyDictionary<Role, string> PatientSide = new Dictionary<Role, string>
    {
        [Role.PAT] = "paul",
        [Role.PRX] = "pia",
        [Role.APP] = "app",
    };

    private static readonly ConcurrentDictionary<Chapter, Lazy<Task<SharedPast>>> Pasts = new();

    public static Task<SharedPast> UntilAsync(Chapter chapter) =>
        Pasts.GetOrAdd(chapter, c => new Lazy<Task<SharedPast>>(() => TellAsync(c))).Value;

    private static async Task<SharedPast> TellAsync(Chapter chapter)
    {
        var clinic = await ClinicInABox.OpenAsync();
        foreach (
            var (role, name) in Staff
                .Concat(PatientSide)
                .Where(p => p.Value is not ("tessa" or "clara" or "paul" or "cora" or "adam"))
        )
        {
            await clinic.HireAsync(name, role.ToString());
        }
        await clinic.InDatabaseAsync(async db =>
        {
            foreach (var name in (string[])["pia", "app"])
            {
                db.Add(
                    new Proxy
                    {
                        PatientId = clinic.Patient.PatientId,
                        PersonId = name,
                        Basis = name is "app" ? "application" : "patient",
                        From = new DateOnly(2020, 1, 1),
                    }
                );
            }
            return await db.SaveChangesAsync();
        });
        var exam = await clinic.ExamAsync(chapter);
        foreach (var person in clinic.Everyone)
        {
            await person.SignsIn();
        }
        await clinic.RestsAsync();
        await clinic.CloseAsync();
        return new SharedPast(clinic, exam);
    }
}
