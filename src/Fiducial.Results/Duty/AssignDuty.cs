using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Duty;

/// <summary>After R6: exactly one doctor owes the review (U1), as <see cref="DutyHolders"/> says.</summary>
internal sealed class AssignDuty(
    PathwayEngine pathway,
    DutyHolders holders,
    BusinessCalendar calendar,
    TimeProvider clock
) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Duty is not "none")
        {
            return;
        }
        var due = await holders.ForAsync(exam, calendar.LocalDate(clock.GetUtcNow()), ct);
        var evidence = new JsonObject
        {
            ["tokenId"] = Guid.CreateVersion7().ToString("D"),
            ["holderId"] = due?.Doctor.PersonId ?? "",
            ["holderName"] = due?.Doctor.Name ?? "",
            ["basis"] = due?.Basis ?? "",
        };
        await pathway.TakeAsync(new StepRequest(exam.Id, "U1", Actor.System, evidence), ct);
    }
}
