using System.Globalization;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Proofs.TwinWorlds;

/// <summary>
/// Pathway 6.4: two worlds with the same past, one clock and the same events, which differ in a result alone, cannot be told apart by those who
/// may not know it; whatever they ask, by whatever service.
/// </summary>
[Collection("twin worlds")] // They share a past and its clock.
public sealed class TwinWorldTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nobody_who_may_not_know_a_result_can_tell_two_worlds_apart()
    {
        var (made, differences) = (0, new List<string>());
        foreach (var pair in Pair.All)
        {
            var (compared, found) = await CompareAsync(pair);
            made += compared;
            differences.AddRange(found.Select(d => $"{pair}: {d}"));
        }
        output.WriteLine(
            Proof.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"twin-world comparisons made: {made}, differences: {differences.Count} ({Pair.All.Count} pairs of worlds)"
                )
            )
        );
        differences.ForEach(output.WriteLine);
        differences.Should().BeEmpty();
        made.Should().BeGreaterThan(5_000);
    }

    [Fact]
    public async Task The_comparison_finds_a_door_that_leaks_by_its_size_or_a_header()
    {
        static void Leak(WebApplication app)
        {
            var access = new AccessAttribute(DataClass.C0, Verb.Read, Role.TECH);
            app.MapGet(
                    "/exam-room/exams/{exam:guid}/leaky",
                    async (Guid exam, HttpContext http, ClinicDb db) =>
                    {
                        var row = await db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == exam);
                        http.Response.Headers.ETag = $"\"{row.Report.Length}\"";
                        return TypedResults.Text(new string(' ', row.ReportVersion));
                    }
                )
                .WithMetadata(access);
        }
        var pair = Pair.All.First(p => p.Name.StartsWith("unread images and a signed", StringComparison.Ordinal));
        var (_, found) = await CompareAsync(pair, Leak);
        found.Should().Contain(d => d.Contains("/leaky", StringComparison.Ordinal)).And.HaveCountLessThan(10);
    }

    private static async Task<(int Compared, List<string> Differences)> CompareAsync(
        Pair pair,
        Action<WebApplication>? furnish = null
    )
    {
        var past = await SharedPast.UntilAsync(pair.From);
        past.Clinic.Clock.Stop();
        await using var here = await World.OpenAsync(past, furnish);
        await using var there = await World.OpenAsync(past, furnish);
        var sights = await Task.WhenAll(
            here.AfterAsync(pair.Here, pair.ForPatient),
            there.AfterAsync(pair.There, pair.ForPatient)
        );
        var (seenHere, seenThere) = (sights[0], sights[1]);
        return (
            seenHere.Sum(s => s.Value.Count),
            [.. seenHere.SelectMany(s => s.Value.DifferencesTo(seenThere[s.Key]).Select(d => $"{s.Key}: {d}"))]
        );
    }
}
