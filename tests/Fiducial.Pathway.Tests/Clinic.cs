using System.Text.Json.Nodes;
using Fiducial.Foundation;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Pathway.Tests;

/// <summary>The pathway on a real database: SQLite, or PostgreSQL where it is installed.</summary>
public sealed class Clinic : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial").FullName;
    private readonly ServiceProvider _services;
    private readonly string? _postgres;

    private Clinic(string? postgres)
    {
        _postgres = postgres;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddFoundation("America/Edmonton");
        services.AddClinicDatabase(postgres ?? Path.Combine(_folder, "clinic.db"), "none");
        services.AddPathway();
        _services = services.BuildServiceProvider();
    }

    public static Actor Referrer { get; } =
        new()
        {
            Id = "rita",
            Name = "Dr Rita",
            Role = Role.REF,
            Credential = "CPSA 1",
        };
    public static Actor Clerk { get; } =
        new()
        {
            Id = "clara",
            Name = "Clara",
            Role = Role.CLK,
        };
    public static Actor Technologist { get; } =
        new()
        {
            Id = "tessa",
            Name = "Tessa",
            Role = Role.TECH,
            Credential = "ACMDTT 1",
            Modalities = ["DX"],
        };
    public static Actor Patient { get; } =
        new()
        {
            Id = "pat",
            Name = "Jane Doe",
            Role = Role.PAT,
        };
    public static Actor Radiologist { get; } =
        new()
        {
            Id = "rado",
            Name = "Dr Rado",
            Role = Role.RAD,
            Modalities = ["DX"],
        };

    public static async Task<Clinic> OpenAsync(bool onPostgres)
    {
        var clinic = new Clinic(onPostgres ? await PostgresServer.DatabaseAsync() : null);
        await using var scope = clinic._services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        await db.Database.EnsureCreatedAsync();
        db.Add(
            new PatientRecord
            {
                PatientId = "P1",
                Name = "Doe^Jane",
                BirthDate = "19800101",
                Sex = "F",
            }
        );
        await db.SaveChangesAsync();
        return clinic;
    }

    public async Task<T> WithAsync<T>(Func<IServiceProvider, Task<T>> use)
    {
        await using var scope = _services.CreateAsyncScope();
        return await use(scope.ServiceProvider);
    }

    public Task<StepOutcome> TakeAsync(Guid exam, string step, Actor actor, JsonObject? evidence = null) =>
        WithAsync(s =>
            s.GetRequiredService<PathwayEngine>().TakeAsync(new StepRequest(exam, step, actor, evidence ?? []))
        );

    public Task<int> SqlAsync(string sql) =>
        WithAsync(s => s.GetRequiredService<ClinicDb>().Database.ExecuteSqlRawAsync(sql));

    /// <summary>An exam that was referred: a wrist, left.</summary>
    public async Task<Guid> ReferAsync(Action<JsonObject>? change = null)
    {
        var exam = Guid.CreateVersion7();
        var order = Order();
        change?.Invoke(order);
        (await TakeAsync(exam, "O1", Referrer, order)).Refusal.Should().BeNull();
        return exam;
    }

    public static JsonObject Order() =>
        new()
        {
            ["accessionNumber"] = $"A{Random.Shared.Next(1_000_000_000)}",
            ["patientId"] = "P1",
            ["protocolCode"] = "XR-WRIST",
            ["modality"] = "DX",
            ["laterality"] = "L",
            ["indication"] = "fall",
            ["history"] = "none known",
            ["relationshipBasis"] = "family doctor",
            ["responsibleDoctorId"] = "rita",
            ["responsibleDoctorName"] = "Dr Rita",
            ["criticalContact"] = "555",
            ["releaseElection"] = "after my doctor has read it",
        };

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_postgres is null)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        }
        Directory.Delete(_folder, recursive: true);
    }
}
