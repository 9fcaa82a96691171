using Fiducial.Pathway.Law;

namespace Fiducial.Pathway.Tests;

public sealed class LawTests
{
    [Fact]
    public void Every_transition_of_the_table_is_known()
    {
        TransitionTable
            .All.Should()
            .HaveCount(
                106,
                "the 103 of the specification; L16, a changed election (docs/decisions/0019); B8 and B9, which end a review and a legal hold (0022)"
            );
        TransitionTable.All.Select(t => t.Region).Distinct().Should().HaveCount(11);
        TransitionTable.Find("R6")!.Who.Should().BeEquivalentTo([Role.RAD, Role.MDR]);
    }

    [Fact]
    public void Every_cell_of_the_matrix_is_known()
    {
        PermissionMatrix.Law.Count.Should().Be(4 * 19 * 12);
    }

    [Fact]
    public void A_technologist_reads_no_result_in_any_phase()
    {
        DataClass[] results =
        [
            DataClass.C2f,
            DataClass.C2x,
            DataClass.C3d,
            DataClass.C3f,
            DataClass.C3h,
            DataClass.C4,
            DataClass.DUTY,
            DataClass.REL,
            DataClass.AUD,
        ];
        foreach (var phase in Enum.GetValues<Phase>())
        {
            foreach (var data in results)
            {
                PermissionMatrix.Law.Of(phase, Role.TECH, data).Grants(Verb.Read).Should().BeFalse($"{phase} {data}");
            }
        }
    }

    [Fact]
    public void Whoever_may_know_nothing_of_a_result_finds_the_same_doors_open_in_every_phase()
    {
        foreach (var role in (Role[])[Role.TECH, Role.CLK, Role.CRD, Role.ADM, Role.PHY])
        {
            foreach (var data in Enum.GetValues<DataClass>())
            {
                Enum.GetValues<Phase>()
                    .Select(p => PermissionMatrix.Law.Of(p, role, data).Text)
                    .Distinct(StringComparer.Ordinal)
                    .Should()
                    .ContainSingle($"a door of {role} to {data} that closes by a phase tells that there is a report");
            }
        }
    }

    [Fact]
    public void A_technologist_takes_no_step_of_a_result()
    {
        Region[] results = [Region.Report, Region.Delivery, Region.Duty, Region.Release, Region.Alert, Region.Followup];
        TransitionTable
            .All.Where(t => results.Contains(t.Region))
            .Should()
            .OnlyContain(t => !t.Who.Contains(Role.TECH));
    }

    [Fact]
    public void The_system_is_granted_nothing_to_read() =>
        Enum.GetValues<DataClass>()
            .Should()
            .OnlyContain(d => PermissionMatrix.Law.Of(Phase.L, Role.SYS, d).Verbs.Count == 0);
}
