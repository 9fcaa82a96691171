using System.Globalization;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.People;
using Fiducial.PrivacyOffice.Audit;
using Fiducial.Results.Release;
using Fiducial.Server;
using Fiducial.Server.Bridges;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Tests;

/// <summary>
/// A whole clinic: the real server on a free port, its real database, a real DICOM port, a clock that tests can turn, and people
/// who work in it through its pages. Nothing in it is a stand-in.
/// </summary>
public sealed class ClinicInABox : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _database;
    private Furniture _furniture;
    private readonly List<Person> _hired = [];
    private WebApplication? _app;

    private ClinicInABox(string folder, string database, Furniture furniture, TurnedClock? clock = null)
    {
        (_folder, _database, _furniture) = (folder, database, furniture);
        Clock = clock ?? new TurnedClock();
        Clerk = new Clerk(this, "clara");
        Technologist = new Technologist(this, "tessa");
        Radiologist = new Radiologist(this, "rado");
        Referrer = new Referrer(this, "rita");
        OtherReferrer = new Referrer(this, "otto");
        Patient = new Patient(this, "paul", "FID-0001");
        OtherPatient = new Patient(this, "petra", "FID-0002");
        PrivacyOfficer = new PrivacyOfficer(this, "prisca");
        MedicalDirector = new Person(this, "mona");
        Coordinator = new Person(this, "cora");
        Administrator = new Person(this, "adam");
        Modality = new Modality(this);
    }

    public Clerk Clerk { get; }
    public Technologist Technologist { get; }
    public Radiologist Radiologist { get; }

    /// <summary>The doctor who refers, and who is responsible.</summary>
    public Referrer Referrer { get; }

    /// <summary>A doctor who has nothing to do with the other's patients.</summary>
    public Referrer OtherReferrer { get; }
    public Patient Patient { get; }
    public Patient OtherPatient { get; }
    public PrivacyOfficer PrivacyOfficer { get; }
    public Person MedicalDirector { get; }

    /// <summary>Works the queues of what failed; sees status alone.</summary>
    public Person Coordinator { get; }

    /// <summary>Keeps people and their credentials; sees no exam.</summary>
    public Person Administrator { get; }
    public Modality Modality { get; }

    /// <summary>Everyone who can sign in.</summary>
    public IReadOnlyList<Person> Everyone =>
        [
            Clerk,
            Technologist,
            Radiologist,
            Referrer,
            OtherReferrer,
            Patient,
            OtherPatient,
            PrivacyOfficer,
            MedicalDirector,
            .. _hired,
            Coordinator,
            Administrator,
        ];

    public TurnedClock Clock { get; }

    /// <summary>Where its pages are.</summary>
    public Uri Address { get; private set; } = null!;
    public int DicomPort { get; private set; }

    /// <summary>Its data folder.</summary>
    public string Folder => _folder;

    /// <summary>Its database, as <c>--database</c> takes it; empty for SQLite in the data folder.</summary>
    public string Database => _database;

    /// <summary>The server's services, for what no page shows.</summary>
    public IServiceProvider Services =>
        _app?.Services ?? throw new InvalidOperationException("The clinic is closed, or open in another process.");

    /// <summary>Opens a new clinic. The test is skipped when it asks for PostgreSQL and there is none.</summary>
    /// <param name="onPostgres">On a database of its own there; else on SQLite.</param>
    /// <param name="furnish">Adds to the house before it opens, such as a door that should not be there.</param>
    /// <param name="policy">How it releases results.</param>
    /// <param name="repository">Where its audit is sent too.</param>
    /// <param name="settings">Other settings of this site.</param>
    public static async Task<ClinicInABox> OpenAsync(
        bool onPostgres = false,
        Action<WebApplication>? furnish = null,
        string policy = "doctor-first",
        AuditRepository? repository = null,
        Func<ClinicOptions, ClinicOptions>? settings = null
    )
    {
        var database = onPostgres ? await TemporaryPostgres.NewDatabaseAsync() : "";
        var furniture = new Furniture(
            ReleasePolicy.Load(PackShelf.OfTheProgram, policy),
            repository,
            furnish,
            settings
        );
        var clinic = new ClinicInABox(NewFolder(), database, furniture);
        CompiledCodecs.Lend(Path.Combine(clinic._folder, "archive"));
        await clinic.StartAsync();
        return clinic;
    }

    /// <summary>Opens another clinic with the same past, as long as this one is closed: its files, people and exams, and the same clock.</summary>
    public async Task<ClinicInABox> TwinAsync(Action<WebApplication>? furnish = null)
    {
        var twin = new ClinicInABox(NewFolder(), "", _furniture with { Furnish = furnish }, Clock);
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(twin._folder, Path.GetRelativePath(_folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        twin._hired.AddRange(_hired.Select(p => new Person(twin, p.Name)));
        foreach (var (person, same) in twin.Everyone.Zip(Everyone))
        {
            person.GoesOnAs(same);
        }
        await twin.StartAsync();
        return twin;
    }

    /// <summary>Someone in another role comes to work here, or to this clinic's doors.</summary>
    public async Task<Person> HireAsync(string name, string role, string modalities = "")
    {
        var made = await WithAsync(s =>
            s.GetRequiredService<UserManager<Server.People.Person>>()
                .CreateAsync(
                    new Server.People.Person
                    {
                        UserName = name,
                        DisplayName = name,
                        Role = role,
                    },
                    Person.Password
                )
        );
        if (!made.Succeeded)
        {
            throw new InvalidOperationException(string.Join(' ', made.Errors.Select(e => e.Description)));
        }
        await CredentialAsync(name, role, modalities);
        var person = new Person(this, name);
        _hired.Add(person);
        return person;
    }

    /// <summary>A doctor's licence is suspended.</summary>
    public async Task EndLicenceAsync(string name)
    {
        var id = await InDatabaseAsync(db =>
            db.Set<Credential>()
                .Where(c => c.PersonId == name && c.Kind == CredentialKind.Licence && c.EndedAt == null)
                .Select(c => c.Id)
                .SingleAsync()
        );
        await WithAsync(s => s.GetRequiredService<KeepCredentials>().EndAsync(id, "suspended"));
    }

    // What the role needs: a technologist's registration, a doctor's licence, a reader's privilege.
    private async Task CredentialAsync(string name, string role, string modalities)
    {
        var kinds = role switch
        {
            "TECH" => [CredentialKind.Registration],
            "RAD" or "RES" => [CredentialKind.Licence, CredentialKind.ReaderPrivilege],
            "REF" or "COV" or "CCD" or "MDR" => [CredentialKind.Licence],
            _ => (string[])[],
        };
        foreach (var kind in kinds.Where(k => k is CredentialKind.Licence || modalities.Length > 0))
        {
            var fault = await WithAsync(s =>
                s.GetRequiredService<KeepCredentials>()
                    .AddAsync(
                        new Credential
                        {
                            PersonId = name,
                            Kind = kind,
                            IssuingBody = "College",
                            Jurisdiction = "CA-AB",
                            Number = name,
                            Modalities = modalities,
                            From = new DateOnly(2020, 1, 1),
                            VerifiedAt = Clock.GetUtcNow(),
                            VerifiedBy = "adam",
                        }
                    )
            );
            if (fault is not null)
            {
                throw new InvalidOperationException(fault);
            }
        }
    }

    /// <summary>Closes the house and opens it again on the same data, with other settings when they are given.</summary>
    public async Task RestartAsync(Func<ClinicOptions, ClinicOptions>? settings = null)
    {
        await CloseAsync();
        _furniture = settings is null ? _furniture : _furniture with { Settings = settings };
        await ReopenAsync();
    }

    /// <summary>Closes the house; its data stay.</summary>
    public async Task CloseAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            _app = null;
        }
    }

    /// <summary>Opens the house again.</summary>
    public Task ReopenAsync() => StartAsync();

    /// <summary>The house is open in another process: its people, with their cookies, go there.</summary>
    public void MovesTo(ServerProcess server) => (Address, DicomPort) = (server.Address, server.DicomPort);

    public async Task<T> WithAsync<T>(Func<IServiceProvider, Task<T>> use)
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider);
    }

    public Task<T> InDatabaseAsync<T>(Func<ClinicDb, Task<T>> use) =>
        WithAsync(s => use(s.GetRequiredService<ClinicDb>()));

    /// <summary>Where the exam stands.</summary>
    public Task<ExamRecord> ExamAsync(Guid exam) =>
        InDatabaseAsync(db => db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == exam));

    public Task<List<LedgerEntry>> LedgerAsync(Guid exam) =>
        InDatabaseAsync(db =>
            db.Set<LedgerEntry>().AsNoTracking().Where(e => e.ExamId == exam).OrderBy(e => e.Sequence).ToListAsync()
        );

    /// <summary>What <c>fiducial verify</c> would find.</summary>
    public Task<IReadOnlyList<string>> FaultsAsync() =>
        WithAsync(s => s.GetRequiredService<LedgerVerifier>().FaultsAsync(CancellationToken.None));

    /// <summary>The exam once the condition holds: steps that follow by themselves take a moment.</summary>
    public async Task<ExamRecord> WaitAsync(Guid exam, Func<ExamRecord, bool> condition)
    {
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var now = await ExamAsync(exam);
            if (condition(now))
            {
                return now;
            }
            if (TimeProvider.System.GetElapsedTime(until) > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"What should follow by itself did not within a minute: order {now.Order}, exam {now.Exam}, images {now.Images} ({now.ImageCount}), report {now.Report}, delivery {now.Delivery}, duty {now.Duty}."
                    )
                );
            }
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        foreach (var person in Everyone)
        {
            person.Dispose();
        }
        CompiledCodecs.Keep(Path.Combine(_folder, "archive"));
        Directory.Delete(_folder, recursive: true);
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("fiducial-clinic-").FullName;

    private async Task StartAsync()
    {
        var options = new ClinicOptions
        {
            Data = _folder,
            Http = 0,
            Dicom = 0,
            Database = _database,
            IsDemonstration = true,
            Policy = _furniture.Policy,
            AuditRepository = _furniture.Repository,
            Clock = Clock,
        };
        _app = ClinicApp.Build(_furniture.Settings?.Invoke(options) ?? options);
        _furniture.Furnish?.Invoke(_app);
        await ClinicApp.PrepareAsync(_app);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
        DicomPort = _app.Services.GetRequiredService<DicomHost>().Port;
    }

    private sealed record Furniture(
        ReleasePolicy Policy,
        AuditRepository? Repository,
        Action<WebApplication>? Furnish,
        Func<ClinicOptions, ClinicOptions>? Settings
    );
}
