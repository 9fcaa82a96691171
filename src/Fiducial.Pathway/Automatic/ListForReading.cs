using System.Text.Json.Nodes;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway.Automatic;

/// <summary>After I6: a verified set of images is on the reading list (R1). INV4: none is ever without a report or an open item.</summary>
internal sealed class ListForReading(PathwayEngine pathway) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Report is "none")
        {
            await pathway.TakeAsync(
                new StepRequest(exam.Id, "R1", Actor.System, new JsonObject { ["priority"] = exam.Priority }),
                ct
            );
        }
    }
}
