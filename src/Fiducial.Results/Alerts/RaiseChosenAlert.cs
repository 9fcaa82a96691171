using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Alerts;

/// <summary>After R6 and R9: the category that the radiologist chose with the signature is that radiologist's alert (A1, A9).</summary>
internal sealed class RaiseChosenAlert(PathwayEngine pathway) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        var category = entry.Said("alertCategory");
        var step = exam.Alert switch
        {
            "none" => "A1",
            "satisfied" or "stood_down" => "A9",
            _ => "",
        };
        if (category is not ("1" or "2" or "3") || step.Length == 0)
        {
            return;
        }
        var evidence = new JsonObject
        {
            ["category"] = category,
            ["code"] = category switch
            {
                "1" => "critical",
                "2" => "urgent",
                _ => "significant",
            },
            ["recognisedAt"] = entry.At.ToString("O", CultureInfo.InvariantCulture),
            ["signature"] = entry.Sequence,
        };
        await pathway.TakeAsync(new StepRequest(exam.Id, step, Actor.Of(entry), evidence), ct);
    }
}
