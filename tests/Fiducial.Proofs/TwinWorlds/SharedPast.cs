using System.Collections.Concurrent;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Proxies;

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

    /// <summary>Those who sign in as proxies and may know nothing of this exam: the authority of one has ended, that of the other is for another exam.</summary>
    public static readonly IReadOnlyList<string> FormerProxies = ["pete", "pola"];

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
        foreach (var name in FormerProxies)
        {
            await clinic.HireAsync(name, nameof(Role.PRX));
        }
        var elsewhere = await clinic.ExamAsync(await clinic.ExamAsync(Chapter.Referred));
        await clinic.ActsForPatientAsync("pia");
        await clinic.ActsForPatientAsync("app", ProxyBasis.Application);
        await clinic.EndsProxyAsync(await clinic.ActsForPatientAsync("pete"));
        await clinic.ActsForPatientAsync("pola", accession: elsewhere.AccessionNumber);
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
