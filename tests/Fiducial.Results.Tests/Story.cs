using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Proxies;
using Fiducial.Results.Duty;

namespace Fiducial.Results.Tests;

/// <summary>A case with the turns that a plain list of steps cannot say.</summary>
internal sealed class Story(House house, Guid? exam = null)
{
    private readonly List<string> _byItself = [];

    public Case Case { get; } = new(house, exam);

    /// <summary>True when the law took this step as a consequence of the last turn.</summary>
    public bool TookItself(string step) => _byItself.Contains(step, StringComparer.Ordinal);

    public async Task WalkAsync(string path)
    {
        foreach (var turn in path.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (turn)
            {
                case "rewrite":
                    await Case.RewriteAsync(People.Rado, $"Fracture and more, {Guid.NewGuid():N}.");
                    break;
                case "accept":
                    await AcceptAsync(People.Rita, People.Cove, Case.Id);
                    break;
                case "verify":
                    await Case.WalkAsync("I6");
                    _byItself.Add("R1");
                    break;
                case "withdraw":
                    await Case.WalkAsync("R10");
                    _byItself.AddRange(["U12", "L12"]);
                    break;
                case "withdraw:patient":
                    await TakeAsync("R10", "reason", "wrong patient");
                    break;
                case "at-once":
                    await TakeAsync("O1", "releaseElection", "show me at once");
                    break;
                case "raise:2" or "raise:3":
                    await TakeAsync("A1", "category", turn[^1..]);
                    break;
                case "child":
                    await TakeAsync("O1", "patientId", "P3");
                    break;
                case "parents":
                    await house.ActsForAsync("P3", People.Mother, ProxyBasis.Parent, People.Clara);
                    await house.ActsForAsync("P3", People.Father, ProxyBasis.Parent, People.Clara);
                    break;
                case "ask":
                    (await Case.TakeAsync("L7", People.Mother)).Refusal.Should().BeNull();
                    break;
                case "dispute":
                    (await house.ProxiesAsync(k => k.DisputeAsync("P3", "the parents live apart", People.Clara)))
                        .Should()
                        .BeNull();
                    break;
                case "decide":
                    // The mother, who was recorded first, stays.
                    (await house.ProxiesAsync(k => k.DecideAsync("P3", [1], "court file 7", People.Priva)))
                        .Should()
                        .BeNull();
                    break;
                case "expect:3":
                    await TakeAsync("E5", "manifestCount", 3);
                    break;
                default:
                    await Case.WalkAsync(turn);
                    break;
            }
        }
    }

    /// <summary>A doctor accepts to stand in for another: for one exam, or for the time of an absence.</summary>
    public Task AcceptAsync(Actor doctor, Actor cover, Guid? exam)
    {
        var today = house.Calendar.LocalDate(house.Clock.GetUtcNow());
        return house.AddAsync(
            new Cover
            {
                DoctorId = doctor.Id,
                CoverId = cover.Id,
                ExamId = exam,
                From = today,
                Until = today.AddDays(14),
                AcceptedAt = house.Clock.GetUtcNow(),
            }
        );
    }

    public async Task TakeAsync(string step, string key, JsonNode value) => (
            await Case.TakeAsync(
                step,
                a =>
                {
                    a.Evidence[key] = value;
                    return a;
                }
            )
        ).Refusal.Should().BeNull();
}
