using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Fiducial.Archive.Tests;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Person = Fiducial.Tests.Person;

namespace Fiducial.Server.Tests;

/// <summary>
/// Several people take the same steps of the same exams at once, at two servers of one clinic, while timers that became due fire in both
/// and one after the other is killed. Each step is taken once, and the ledgers are whole.
/// </summary>
public sealed class TwoServersTests(ITestOutputHelper output)
{
    private const int Exams = 10;
    private const int AtOnce = 48;
    private static readonly TimeSpan DueSince = TimeSpan.FromDays(16);

    // Of each of the four steps at each exam: four hundred in all; FIDUCIAL_ATTEMPTS=10000 makes the long proof.
    private static readonly int EachStep = int.TryParse(
        Environment.GetEnvironmentVariable("FIDUCIAL_ATTEMPTS"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out var attempts
    )
        ? attempts / (4 * Exams)
        : 10;

    [Fact]
    public async Task Of_many_attempts_at_two_servers_each_step_is_taken_once_timers_fire_once_and_no_ledger_forks()
    {
        var store = await RadosGateway.NewBucketAsync();
        await using var clinic = await ClinicInABox.OpenAsync(
            onPostgres: true,
            settings: o => o with { Store = store }
        );
        var begun = TimeProvider.System.GetTimestamp();
        var phones = await WithMoreReadersAsync(clinic);
        var exams = new List<Guid>();
        for (var i = 0; i < Exams; i++)
        {
            exams.Add(await clinic.ExamAsync(Chapter.Completed));
        }
        string[] doctors = ["mona", "rita", "otto"];
        Person[] people = [.. clinic.Everyone.Where(p => Readers.Contains(p.Name) || doctors.Contains(p.Name))];
        await Task.WhenAll(people.Select(p => p.SignsIn()));
        await LongAgoAsync(clinic);
        await EnrolAsync(clinic);
        await clinic.CloseAsync();
        Lap("set up");

        await using var servers = TwoServers.Start(clinic, store);
        var due = await FireAsync(servers);
        Lap("timers");
        var race = new Race(servers, people, exams);
        var claims = await race.RunAsync("R2", Readers, exam => ($"/reading-room/exams/{exam}/claim", []), killed: 0);
        await WriteReportsAsync(servers, people, exams);
        var signatures = await race.RunAsync(
            "R6",
            Readers,
            exam => ($"/reading-room/exams/{exam}/sign", [("alertCategory", "none"), ("displaySet", "station-1")]),
            phones
        );
        await servers.NoneAsync(
            $"select count(*) from exams where \"Id\" in ({Listed(exams)}) and (\"Delivery\" <> 'received' or \"Duty\" <> 'owed')",
            TimeSpan.FromSeconds(60)
        );
        var hashes = new Dictionary<Guid, string>();
        foreach (var exam in exams)
        {
            hashes[exam] = await servers.AsksAsync<string>("select \"ReportHash\" from exams where \"Id\" = $1", exam);
        }
        await SealNowAsync(servers);
        var receipts = await race.RunAsync(
            "U2",
            ["rita", "otto", "rita", "mona"],
            exam => ($"/office/exams/{exam}/acknowledge", [("viewedHash", hashes[exam])])
        );
        var reviews = await race.RunAsync(
            "U9",
            ["rita", "otto", "rita", "mona"],
            exam =>
                (
                    $"/office/exams/{exam}/review",
                    [("assessment", "Fits the fall."), ("plan", "Splint."), ("answer", "accepted")]
                )
        );
        await SealNowAsync(servers);
        Lap("attempts");

        Attempts[] all = [claims, signatures, receipts, reviews];
        // What the killed process had taken is free after its lease; a timer that must wait (a dispute, a hold) is postponed for longer.
        await servers.NoneAsync(
            $"select count(*) from timers where \"Id\" in ({string.Join(',', due)}) and \"EndedAt\" is null and coalesce(\"LeasedUntil\", now()) < now() + interval '5 minutes'",
            TimeSpan.FromSeconds(45)
        );
        Lap("last timers");
        // A step names the timer that took it; what a timer tells somebody stands there once.
        var twice = await servers.AsksAsync<long>(
            """
            select (select count(*) from (select 1 from ledger where "Taken" and "Evidence"::json->>'timerId' is not null
                      group by "Evidence"::json->>'timerId' having count(*) > 1) s)
                 + (select count(*) from (select 1 from notices group by "TimerId", "Role", "PersonId" having count(*) > 1) n)
            """
        );
        twice.Should().Be(0, "a timer fires once");
        var fired = await servers.AsksAsync<long>("select count(*) from timers where \"Fired\"");
        (
            await servers.AsksAsync<long>(
                "select count(*) from (select 1 from ledger group by \"ExamId\", \"Sequence\" having count(*) > 1) f"
            )
        )
            .Should()
            .Be(0, "no ledger forks");
        var entries = await servers.AsksAsync<long>("select count(*) from ledger");
        var seals = await servers.AsksAsync<long>("select count(*) from audit_seals");
        seals.Should().BeGreaterThanOrEqualTo(2);
        for (var server = 0; server < 2; server++)
        {
            var process = await servers.ProcessAsync(server);
            (await process.EndAsync(ServerProcess.Terminate)).Should().Be(0);
            process.Said.Should().NotContain("Unhandled").And.NotContain("fail:").And.NotContain("crit:");
        }
        foreach (var (exitCode, said) in await servers.VerifyAsync())
        {
            said.Should().Contain("Every chain is whole.");
            exitCode.Should().Be(0);
        }
        Lap("verified");
        output.WriteLine(
            Proof.Say(
                $"concurrent attempts at two servers {all.Sum(a => a.Made)} ({string.Join(", ", all.Zip((string[])["claims", "signatures", "acknowledgements", "reviews"], (a, what) => $"{a.Made} {what}"))}), taken {4 * Exams}/{4 * Exams}, refused {all.Sum(a => a.Refused)}, answers lost by {servers.Kills} kills {all.Sum(a => a.CutOff)}, server errors 0; timers fired {fired}, twice 0; ledger entries {entries}, forks 0, seals {seals}"
            )
        );

        void Lap(string what) =>
            output.WriteLine($"{what}: {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:F1} s");
    }

    // A code opens once, and a reader signs what the reader has claimed: with six of them few wait for the next code.
    private static readonly string[] Readers = ["rado", "ravi", "rhea", "rolf", "ruth", "remy"];

    private static async Task<CodesOnce> WithMoreReadersAsync(ClinicInABox clinic)
    {
        foreach (var name in Readers[1..])
        {
            await clinic.HireAsync(name, "RAD", "DX");
        }
        return await clinic.WithAsync(async s =>
        {
            var people = s.GetRequiredService<UserManager<Server.People.Person>>();
            var keys = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var name in Readers)
            {
                var reader = (await people.FindByNameAsync(name))!;
                if (await people.GetAuthenticatorKeyAsync(reader) is null)
                {
                    await people.ResetAuthenticatorKeyAsync(reader);
                }
                keys[name] = (await people.GetAuthenticatorKeyAsync(reader))!;
            }
            return new CodesOnce(keys);
        });
    }

    // After the sign-in, so that nobody is asked there: at the signature the authenticator counts.
    private static Task EnrolAsync(ClinicInABox clinic) =>
        clinic.InDatabaseAsync(db =>
            db.Set<Server.People.Person>()
                .Where(p => Readers.Contains(p.UserName!))
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.TwoFactorEnabled, true))
        );

    // Exams of weeks ago, about which nobody cared: what was to follow is due when the servers start.
    private static async Task LongAgoAsync(ClinicInABox clinic)
    {
        clinic.Clock.Turn(-DueSince);
        foreach (var until in (Chapter[])[Chapter.Started, Chapter.Completed, Chapter.Claimed, Chapter.Signed])
        {
            for (var i = 0; i < 3; i++)
            {
                var exam = await clinic.ExamAsync(until);
                if (until is Chapter.Started)
                {
                    var page = $"/exam-room/exams/{exam}";
                    (await clinic.Technologist.FillsIn(page, $"{page}/look-now")).Refusal.Should().BeNull();
                }
            }
        }
    }

    // Both servers find timers that are due when they open, and one is killed in the middle of them.
    private static async Task<IReadOnlyList<long>> FireAsync(TwoServers servers)
    {
        const string due = "select count(*) from timers where \"EndedAt\" is null and \"DueAt\" < now()";
        var ids = await servers.AsksAsync<long[]>(
            "select array_agg(\"Id\") from timers where \"EndedAt\" is null and \"DueAt\" < now()"
        );
        var all = await servers.AsksAsync<long>(due);
        all.Should().BeGreaterThan(30);
        var begun = TimeProvider.System.GetTimestamp();
        while (await servers.AsksAsync<long>(due) > all * 2 / 3)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException(
                    $"Of {all} timers too few fire: {(await servers.ProcessAsync(0)).Said}{(await servers.ProcessAsync(1)).Said}"
                );
            }
            await Task.Delay(1);
        }
        await servers.KillAndStartAgainAsync(1);
        await servers.OpenAsync();
        return ids;
    }

    private static async Task WriteReportsAsync(TwoServers servers, Person[] people, IReadOnlyList<Guid> exams)
    {
        foreach (var (exam, i) in exams.Select((e, i) => (e, i)))
        {
            var reader = await servers.AsksAsync<string>("select \"ReaderId\" from exams where \"Id\" = $1", exam);
            var person = Array.Find(people, p => p.Name == reader)!;
            var page = await servers.AtAsync(i % 2, $"/reading-room/exams/{exam}");
            var draft = new JsonObject { ["revision"] = 0, ["sections"] = Radiologist.Report };
            (await person.SendsJson(HttpMethod.Put, $"{page}/draft", draft)).Status.Should().Be(HttpStatusCode.OK);
            var images = await servers.AsksAsync<string[]>(
                "select array_agg(\"SopInstanceUid\") from images where \"ExamId\" = $1",
                exam
            );
            var seen = images.Select(uid => new JsonObject
            {
                ["sopInstanceUid"] = uid,
                ["frames"] = 1,
                ["framesSeen"] = 1,
                ["share"] = 1.0,
            });
            var coverage = new JsonObject { ["instances"] = new JsonArray([.. seen]) };
            (await person.SendsJson(HttpMethod.Post, $"{page}/coverage", coverage))
                .Status.Should()
                .Be(HttpStatusCode.NoContent);
        }
    }

    // The hour of the seal comes: whichever server works the outbox makes it, and both must know it.
    private static async Task SealNowAsync(TwoServers servers)
    {
        await servers.AsksAsync<long>(
            "with due as (update outbox set \"DueAt\" = now() where \"Topic\" = 'audit-seal' and \"DoneAt\" is null returning 1) select count(*) from due"
        );
        await servers.NoneAsync(
            "select count(*) from outbox where \"Topic\" = 'audit-seal' and \"DoneAt\" is null and \"DueAt\" <= now()",
            TimeSpan.FromSeconds(30)
        );
    }

    private static string Listed(IEnumerable<Guid> exams) => string.Join(',', exams.Select(e => $"'{e}'"));

    /// <summary>What the readers' authenticators show: each code for one exam, and in their order.</summary>
    private sealed class CodesOnce(IReadOnlyDictionary<string, string> keys)
    {
        private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, (Guid Exam, long Step)> _last = new(StringComparer.Ordinal);

        public async Task UseAsync(string reader, Guid exam, Func<string, Task> make)
        {
            var turn = _turns.GetOrAdd(reader, _ => new SemaphoreSlim(1));
            await turn.WaitAsync();
            try
            {
                if (!_last.TryGetValue(reader, out var last) || last.Exam != exam)
                {
                    // The oldest that is taken for a while yet: a busy machine may be slow to ask.
                    var step = Math.Max(last.Step + 1, Now(ahead: 15) - 1);
                    while (step > Now() + 1)
                    {
                        await Task.Delay(200);
                    }
                    _last[reader] = last = (exam, step);
                }
                await make(TimeCode.Of(keys[reader], last.Step));
            }
            finally
            {
                turn.Release();
            }
        }

        private static long Now(int ahead = 0) =>
            TimeCode.StepAt(TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(ahead));
    }

    /// <summary>Many attempts at one step of each exam by these people, in turn at one server and the other.</summary>
    private sealed class Race(TwoServers servers, Person[] people, IReadOnlyList<Guid> exams)
    {
        public async Task<Attempts> RunAsync(
            string step,
            string[] who,
            Func<Guid, (string Path, (string Name, string Value)[] Fields)> form,
            CodesOnce? codes = null,
            int? killed = null
        )
        {
            var attempts = new Attempts();
            var all = exams.SelectMany(e => Enumerable.Range(0, EachStep).Select(i => (Exam: e, Number: i))).ToList();
            Task? kill = null;
            await Parallel.ForEachAsync(
                all.Select((a, place) => (a.Exam, a.Number, Place: place)),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (a, _) =>
                {
                    if (killed is { } server && a.Place == all.Count / 2)
                    {
                        kill = servers.KillAndStartAgainAsync(server);
                    }
                    // Another is first at each exam.
                    var name = who[(a.Number / 2 + a.Place / EachStep) % who.Length];
                    var person = Array.Find(people, p => p.Name == name)!;
                    var (path, fields) = form(a.Exam);
                    Task Make(string code) =>
                        attempts.MakeAsync(async () =>
                            await person.Posts(
                                await servers.AtAsync(a.Number % 2, path),
                                codes is null ? fields : [.. fields, ("code", code)]
                            )
                        );
                    // The first two windows of each reader, one at either server, show the same code.
                    if (codes is not null && a.Number < 2 * who.Length && await ReaderOfAsync(a.Exam) == person.Name)
                    {
                        await codes.UseAsync(person.Name, a.Exam, Make);
                    }
                    else
                    {
                        await Make("");
                    }
                }
            );
            await (kill ?? Task.CompletedTask);
            string.Join('\n', attempts.Faults.Distinct(StringComparer.Ordinal)).Should().BeEmpty();
            attempts.Taken.Should().BeInRange(exams.Count - attempts.CutOff, exams.Count);
            foreach (var exam in exams)
            {
                (
                    await servers.AsksAsync<long>(
                        "select count(*) from ledger where \"ExamId\" = $1 and \"Step\" = $2 and \"Taken\"",
                        exam,
                        step
                    )
                )
                    .Should()
                    .Be(1, $"{step} of one exam is taken once");
            }
            return attempts;
        }

        private Task<string> ReaderOfAsync(Guid exam) =>
            servers.AsksAsync<string>("select \"ReaderId\" from exams where \"Id\" = $1", exam);
    }
}
