using Fiducial.Pathway;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Proxies;
using Fiducial.Proofs.TwinWorlds;

namespace Fiducial.Proofs.Matrix;

/// <summary>A clinic with one exam in each phase of the matrix, all of them still within their exam window, and someone of each role.</summary>
public sealed class FourPhases : IAsyncLifetime
{
    // Who signs in for a role, and whether an exam of this clinic is that person's own.
    private readonly Dictionary<Role, (Person Person, bool IsOwn)> _people = [];
    private readonly Dictionary<Phase, Guid> _exams = [];
    private readonly List<(Role Role, Person Person)> _strangers = [];

    public ClinicInABox Clinic { get; private set; } = null!;
    public IReadOnlyDictionary<Phase, Guid> Exams => _exams;

    public static IEnumerable<Role> Roles => Enum.GetValues<Role>().Where(r => r is not Role.SYS);

    public (Person Person, bool IsOwn) Of(Role role) => _people[role];

    public async ValueTask InitializeAsync()
    {
        Clinic = await ClinicInABox.OpenAsync();
        _people[Role.TECH] = (Clinic.Technologist, true);
        _people[Role.RAD] = (Clinic.Radiologist, true);
        _people[Role.MDR] = (Clinic.MedicalDirector, true);
        _people[Role.REF] = (Clinic.Referrer, true);
        _people[Role.PAT] = (Clinic.Patient, true);
        _people[Role.CLK] = (Clinic.Clerk, true);
        _people[Role.PRV] = (Clinic.PrivacyOfficer, true);
        foreach (var role in Roles.Where(r => !_people.ContainsKey(r)))
        {
            // Outside systems have no relation to these exams, nor to any; the others have theirs below, or need none.
            var person = await Clinic.HireAsync(role.ToString().ToLowerInvariant(), role.ToString());
            _people[role] = (person, !Outside.Contains(role));
        }
        await TellAsync();
    }

    /// <summary>Systems of others: no step of this house gives them a relation to an exam yet.</summary>
    public static readonly Role[] Outside = [Role.EXTM, Role.EXTE, Role.EXTP];

    /// <summary>Every exam of the house is an own one of who reads here.</summary>
    public static readonly Role[] Readers = [Role.RES, Role.RAD, Role.MDR];

    /// <summary>
    /// Everyone who asks: someone of each role, a doctor who stands in for nobody here, and two who sign in as proxies with an authority that has
    /// ended, or that is for another exam of the patient: to them these exams do not exist.
    /// </summary>
    public IEnumerable<(Role Role, Person Person, bool IsOwn)> Askers =>
        Roles.Select(r => (r, Of(r).Person, Of(r).IsOwn)).Concat(_strangers.Select(s => (s.Role, s.Person, false)));

    /// <summary>
    /// As a session makes them: of a role someone to whom the exams are own, unless there is no such person, and someone to whom they are not,
    /// unless all are.
    /// </summary>
    public IEnumerable<(Actor Actor, bool IsOwn)> Actors(Role role)
    {
        if (!Outside.Contains(role))
        {
            yield return (ActorOf(Of(role).Person.Name, role), true);
        }
        if (!Readers.Contains(role))
        {
            yield return (ActorOf("a-stranger", role), false);
        }
    }

    private static Actor ActorOf(string name, Role role) =>
        new()
        {
            Id = name,
            Name = name,
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
        _strangers.Add((Role.PRX, await Clinic.HireAsync("former-proxy", nameof(Role.PRX))));
        _strangers.Add((Role.PRX, await Clinic.HireAsync("proxy-elsewhere", nameof(Role.PRX))));
        _strangers.Add((Role.COV, await Clinic.HireAsync("cover-elsewhere", nameof(Role.COV))));
        var elsewhere = await Clinic.ExamAsync(await Clinic.ExamAsync(Chapter.Referred));
        await Clinic.ActsForPatientAsync(Of(Role.PRX).Person.Name);
        await Clinic.ActsForPatientAsync(Of(Role.APP).Person.Name, ProxyBasis.Application);
        await Clinic.EndsProxyAsync(await Clinic.ActsForPatientAsync("former-proxy"));
        await Clinic.ActsForPatientAsync("proxy-elsewhere", accession: elsewhere.AccessionNumber);
        await Clinic.InDatabaseAsync(async db =>
        {
            foreach (var exam in _exams.Values)
            {
                db.Add(Edge(exam, Role.CCD, Relationship.Copy));
                db.Add(Edge(exam, Role.COV, Relationship.Cover));
            }
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

    private Relationship Edge(Guid exam, Role role, string basis) =>
        new()
        {
            ExamId = exam,
            PatientId = Clinic.Patient.PatientId,
            DoctorId = Of(role).Person.Name,
            Basis = basis,
            ReadsOnly = basis is Relationship.Copy,
            Step = "O1",
            Sequence = 1,
            From = Clinic.Clock.GetUtcNow(),
        };
}
