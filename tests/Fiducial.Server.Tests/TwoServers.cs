using System.Net;
using Fiducial.Archive;
using Fiducial.Archive.Tests;
using Npgsql;

namespace Fiducial.Server.Tests;

/// <summary>
/// Two processes of <c>fiducial serve</c> on one PostgreSQL and one object storage: each has its own data folder, and both have the keys of
/// sessions and seals.
/// </summary>
public sealed class TwoServers : IAsyncDisposable
{
    private readonly (string Folder, string[] Options)[] _houses;
    private readonly Task<ServerProcess>[] _servers;
    private readonly NpgsqlDataSource _rows;
    private readonly string _second = Directory.CreateTempSubdirectory("fiducial-second-").FullName;

    private readonly Dictionary<string, string> _keys;

    private TwoServers(ClinicInABox clinic, ObjectStorage store)
    {
        _keys = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["FIDUCIAL__S3__ENDPOINT"] = store.Endpoint.ToString(),
            ["FIDUCIAL__S3__ACCESSKEY"] = RadosGateway.AccessKey,
            ["FIDUCIAL__S3__SECRETKEY"] = RadosGateway.SecretKey,
        };
        string[] shared = ["--database", clinic.Database, "--store", store.Url];
        _houses = [(clinic.Folder, shared), (_second, [.. shared, "--secrets", clinic.Folder])];
        _servers = [.. _houses.Select(h => Task.FromResult(Start(h)))];
        _rows = NpgsqlDataSource.Create(clinic.Database);
    }

    /// <summary>Starts both at once on the data of a clinic that is closed in this process, and waits for neither.</summary>
    public static TwoServers Start(ClinicInABox clinic, ObjectStorage store) => new(clinic, store);

    private ServerProcess Start((string Folder, string[] Options) house) =>
        ServerProcess.Start("serve", house.Folder, house.Options, _keys);

    /// <summary>Processes that were killed.</summary>
    public int Kills { get; private set; }

    public async Task OpenAsync()
    {
        foreach (var server in _servers)
        {
            await (await server).OpensAsync();
        }
    }

    /// <summary>The address of a page at one of the two, as soon as that one is open.</summary>
    public async Task<string> AtAsync(int server, string path) =>
        new Uri((await Volatile.Read(ref _servers[server])).Address, path).ToString();

    public async Task<ServerProcess> ProcessAsync(int server) => await Volatile.Read(ref _servers[server]);

    /// <summary><c>kill -9</c> for one, which is started again; who asks for its address waits until it is open.</summary>
    public async Task KillAndStartAgainAsync(int server)
    {
        Kills++;
        var killed = await _servers[server];
        Volatile.Write(ref _servers[server], StartAgainAsync(killed, server));
        await _servers[server];
    }

    private async Task<ServerProcess> StartAgainAsync(ServerProcess killed, int server)
    {
        await killed.KillAsync();
        await killed.DisposeAsync();
        var again = Start(_houses[server]);
        await again.OpensAsync();
        return again;
    }

    /// <summary>What <c>fiducial verify</c> says, asked in the folder of each.</summary>
    public async Task<IReadOnlyList<(int ExitCode, string Said)>> VerifyAsync() =>
        await Task.WhenAll(
            _houses.Select(h => ServerProcess.RunAsync(["verify", "--data", h.Folder, .. h.Options], _keys))
        );

    /// <summary>One value of the database, as it is committed.</summary>
    public async Task<T> AsksAsync<T>(string sql, params object[] values)
    {
        await using var command = _rows.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until a count of rows is 0.</summary>
    public async Task NoneAsync(string sql, TimeSpan atMost)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (await AsksAsync<long>(sql) is var left && left > 0)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > atMost)
            {
                throw new TimeoutException($"{left} rows are still there: {sql}");
            }
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Where(s => !s.IsFaulted))
        {
            await (await server).DisposeAsync();
        }
        await _rows.DisposeAsync();
        Directory.Delete(_second, recursive: true);
    }
}

/// <summary>What became of many attempts at one step.</summary>
public sealed class Attempts
{
    private int _made;
    private int _taken;
    private int _refused;
    private int _cutOff;
    private readonly List<string> _faults = [];

    public int Made => _made;
    public int Taken => _taken;
    public int Refused => _refused;

    /// <summary>Those whose answer was lost with the process that was killed.</summary>
    public int CutOff => _cutOff;
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Makes one attempt; one that is cut off is made again at the same server.</summary>
    public async Task MakeAsync(Func<Task<Page>> attempt)
    {
        while (true)
        {
            Interlocked.Increment(ref _made);
            try
            {
                Count(await attempt());
                return;
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref _cutOff);
            }
        }
    }

    // A step that was taken leads back to its page, one that was refused names its entry there; whoever may not see the exam finds nothing.
    private void Count(Page answer)
    {
        if (
            answer.Status is HttpStatusCode.NotFound
            || (answer.Location?.Contains("refused=", StringComparison.Ordinal) ?? false)
        )
        {
            Interlocked.Increment(ref _refused);
        }
        else if (answer.Status is HttpStatusCode.Found)
        {
            Interlocked.Increment(ref _taken);
        }
        else
        {
            lock (_faults)
            {
                _faults.Add($"{answer.Status}: {answer.Words}");
            }
        }
    }
}
