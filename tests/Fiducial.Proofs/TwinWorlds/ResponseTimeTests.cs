using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Proofs.TwinWorlds;

/// <summary>How long an answer takes says nothing of a result either (pathway 6.4).</summary>
[Collection("twin worlds")] // They share a past and its clock.
public sealed class ResponseTimeTests(ITestOutputHelper output)
{
    private const int Times = 30;

    // A difference must be seen three times over: a machine that others use at the same time is slow now here, now there.
    private const int Tries = 3;

    [Fact]
    public async Task No_answer_takes_longer_in_one_world_than_in_the_other()
    {
        var (compared, apart) = (0, new List<string>());
        foreach (
            var name in (string[])
                ["a short report and a long one", "unread images and a signed report", "one version and four of them"]
        )
        {
            var pair = Pair.All.Single(p => p.Name == name);
            await InBothAsync(
                pair,
                null,
                async (here, there) =>
                {
                    foreach (var (person, path) in Doors(here, pair.ForPatient))
                    {
                        compared++;
                        if (await AreApartAsync(here, there, person, path) is { } times)
                        {
                            apart.Add($"{pair}: {path} as {person}: {times}");
                        }
                    }
                }
            );
        }
        output.WriteLine(
            Proof.Say(
                $"response times compared: {compared} doors x {Times} in turns, told apart: {apart.Count} (threshold: medians above 2 ms and 25 %, |z| above 4, in {Tries} of {Tries} tries)"
            )
        );
        apart.Should().BeEmpty();
    }

    [Fact]
    public async Task The_comparison_finds_a_door_that_takes_its_time_for_a_signed_report()
    {
        static void Linger(WebApplication app) =>
            app.MapGet(
                    "/exam-room/exams/{exam:guid}/slow",
                    async (Guid exam, ClinicDb db) =>
                    {
                        var row = await db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == exam);
                        await Task.Delay(row.ReportVersion * 40);
                        return TypedResults.Text("");
                    }
                )
                .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Read, Role.TECH));
        await InBothAsync(
            Pair.All.Single(p => p.Name == "unread images and a signed report"),
            Linger,
            async (here, there) =>
                (await AreApartAsync(here, there, "tessa", $"/exam-room/exams/{here.Exam}/slow")).Should().NotBeNull()
        );
    }

    private static IEnumerable<(string Person, string Path)> Doors(World world, bool forPatient)
    {
        foreach (
            var path in (string[])
                [
                    "/exam-room",
                    $"/exam-room/exams/{world.Exam}",
                    $"/office/exams/{world.Exam}",
                    $"/reading-room/exams/{world.Exam}",
                    $"/exam-room/exams/{Guid.Empty}",
                ]
        )
        {
            yield return ("tessa", path);
        }
        yield return ("clara", "/front-desk");
        yield return ("clara", $"/front-desk/exams/{world.Exam}");
        yield return ("cora", $"/office/exams/{world.Exam}");
        if (forPatient)
        {
            yield return ("paul", "/my");
            yield return ("paul", $"/my/exams/{world.Exam}");
        }
    }

    private static async Task<ResponseTimes?> AreApartAsync(World here, World there, string name, string path)
    {
        ResponseTimes? last = null;
        for (var i = 0; i < Tries; i++)
        {
            last = await ResponseTimes.TakeAsync(
                () => AskAsync(here, name, path),
                () => AskAsync(there, name, path),
                Times
            );
            if (!last.CanBeToldApart)
            {
                return null;
            }
        }
        return last;
    }

    private static Task AskAsync(World world, string name, string path) =>
        world.Clinic.Everyone.First(p => p.Name == name).Opens(path);

    private static async Task InBothAsync(Pair pair, Action<WebApplication>? furnish, Func<World, World, Task> look)
    {
        var past = await SharedPast.UntilAsync(pair.From);
        past.Clinic.Clock.Stop();
        await using var here = await World.OpenAsync(past, furnish);
        await using var there = await World.OpenAsync(past, furnish);
        await Task.WhenAll(pair.Here(here.Clinic, here.Exam), pair.There(there.Clinic, there.Exam));
        await here.Clinic.RestsAsync();
        await there.Clinic.RestsAsync();
        await look(here, there);
    }
}
