using System.Globalization;
using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Meters;
using Fiducial.Benchmarks.Peers;
using Fiducial.Benchmarks.Results;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks;

/// <summary>What was asked for on the command line.</summary>
internal sealed record BenchOptions
{
    public required string Repository { get; init; }
    public required string Work { get; init; }
    public required string Command { get; init; }
    public required bool Quick { get; init; }
    public string? Note { get; init; }

    /// <summary>Medians are of so many.</summary>
    public int Repeats => Quick ? 2 : 5;

    /// <summary>Seconds for which wrk asks.</summary>
    public int WrkSeconds => 1;

    /// <summary>Instances in the index.</summary>
    public IReadOnlyList<int> Levels => Quick ? [500, 2000] : [2000, 20_000, 100_000];
}

/// <summary>One run: its peers, its folders, and the rows that it has written.</summary>
internal sealed class Bench(BenchOptions options, ResultLog log, TimeProvider clock)
{
    private readonly DateTimeOffset _run = clock.GetUtcNow();
    private string _stage = "";
    private int _folders;
    private int _studies;

    public BenchOptions Options => options;

    /// <summary>Everything that this run's servers store.</summary>
    public string RunFolder =>
        Path.Combine(options.Work, "runs", _run.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));

    public Peer Fiducial { get; } =
        new FiducialArchive(
            Path.Combine(options.Repository, "src/Fiducial.Server/bin/Release/net10.0/Fiducial.Server")
        );
    public Peer OrthancSqlite { get; } = new Orthanc(null);
    public Peer? OrthancPostgres { get; } =
        PostgresCluster.Programs is null
            ? null
            : new Orthanc(new PostgresCluster(Path.Combine(options.Work, "postgres-template")));
    public Peer Storescp { get; } = new Storescp();
    public Peer Dcmqrscp { get; } = new Dcmqrscp();

    /// <summary>Those that speak DICOMweb.</summary>
    public IReadOnlyList<Peer> WebPeers =>
        OrthancPostgres is null ? [Fiducial, OrthancSqlite] : [Fiducial, OrthancSqlite, OrthancPostgres];

    public async Task BeginAsync(string stage)
    {
        _stage = stage;
        var versions = new List<string>();
        foreach (var peer in WebPeers.Append(Storescp))
        {
            versions.Add(await peer.VersionAsync());
        }
        var commit = (
            await Tool.RunAsync("git", ["-C", options.Repository, "describe", "--always", "--dirty"])
        ).Output.Trim();
        log.Add(
            new Line(
                new StageBegin
                {
                    Run = _run,
                    Stage = stage,
                    At = clock.GetUtcNow(),
                    Load = Machine.Load(),
                    Command = options.Command,
                    Commit = commit,
                    Machine = Machine.Describe(options.Work),
                    Versions = versions,
                    Repeats = options.Repeats,
                    Note = options.Note,
                }
            )
        );
    }

    /// <summary>Starts fresh servers, gives them to the work, and stops them whatever happens.</summary>
    public async Task WithAsync(IReadOnlyList<Peer> peers, Func<Task> work)
    {
        var started = new List<Peer>();
        try
        {
            foreach (var peer in peers)
            {
                await peer.StartAsync(
                    Path.Combine(RunFolder, $"{++_folders:D3}-{peer.Name.Replace(", ", "-", StringComparison.Ordinal)}")
                );
                started.Add(peer);
            }
            await work();
        }
        finally
        {
            var folders = started.ConvertAll(p => p.Folder);
            foreach (var peer in started)
            {
                await peer.StopAsync();
            }
            folders.ForEach(Empty);
        }
    }

    /// <summary>Studies that no server has seen, in memory; deleted when the work is done.</summary>
    public Task WithStudiesAsync(ObjectKind kind, int studies, int instances, Func<IReadOnlyList<Study>, Task> work)
    {
        var first = _studies;
        _studies += studies;
        return WithStudiesAsync(kind, first, studies, instances, work);
    }

    /// <summary>Those with these numbers.</summary>
    public static async Task WithStudiesAsync(
        ObjectKind kind,
        int first,
        int studies,
        int instances,
        Func<IReadOnlyList<Study>, Task> work
    )
    {
        var folder = Directory.CreateTempSubdirectory("studies-").FullName;
        try
        {
            await work([
                .. Enumerable
                    .Range(first, studies)
                    .Select(n => StudyWriter.Write(kind, n, instances, Path.Combine(folder, $"{n:D6}"))),
            ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Each peer in turn, neighbours in time; every other time in the opposite order. <paramref name="complain"/> looks
    /// afterwards whether the work was really done, and says what is wrong.
    /// </summary>
    public async Task MeasureAsync(
        Work work,
        IReadOnlyList<Peer> peers,
        int repeat,
        Func<Peer, Task<Outcome>> act,
        int? level = null,
        Func<Peer, Task<string?>>? complain = null
    )
    {
        foreach (var peer in repeat % 2 == 0 ? peers : peers.Reverse())
        {
            var measured = await Meter.MeasureAsync(peer, () => TryAsync(peer, act));
            var outcome = measured.Outcome;
            if (outcome.IsDone && complain is not null && await complain(peer) is { } complaint)
            {
                outcome = Outcome.Failed(complaint);
            }
            Write(
                new Row
                {
                    Run = _run,
                    Stage = _stage,
                    Work = work.Key,
                    Peer = peer.Name,
                    Repeat = repeat,
                    Level = level,
                    Outcome = outcome.Word,
                    Seconds = Math.Round(measured.Seconds, 6),
                    CpuSeconds = Math.Round(measured.CpuSeconds, 2),
                    Count = outcome.Count,
                    CpuCount = outcome.CpuCount ?? outcome.Count,
                    Bytes = outcome.Bytes,
                    PeakBytes = measured.PeakBytes,
                },
                work
            );
        }
    }

    /// <summary>Bytes of the disk that a peer takes for what it was sent.</summary>
    public void WriteDisk(Peer peer, int repeat, long sent, long taken) =>
        Write(
            new Row
            {
                Run = _run,
                Stage = _stage,
                Work = Works.DiskKey,
                Peer = peer.Name,
                Repeat = repeat,
                Outcome = Outcome.Done,
                Bytes = sent,
                DiskBytes = taken,
            }
        );

    private void Write(Row row, Work? work = null)
    {
        log.Add(new Line(Row: row));
        var what =
            work is null ? $"{row.DiskBytes / 1e6:F0} MB for {row.Bytes / 1e6:F0} MB"
            : row.IsDone ? $"{Format.Speed(row, work)}, CPU {Format.Cpu(row, work)}, peak {row.PeakBytes / 1e6:F0} MB"
            : row.Outcome;
        var level = row.Level is { } l ? $" at {l}" : "";
        Console.Error.WriteLine($"{row.Stage}{level} {row.Repeat + 1}  {row.Work, -14} {row.Peer, -20} {what}");
    }

    // A peer that breaks down in one work must not end the run: the table says what happened.
    private static async Task<Outcome> TryAsync(Peer peer, Func<Peer, Task<Outcome>> act)
    {
        try
        {
            return await act(peer);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return Outcome.Failed(e.Message);
        }
    }

    // Emptied but not deleted: ext4 steps over inodes that were freed in the last minutes whenever it makes a file, so that
    // deleting thousands of files would slow down what is measured next.
    private static void Empty(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (file.Length > 0 && file.Extension is not ".json" && file.Name is not "log")
            {
                using var stream = file.Open(FileMode.Truncate);
            }
        }
    }
}
