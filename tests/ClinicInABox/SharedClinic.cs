namespace Fiducial.Tests;

/// <summary>One clinic for all tests of a program, on SQLite. Tests that turn its clock or restart it open one of their own.</summary>
public sealed class ClinicOnSqlite() : SharedClinic(onPostgres: false);

/// <summary>One clinic for all tests of a program, on PostgreSQL; where that is not installed the tests are skipped.</summary>
public sealed class ClinicOnPostgres() : SharedClinic(onPostgres: true);

/// <summary>A clinic that opens with the first test that asks for it and closes after the last.</summary>
public abstract class SharedClinic(bool onPostgres) : IAsyncLifetime
{
    private readonly Lock _door = new();
    private Task<ClinicInABox>? _opening;

    public bool OnPostgres => onPostgres;

    /// <summary>The clinic, or the test is skipped.</summary>
    public Task<ClinicInABox> OpenAsync()
    {
        Assert.SkipWhen(onPostgres && !TemporaryPostgres.IsInstalled, "PostgreSQL is not installed.");
        lock (_door)
        {
            return _opening ??= ClinicInABox.OpenAsync(onPostgres);
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_opening is { IsCompletedSuccessfully: true })
        {
            await (await _opening).DisposeAsync();
        }
        GC.SuppressFinalize(this);
    }
}

/// <summary>Tests of a room, in the clinic that is shared on one of the two databases.</summary>
public abstract class RoomTests(SharedClinic shared) : IAsyncLifetime
{
    /// <summary>The clinic that all tests of the program share.</summary>
    protected ClinicInABox Clinic { get; private set; } = null!;

    /// <summary>True when the tests run on PostgreSQL.</summary>
    protected bool OnPostgres => shared.OnPostgres;

    public async ValueTask InitializeAsync() => Clinic = await shared.OpenAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
