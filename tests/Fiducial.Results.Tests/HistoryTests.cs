using CsCheck;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Timers;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Tests;

/// <summary>Random legal histories, with time passing and what follows by itself, keep the twelve invariants of pathway 6.5.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private static readonly Region[] Results =
    [
        Region.Report,
        Region.Delivery,
        Region.Duty,
        Region.Release,
        Region.Alert,
        Region.Followup,
        Region.Access,
    ];

    private static readonly string[] Signed = ["signed", "amended", "addendum_draft"];

    [Fact]
    public async Task Any_legal_history_keeps_the_invariants()
    {
        var (histories, steps, refusals) = (0, 0, 0);
        await Gen.Int[0, 99_999]
            .Array[45]
            .SampleAsync(
                async choices =>
                {
                    await using var house = await House.OpenAsync();
                    var story = new Story(house);
                    // Half of the histories begin where the result is signed, so that the rest is visited as often as the beginning.
                    await story.WalkAsync(
                        choices[0] % 2 == 0 ? "O1 O6" : "O1 O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 drain U2"
                    );
                    foreach (var choice in choices)
                    {
                        await MoveAsync(house, story, choice);
                        await CheckStateAsync(house, story);
                    }
                    var ledger = await house.LedgerAsync(story.Case.Id);
                    CheckLedger(ledger);
                    // INV10: nothing was edited, and the row is the fold of what was written.
                    (await house.FaultsAsync())
                        .Should()
                        .BeEmpty();
                    histories++;
                    steps += ledger.Count(e => e.Taken);
                    refusals += ledger.Count(e => !e.Taken);
                },
                iter: 24,
                threads: 1
            );
        output.WriteLine(
            $"random histories: {histories}, steps taken {steps}, steps refused {refusals}, invariants broken 0"
        );
    }

    // A step whose region stands where it can start; or time; or what follows by itself.
    private static async Task MoveAsync(House house, Story story, int choice)
    {
        switch (choice % 12)
        {
            case 0:
                await house.PassAsync(TimeSpan.FromMinutes(choice / 12 % 600));
                return;
            case 1:
                await house.PassBusinessDaysAsync(1 + choice / 12 % 3);
                return;
            case 2:
                await house.DrainAsync();
                return;
            default:
                break;
        }
        var exam = await story.Case.NowAsync();
        var open = TransitionTable
            .All.Where(t =>
                t.From.Contains(exam.StateOf(t.Region))
                && (exam.Access is not "frozen" || Freeze.Allows(t))
                && t.Id is not ("O8" or "E6" or "I8" or "U12" or "L12")
            )
            .OrderBy(t => t.Id, StringComparer.Ordinal)
            .ToList();
        var step = open[choice / 12 % open.Count].Id;
        // A reader who comes to a draft that someone has claimed, a copy that is not due: refusals are part of a history.
        await story.Case.TakeAsync(step);
    }

    private static async Task CheckStateAsync(House house, Story story)
    {
        var exam = await story.Case.NowAsync();
        if (exam.Duty is not ("none" or "closed"))
        {
            exam.HolderId.Should().NotBeEmpty("INV1: one holder from U1 to U11");
        }
        if (exam.Duty is "disputed" or "escalated")
        {
            exam.HolderId.Should().Be("mira", "INV1: the director holds it provisionally");
        }
        if (exam.Release is "released" or "viewed")
        {
            Signed.Should().Contain(exam.Report, "INV2: nothing is released without a signed version");
            exam.ReportHash.Should().NotBeEmpty("INV2");
        }
        if (exam.Images is "verified")
        {
            exam.Report.Should().NotBe("none", "INV4: verified images are on the reading list");
        }
        if (exam.Release is "held")
        {
            (
                await house.QueryAsync(db =>
                    db.Set<StepTimer>().AnyAsync(t => t.ExamId == exam.Id && t.Name == "hold" && t.EndedAt == null)
                )
            )
                .Should()
                .BeTrue("INV6: every hold expires");
        }
        if (exam.Phase is not Phase.L)
        {
            // INV11: before release a patient's pages can be a function of C0 and C1 only, because nothing else is granted.
            Enum.GetValues<DataClass>()
                .Where(d => PermissionMatrix.Law.Of(exam.Phase, Role.PAT, d).Grants(Verb.Read))
                .Should()
                .BeSubsetOf([DataClass.C0, DataClass.C1, DataClass.AUD]);
        }
    }

    private static void CheckLedger(List<LedgerEntry> ledger)
    {
        var exam = new ExamRecord { Id = ledger[0].ExamId };
        var verified = false;
        foreach (var entry in ledger)
        {
            var region = Enum.Parse<Region>(entry.Region);
            if (entry.Taken)
            {
                (entry.Role is "TECH" && Results.Contains(region))
                    .Should()
                    .BeFalse("INV3: no technologist in a result");
            }
            if (entry is { Taken: true, Step: "R6" or "R9" })
            {
                exam.Images.Should()
                    .Be("verified", "INV5, INV9: no signature on images that are disputed or not verified");
                exam.Access.Should().NotBe("frozen", "INV5");
                verified.Should().BeTrue("INV9");
            }
            if (entry is { Taken: true, Step: "E10" })
            {
                (exam.Images is "verified" || entry.Said("waiverBy").Length > 0)
                    .Should()
                    .BeTrue("INV12: nobody departs before the images are safe");
            }
            verified |= entry is { Taken: true, Step: "I6" };
            ExamFold.Apply(exam, entry);
            if (
                entry is { Taken: true, Step: "R10" }
                || (entry is { Taken: true, Step: "R9" } && entry.Said("materiality") is "material")
            )
            {
                // INV7: what follows is in the ledger before anything else is.
                var then = ledger
                    .Skip(entry.Sequence)
                    .TakeWhile(e => e.Said("cause") == entry.Step)
                    .Select(e => e.Step)
                    .ToList();
                if (exam.Duty is not ("none" or "owed"))
                {
                    then.Should().Contain("U12", "INV7: the duty opens again");
                }
                if (exam.Release is "released" or "viewed")
                {
                    then.Should().Contain("L12", "INV7: the release shuts");
                }
            }
        }
        // INV8: in the order of the ledger the holder has a version before anyone else.
        var first = ledger.Find(e => e is { Taken: true, Step: "D3" });
        first?.Said("recipientId").Should().BeOneOf("rita", "cove", "mira");
    }
}
