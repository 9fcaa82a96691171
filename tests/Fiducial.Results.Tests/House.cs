using System.Text.Json.Nodes;
using Fiducial.Foundation;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.People;
using Fiducial.Pathway.Proxies;
using Fiducial.Pathway.Timers;
using Fiducial.Results.Delivery;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Fiducial.Results.Tests;

/// <summary>Pathway and results on a real database, with a clock that the test turns. Nothing runs by itself: the test drains and fires.</summary>
internal sealed class House : IAsyncDisposable
{
    /// <summary>A Tuesday, nine o'clock in Edmonton.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 11, 24, 16, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<Task<string>> Template = new(PrepareAsync);
    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial").FullName;
    private readonly ServiceProvider _services;
    private readonly bool _ownsFolder;
    private readonly Release.ReleasePolicy? _policy;

    private House(
        string? database,
        FakeTimeProvider? clock,
        TestDirectory? directory,
        Action<IServiceCollection>? change = null,
        Release.ReleasePolicy? policy = null
    )
    {
        Clock = clock ?? new FakeTimeProvider(Morning);
        _policy = policy;
        Doctors = directory ?? new TestDirectory(Clock);
        _ownsFolder = database is null;
        Database = database ?? Path.Combine(_folder, "clinic.db");
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddFoundation("America/Edmonton", HolidayFile.Alberta);
        services.AddClinicDatabase(Database, "none");
        services.AddPathway();
        services.AddResults(policy);
        services.AddSingleton<IRecipientDirectory>(Doctors);
        services.AddSingleton<IProxyDirectory>(Doctors);
        change?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; }
    public TestDirectory Doctors { get; }
    public string Database { get; }

    public BusinessCalendar Calendar => _services.GetRequiredService<BusinessCalendar>();

    /// <param name="change">Changes the law of this house, to prove that somebody would notice.</param>
    public static async Task<House> OpenAsync(string policy = "doctor-first", Action<IServiceCollection>? change = null)
    {
        var house = new House(
            null,
            null,
            null,
            change,
            Release.ReleasePolicy.Load(Release.PackShelf.OfTheProgram, policy)
        );
        File.Copy(await Template.Value, house.Database);
        return house;
    }

    /// <summary>On a PostgreSQL database of its own.</summary>
    public static async Task<House> OnPostgresAsync()
    {
        var house = new House(await TemporaryPostgres.NewDatabaseAsync(), null, null);
        await house.CreateAsync();
        return house;
    }

    /// <summary>Another server process on the same database: it shares nothing with the first but the rows and the hour.</summary>
    /// <param name="change">Changes the law of the other.</param>
    public House Another(Action<IServiceCollection>? change = null) => new(Database, Clock, Doctors, change, _policy);

    /// <summary>A house where until now the same has happened; from now on it goes its own way.</summary>
    /// <param name="change">Changes the law of the copy.</param>
    public async Task<House> CopyAsync(Action<IServiceCollection> change)
    {
        var copy = new House(null, new FakeTimeProvider(Clock.GetUtcNow()), null, change, _policy);
        await QueryAsync(db => db.Database.ExecuteSqlAsync($"vacuum into {copy.Database}"));
        return copy;
    }

    public async Task<T> WithAsync<T>(Func<IServiceProvider, Task<T>> use)
    {
        await using var scope = _services.CreateAsyncScope();
        return await use(scope.ServiceProvider);
    }

    public Task<T> QueryAsync<T>(Func<ClinicDb, Task<T>> use) => WithAsync(s => use(s.GetRequiredService<ClinicDb>()));

    public Task<StepOutcome> TakeAsync(
        Guid exam,
        string step,
        Actor actor,
        JsonObject? evidence = null,
        JsonObject? words = null
    ) =>
        words is null
            ? WithAsync(s =>
                s.GetRequiredService<PathwayEngine>().TakeAsync(new StepRequest(exam, step, actor, evidence ?? []))
            )
            : WithAsync(s => s.GetRequiredService<Words.SayStep>().RunAsync(exam, step, actor, evidence ?? [], words));

    public Task<ExamRecord> ExamAsync(Guid exam) =>
        QueryAsync(db => db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == exam));

    public Task<List<LedgerEntry>> LedgerAsync(Guid exam) =>
        QueryAsync(db =>
            db.Set<LedgerEntry>().AsNoTracking().Where(e => e.ExamId == exam).OrderBy(e => e.Sequence).ToListAsync()
        );

    public Task<List<Notice>> NoticesAsync(Guid exam) =>
        QueryAsync(db => db.Set<Notice>().AsNoTracking().Where(n => n.ExamId == exam).OrderBy(n => n.Id).ToListAsync());

    public Task<IReadOnlyList<string>> FaultsAsync() =>
        WithAsync(s => s.GetRequiredService<LedgerVerifier>().FaultsAsync(CancellationToken.None));

    public async Task AddAsync(params object[] rows) =>
        await QueryAsync(async db =>
        {
            db.AddRange(rows);
            return await db.SaveChangesAsync();
        });

    /// <summary>What is done about who acts for a patient; null, or what is wrong.</summary>
    public Task<string?> ProxiesAsync(Func<KeepProxies, Task<string?>> act) =>
        WithAsync(s => act(s.GetRequiredService<KeepProxies>()));

    /// <summary>Somebody acts for a patient from now on.</summary>
    /// <returns>The number of the entry.</returns>
    public async Task<int> ActsForAsync(string patient, Actor proxy, string basis, Actor by, string accessions = "")
    {
        var fault = await ProxiesAsync(k =>
            k.RecordAsync(new NewProxy(patient, proxy.Id, basis, "document 1") { Accessions = accessions }, by)
        );
        fault.Should().BeNull();
        return await QueryAsync(db => db.Set<Proxy>().Where(p => p.PatientId == patient).MaxAsync(p => p.Entry));
    }

    /// <summary>A doctor's licence ends now, as the administrator records it, and the directory says so.</summary>
    public async Task EndLicenceAsync(string doctor)
    {
        Doctors.EndLicence(doctor);
        await QueryAsync(async db =>
        {
            var licence = await db.Set<Credential>()
                .FirstAsync(c => c.PersonId == doctor && c.Kind == CredentialKind.Licence);
            db.Add(
                new OutboxMessage
                {
                    Topic = KeepCredentials.LicenceEnded,
                    Body = doctor,
                    DueAt = Clock.GetUtcNow(),
                }
            );
            licence.EndedAt ??= Clock.GetUtcNow();
            return await db.SaveChangesAsync();
        });
    }

    /// <summary>Works the outbox until nothing is due: what follows by itself has followed.</summary>
    public async Task DrainAsync()
    {
        var worker = _services.GetRequiredService<OutboxWorker>();
        while (await worker.WorkOneAsync(CancellationToken.None)) { }
    }

    public Task<int> FireAsync() => _services.GetRequiredService<TimerWorker>().FireDueAsync();

    /// <summary>Turns the clock, fires what is due, and works what follows.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        await FireAsync();
        await DrainAsync();
    }

    /// <summary>Turns the clock to a minute after the close of the n-th business day from now.</summary>
    public Task PassBusinessDaysAsync(int days) =>
        PassAsync(Calendar.CloseAfter(Clock.GetUtcNow(), days).AddMinutes(1) - Clock.GetUtcNow());

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_ownsFolder)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> PrepareAsync()
    {
        await using var house = new House(null, null, null);
        await house.CreateAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var template = Path.Combine(Path.GetTempPath(), $"fiducial-template-{Environment.ProcessId}.db");
        File.Copy(house.Database, template, overwrite: true);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(template);
        return template;
    }

    private Task<int> CreateAsync() =>
        QueryAsync(async db =>
        {
            await db.Database.EnsureCreatedAsync();
            db.AddRange(
                Patient("P1", "Doe^Jane", "19800101", "F", "jane"),
                Patient("P2", "Roe^Joan", "19810202", "F", ""),
                Patient("P3", "Doe^Timmy", "20180303", "M", "timmy"),
                // Seventeen on the first morning, and eighteen on the next day.
                Patient("P4", "Doe^Tina", "20081125", "F", "tina")
            );
            db.AddRange(People.Credentials);
            return await db.SaveChangesAsync();
        });

    private static PatientRecord Patient(string id, string name, string born, string sex, string person) =>
        new()
        {
            PatientId = id,
            Name = name,
            BirthDate = born,
            Sex = sex,
            PersonId = person,
        };
}
