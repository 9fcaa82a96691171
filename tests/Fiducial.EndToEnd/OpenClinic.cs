using System.Diagnostics;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.People;
using Fiducial.Server;
using Fiducial.Server.Bridges;
using Fiducial.Server.Commands;
using Fiducial.Server.Demonstration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Person = Fiducial.Server.People.Person;

namespace Fiducial.EndToEnd;

/// <summary>A demonstration clinic on real ports, in a fresh data folder; it can be closed and opened again on the same data and ports.</summary>
internal sealed class OpenClinic : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-walk-").FullName;
    private WebApplication _app = null!;

    public int HttpPort { get; private set; }
    public int DicomPort { get; private set; }
    public string Address => $"http://127.0.0.1:{HttpPort}";

    /// <summary>The same under a name: passkeys belong to names, not to numbers.</summary>
    public string NamedAddress => $"http://localhost:{HttpPort}";
    public IServiceProvider Services => _app.Services;

    /// <summary>Minutes without a sign of life after which a session ends, by role.</summary>
    public IReadOnlyDictionary<string, double> SessionMinutes { get; init; } = new Dictionary<string, double>();

    public static async Task<OpenClinic> OpenAsync(IReadOnlyDictionary<string, double>? sessionMinutes = null)
    {
        var clinic = new OpenClinic { SessionMinutes = sessionMinutes ?? new Dictionary<string, double>() };
        DataFolder.Claim(clinic._folder, "demonstration");
        CompiledCodecs.Lend(Path.Combine(clinic._folder, "archive"));
        await clinic.StartAsync();
        return clinic;
    }

    public Task CloseAsync() => _app.StopAsync();

    /// <summary>Opens the house again after <see cref="CloseAsync"/>.</summary>
    public async Task ReopenAsync()
    {
        await _app.DisposeAsync();
        await StartAsync();
    }

    public async Task<ExamRecord> ExamAsync(string accessionNumber)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<ClinicDb>()
            .Set<ExamRecord>()
            .AsNoTracking()
            .SingleAsync(e => e.AccessionNumber == accessionNumber);
    }

    /// <summary>Someone comes to work here, of whom no other test knows.</summary>
    public async Task HireAsync(string name, string role)
    {
        await using var scope = Services.CreateAsyncScope();
        var made = await scope
            .ServiceProvider.GetRequiredService<UserManager<Person>>()
            .CreateAsync(
                new Person
                {
                    UserName = name,
                    DisplayName = name,
                    Role = role,
                },
                DemonstrationPeople.Password
            );
        made.Succeeded.Should().BeTrue();
        foreach (var kind in (string[])[CredentialKind.Licence, CredentialKind.ReaderPrivilege])
        {
            var fault = await scope
                .ServiceProvider.GetRequiredService<KeepCredentials>()
                .AddAsync(
                    new Credential
                    {
                        PersonId = name,
                        Kind = kind,
                        IssuingBody = "CPSA",
                        Jurisdiction = "CA-AB",
                        Number = "20001",
                        Modalities = kind == CredentialKind.Licence ? "" : "DX,CT,MR,US,NM,MG",
                        From = new DateOnly(2020, 1, 1),
                        VerifiedAt = TimeProvider.System.GetUtcNow(),
                        VerifiedBy = "adam",
                    }
                );
            fault.Should().BeNull();
        }
    }

    /// <summary>The exam once the condition holds; steps that follow by themselves take a moment.</summary>
    public async Task<ExamRecord> WaitAsync(string accessionNumber, Func<ExamRecord, bool> condition)
    {
        var from = Stopwatch.GetTimestamp();
        ExamRecord exam;
        do
        {
            exam = await ExamAsync(accessionNumber);
            if (condition(exam))
            {
                return exam;
            }
            await Task.Delay(10);
        } while (Stopwatch.GetElapsedTime(from) < TimeSpan.FromMinutes(1));
        await using var scope = Services.CreateAsyncScope();
        var last = await scope
            .ServiceProvider.GetRequiredService<ClinicDb>()
            .Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == exam.Id)
            .OrderByDescending(e => e.Sequence)
            .FirstAsync();
        throw new TimeoutException(
            $"{accessionNumber}: what should follow by itself has not followed within a minute. Images {exam.Images}, report {exam.Report}, delivery {exam.Delivery}; the last entry of its ledger: {last.Step} {(last.Taken ? "taken" : "refused")} {last.Reason}"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        _app = ClinicApp.Build(
            new ClinicOptions
            {
                Data = _folder,
                Http = HttpPort,
                Dicom = DicomPort,
                IsDemonstration = true,
                SessionMinutes = SessionMinutes,
            }
        );
        await ClinicApp.PrepareAsync(_app);
        await _app.StartAsync();
        HttpPort = new Uri(_app.Urls.First()).Port;
        DicomPort = _app.Services.GetRequiredService<DicomHost>().Port;
    }
}
