using Fiducial.Pathway;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Proxies;
using Fiducial.Proofs.TwinWorlds;

namespace Fiducial.Proofs.Matrix;

/// <summary>A clinic with one exam in each phase of the matrix, all of them still within their exam window, and someone of each role.</summary>
internal sealed class FourPhases : IAsyncDisposable
{
    // Who signs in for a role, and whether an exam of this clinic is that person's own.
    private readonly Dictionary<Role, (Person Person, bool IsOwn)> _people = [];
    private readonly Dictionary<Phase, Guid> _exams = [];
    private readonly List<Person> _formerProxies = [];

    private FourPhases(ClinicInABox clinic) => Clinic = clinic;

    public ClinicInABox Clinic { get; }
    public IReadOnlyDictionary<Phase, Guid> Exams => _exams;

    public static IEnumerable<Role> Roles => Enum.GetValues<Role>().Where(r => r is not Role.SYS);

    public (Person Person, bool IsOwn) Of(Role role) => _people[role];

    public static async Task<FourPhases> OpenAsync()
    {
        var house = new FourPhases(await ClinicInABox.OpenAsync());
        var clinic = house.Clinic;
        house._people[Role.TECH] = (clinic.Technologist, true);
        house._people[Role.RAD] = (clinic.Radiologist, true);
        house._people[Role.MDR] = (clinic.MedicalDirector, true);
        house._people[Role.REF] = (clinic.Referrer, true);
        house._people[Role.PAT] = (clinic.Patient, true);
        house._people[Role.CLK] = (clinic.Clerk, true);
        house._people[Role.PRV] = (clinic.PrivacyOfficer, true);
        foreach (var role in Roles.Where(r => !house._people.ContainsKey(r)))
        {
            // Cover and outside systems have no relation to these exams; the others have theirs below, or need none.
            var isOwn = role is not (Role.COV or Role.EXTM or Role.EXTE or Role.EXTP);
            house._people[role] = (await clinic.HireAsync(role.ToString().ToLowerInvariant(), role.ToString()), isOwn);
        }
        await house.TellAsync();
        return house;
    }

    /// <summary>
    /// Everyone who asks: someone of each role, and two who sign in as proxies with an authority that has ended, or that is for another exam of the
    /// patient: to them these exams do not exist.
    /// </summary>
    public IEnumerable<(Role Role, Person Person, bool IsOwn)> Askers =>
        Roles.Select(r => (r, Of(r).Person, Of(r).IsOwn)).Concat(_formerProxies.Select(p => (Role.PRX, p, false)));

    /// <summary>The actor of a role as a session makes it.</summary>
    public Actor Actor(Role role) =>
        new()
        {
            Id = Of(role).Person.Name,
            Name = Of(role).Person.Name,
            Role = role,
        };

    public ValueTask DisposeAsync() => Clinic.DisposeAsync();

    private async Task TellAsync()
    {
        _exams[Phase.U] = await Clinic.ExamAsync(Chapter.Completed);
        foreach (var phase in (Phase[])[Phase.S, Phase.L, Phase.X])
        {
            var exam = await Clinic.ExamAsync(Chapter.Completed);
            await Clinic.ContinueAsync(exam, Chapter.Claimed, Chapter.Signed);
            _exams[phase] = exam;
        }
        await Clinic.ReleasesAsync(_exams[Phase.L], "All is well.");
        await Clinic.WithdrawsAsync(_exams[Phase.X]);
        _formerProxies.Add(await Clinic.HireAsync("former-proxy", nameof(Role.PRX)));
        _formerProxies.Add(await Clinic.HireAsync("proxy-elsewhere", nameof(Role.PRX)));
        var elsewhere = await Clinic.ExamAsync(await Clinic.ExamAsync(Chapter.Referred));
        await Clinic.ActsForPatientAsync(Of(Role.PRX).Person.Name);
        await Clinic.ActsForPatientAsync(Of(Role.APP).Person.Name, ProxyBasis.Application);
        await Clinic.EndsProxyAsync(await Clinic.ActsForPatientAsync("former-proxy"));
        await Clinic.ActsForPatientAsync("proxy-elsewhere", accession: elsewhere.AccessionNumber);
        await Clinic.InDatabaseAsync(async db =>
        {
            db.AddRange(
                _exams.Values.Select(exam => new Relationship
                {
                    ExamId = exam,
                    PatientId = Clinic.Patient.PatientId,
                    DoctorId = Of(Role.CCD).Person.Name,
                    Basis = Relationship.Copy,
                    ReadsOnly = true,
                    Step = "O1",
                    Sequence = 1,
                    From = Clinic.Clock.GetUtcNow(),
                })
            );
            db.Add(
                new Delegation
                {
                    DoctorId = Clinic.Referrer.Name,
                    DelegateId = Of(Role.DEL).Person.Name,
                    From = Clinic.Clock.GetUtcNow(),
                    Until = new DateOnly(2099, 1, 1),
                }
            );
            return await db.SaveChangesAsync();
        });
        foreach (var (phase, exam) in _exams)
        {
            (await Clinic.ExamAsync(exam)).Phase.Should().Be(phase);
        }
    }
}
