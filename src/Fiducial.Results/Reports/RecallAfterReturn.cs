using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Reports;

/// <summary>After R7: the radiologist's technical reason recalls the patient (E7), in the radiologist's name and without a finding.</summary>
internal sealed class RecallAfterReturn(PathwayEngine pathway) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Exam is "acquired" or "departed")
        {
            await pathway.TakeAsync(
                new StepRequest(
                    exam.Id,
                    "E7",
                    Actor.Of(entry),
                    new JsonObject { ["reason"] = entry.Said("reason"), ["returned"] = entry.Sequence }
                ),
                ct
            );
        }
    }
}
