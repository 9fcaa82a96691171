using Fiducial.Pathway;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Proxies;
using Fiducial.Results.Delivery;

namespace Fiducial.Results.Tests;

/// <summary>The people of the test clinic, one for each role.</summary>
internal static class People
{
    private static readonly List<(string Id, Role Role, string Number)> Numbers = [];

    public static Actor Rita { get; } = Of("rita", Role.REF, "CPSA 1");
    public static Actor Cove { get; } = Of("cove", Role.COV, "CPSA 2");
    public static Actor Otto { get; } = Of("otto", Role.REF, "CPSA 3");
    public static Actor Cody { get; } = Of("cody", Role.CCD, "CPSA 4");
    public static Actor Mira { get; } = Of("mira", Role.MDR, "CPSA 5");
    public static Actor Rado { get; } = Of("rado", Role.RAD, "CPSA 6");
    public static Actor Rhea { get; } = Of("rhea", Role.RAD);
    public static Actor Ravi { get; } = Of("ravi", Role.RAD, "CPSA 7");
    public static Actor Resi { get; } = Of("resi", Role.RES, "CPSA 8");
    public static Actor Tessa { get; } = Of("tessa", Role.TECH, "ACMDTT 1");
    public static Actor Theo { get; } = Of("theo", Role.TECH, "ACMDTT 2");
    public static Actor Clara { get; } = Of("clara", Role.CLK);
    public static Actor Cora { get; } = Of("cora", Role.CRD);
    public static Actor Priva { get; } = Of("priva", Role.PRV);
    public static Actor Jane { get; } = Of("jane", Role.PAT);
    public static Actor Stranger { get; } = Of("stranger", Role.PAT);
    public static Actor Timmy { get; } = Of("timmy", Role.PAT);
    public static Actor Tina { get; } = Of("tina", Role.PAT);
    public static Actor Mother { get; } = Of("mother", Role.PRX);
    public static Actor Father { get; } = Of("father", Role.PRX);
    public static Actor App { get; } = Of("app", Role.APP);
    public static Actor Modality { get; } = Actor.Modality("DX1");
    public static Actor Record { get; } = Of("emr", Role.EXTE);

    /// <summary>What the college and the clinic say of them: the number that stands above, in its kind.</summary>
    public static IEnumerable<Credential> Credentials =>
        Numbers.SelectMany(n =>
            n.Role switch
            {
                Role.TECH => [Of(n, CredentialKind.Registration)],
                Role.RAD or Role.RES or Role.MDR =>
                [
                    Of(n, CredentialKind.Licence),
                    Of(n, CredentialKind.ReaderPrivilege),
                ],
                _ => (Credential[])[Of(n, CredentialKind.Licence)],
            }
        );

    private static Credential Of((string Id, Role Role, string Number) of, string kind) =>
        new()
        {
            PersonId = of.Id,
            Kind = kind,
            IssuingBody = of.Number.Split(' ')[0],
            Jurisdiction = "CA-AB",
            Number = of.Number.Split(' ')[1],
            Modalities =
                kind is CredentialKind.Licence ? ""
                : of.Id is "theo" ? "MR"
                : "DX,MG",
            From = new DateOnly(2020, 1, 1),
            VerifiedAt = House.Morning,
            VerifiedBy = "adam",
        };

    private static Actor Of(string id, Role role, string credential = "")
    {
        if (credential.Length > 0)
        {
            Numbers.Add((id, role, credential));
        }
        return Plain(id, role);
    }

    private static Actor Plain(string id, Role role) =>
        new()
        {
            Id = id,
            Name = id,
            Role = role,
        };
}

/// <summary>The doctors to whom results go; a test may end a licence.</summary>
internal sealed class TestDirectory(TimeProvider clock) : IRecipientDirectory, IProxyDirectory
{
    public Dictionary<string, Recipient> Doctors { get; } =
        new[] { People.Rita, People.Cove, People.Otto, People.Cody, People.Mira }.ToDictionary(
            a => a.Id,
            a => new Recipient(a.Id, a.Name, true, $"portal:{a.Id}", clock.GetUtcNow()),
            StringComparer.Ordinal
        );

    public void EndLicence(string id) => Doctors[id] = Doctors[id] with { LicenceActive = false };

    public Task<Recipient?> FindAsync(string personId, CancellationToken ct) =>
        Task.FromResult(Doctors.GetValueOrDefault(personId));

    public Task<IReadOnlyList<Recipient>> AllAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Recipient>>([.. Doctors.Values.Where(d => d.LicenceActive)]);

    public Task<string?> NameAsync(string personId, CancellationToken ct) =>
        Task.FromResult(personId is "mother" or "father" ? personId : null);

    public Task<Recipient?> MedicalDirectorAsync(CancellationToken ct) =>
        Task.FromResult(Doctors.GetValueOrDefault(People.Mira.Id));
}
