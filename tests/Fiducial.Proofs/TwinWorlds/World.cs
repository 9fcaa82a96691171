using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Fiducial.Foundation.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fiducial.Proofs.TwinWorlds;

/// <summary>One of two worlds: a clinic, what its log says, and what the technologist's open page is told while others act.</summary>
internal sealed partial class World : IAsyncDisposable, ILoggerProvider
{
    private const string TheLast = "the last";
    private readonly ConcurrentQueue<string> _log = [];
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _told = [];
    private Task? _listening;
    private Task<int>? _published;

    private World(ClinicInABox clinic, Guid exam) => (Clinic, Exam) = (clinic, exam);

    public ClinicInABox Clinic { get; }
    public Guid Exam { get; }

    public static async Task<World> OpenAsync(SharedPast past, Action<WebApplication>? furnish = null)
    {
        var world = new World(await past.Clinic.TwinAsync(furnish), past.Exam);
        world.Clinic.Services.GetRequiredService<ILoggerFactory>().AddProvider(world);
        await world.ListenAsync();
        return world;
    }

    /// <summary>What is seen of this world after the deed, once all that follows from it has followed.</summary>
    public async Task<IReadOnlyDictionary<string, Observation>> AfterAsync(
        Func<ClinicInABox, Guid, Task> deed,
        bool forPatient
    )
    {
        await deed(Clinic, Exam);
        await Clinic.RestsAsync();
        return await LookAsync(forPatient);
    }

    /// <summary>Everyone who may not tell the worlds apart, at every door; then the log, the stream and the names of the metrics.</summary>
    private async Task<IReadOnlyDictionary<string, Observation>> LookAsync(bool forPatient)
    {
        var seen = new Dictionary<string, Observation>(StringComparer.Ordinal);
        var observers = forPatient ? SharedPast.Staff.Concat(SharedPast.PatientSide) : SharedPast.Staff;
        foreach (var (role, name) in observers)
        {
            seen[role.ToString()] = await Clinic.LookAsync(Clinic.Everyone.First(p => p.Name == name), Exam);
        }
        foreach (var name in SharedPast.FormerProxies)
        {
            var former = Clinic.Everyone.First(p => p.Name == name);
            seen[$"PRX, {name}"] = await Clinic.LookAsFormerProxyAsync(former, Exam);
        }
        seen["TECH, forms"] = await Clinic.AttemptAsync(
            Clinic.Technologist,
            [
                ($"/exam-room/exams/{Exam}/start", [("patient", "on"), ("exam", "on"), ("side", "on")]),
                ($"/exam-room/exams/{Exam}/complete", [("quality", "on"), ("manifest", "2")]),
                ($"/exam-room/exams/{Exam}/depart", [("card", "on")]),
            ]
        );
        seen["CLK, forms"] = await Clinic.AttemptAsync(
            Clinic.Clerk,
            [
                ($"/front-desk/exams/{Exam}/book", [("room", "DX 1")]),
                ($"/front-desk/exams/{Exam}/receive", [("identifiers", "full name"), ("photoOrCard", "health card")]),
            ]
        );
        seen["EXTM"] = await Clinic.LookAsModalityAsync(Exam);
        var house = new Observation(Clinic.Address);
        house.Add("live events in the exam room", await ToldAsync());
        house.Add("log", string.Join('\n', _log));
        using var watchman = new HttpClient();
        var metrics = await watchman.GetStringAsync(new Uri(Clinic.Address, "/metrics"));
        house.Add(
            "metrics",
            string.Join('\n', Families().Matches(metrics).Select(m => m.Value).Order(StringComparer.Ordinal))
        );
        seen["the house"] = house;
        return seen;
    }

    public ILogger CreateLogger(string categoryName) => new Ear(categoryName, _log);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Clinic.DisposeAsync();
        _end.Dispose();
    }

    public void Dispose() { }

    // The technologist has left the exam's page open: what it is told from now on is kept.
    private async Task ListenAsync()
    {
        var house = Clinic.Services.GetRequiredService<LiveEvents>();
        var published = house.ListenAsync($"exam:{Exam:D}", _end.Token);
        _published = Task.Run(async () =>
        {
            var count = 0;
            await foreach (var live in published)
            {
                if (live.Kind == TheLast)
                {
                    break;
                }
                count += live.Kind is "exam" or "images" or "concern" ? 1 : 0;
            }
            return count;
        });
        var answer = await Clinic.Technologist.RequestsAsync(HttpMethod.Get, $"/exam-room/exams/{Exam}/live");
        var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await lines.ReadLineAsync();
        _listening = Task.Run(async () =>
        {
            try
            {
                while (await lines.ReadLineAsync(_end.Token) is { } line)
                {
                    lock (_told)
                    {
                        _told.Add(line);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The look at this world is over.
            }
            finally
            {
                lines.Dispose();
                answer.Dispose();
            }
        });
    }

    // All of it: on a busy machine the last event is still on its way when everyone has looked. The room is told of no such kind as the last.
    private async Task<string> ToldAsync()
    {
        Clinic.Services.GetRequiredService<LiveEvents>().Publish($"exam:{Exam:D}", new LiveEvent(TheLast, ""));
        var published = await _published!;
        var from = TimeProvider.System.GetTimestamp();
        while (
            Count() < published
            && !_listening!.IsCompleted
            && TimeProvider.System.GetElapsedTime(from) < TimeSpan.FromSeconds(30)
        )
        {
            await Task.Delay(5);
        }
        // Whatever comes on top of it is kept as well.
        await Task.Delay(50);
        await _end.CancelAsync();
        await _listening!;
        return string.Join('\n', _told);

        int Count()
        {
            lock (_told)
            {
                return _told.Count(l => l.StartsWith("event:", StringComparison.Ordinal));
            }
        }
    }

    // Which metrics there are. Their values are those of the process, in which both worlds run.
    [GeneratedRegex("^# TYPE .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Families();

    private sealed class Ear(string category, ConcurrentQueue<string> log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => log.Enqueue($"{logLevel} {category}: {formatter(state, exception)}");
    }
}
