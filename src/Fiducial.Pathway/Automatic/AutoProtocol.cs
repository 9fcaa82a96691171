using System.Text.Json.Nodes;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Protocols;

namespace Fiducial.Pathway.Automatic;

/// <summary>After O1: an exam of the signed list with a clear safety screen needs no radiologist's protocol (O6). Others wait for O5.</summary>
internal sealed class AutoProtocol(PathwayEngine pathway) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        var order = JsonNode.Parse(entry.Evidence)!.AsObject();
        if (
            exam.Order is not "requested"
            || ProtocolBook.Find(exam.ProtocolCode) is not { AutoProtocol: true } protocol
            || OrderGuards.SafetyQuestions.Any(q => (string?)order[q] is not "no")
        )
        {
            return;
        }
        var evidence = new JsonObject { ["rule"] = $"auto-protocol {protocol.Code} version {protocol.Version}" };
        foreach (var question in OrderGuards.SafetyQuestions)
        {
            evidence[question] = (string?)order[question];
        }
        await pathway.TakeAsync(new StepRequest(exam.Id, "O6", Actor.System, evidence), ct);
    }
}
