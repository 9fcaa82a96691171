using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Delivery;

namespace Fiducial.Results.Duty;

/// <summary>
/// After R6: exactly one doctor owes the review (U1): the responsible doctor, or the medical director when that doctor's licence
/// is not active or nobody was named.
/// </summary>
internal sealed class AssignDuty(PathwayEngine pathway, IRecipientDirectory doctors) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Duty is not "none")
        {
            return;
        }
        var responsible = await doctors.FindAsync(exam.ResponsibleDoctorId, ct);
        var holder = responsible is { LicenceActive: true } ? responsible : await doctors.MedicalDirectorAsync(ct);
        var evidence = new JsonObject
        {
            ["tokenId"] = Guid.CreateVersion7().ToString("D"),
            ["holderId"] = holder?.PersonId ?? "",
            ["holderName"] = holder?.Name ?? "",
            ["basis"] = holder == responsible ? "responsible doctor" : "medical director of last resort",
        };
        await pathway.TakeAsync(new StepRequest(exam.Id, "U1", Actor.System, evidence), ct);
    }
}
