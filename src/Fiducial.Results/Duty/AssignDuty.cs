using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

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

/// <summary>
/// A doctor's licence has ended (left, retired, died, suspended): every open duty goes to the successor who has accepted, else to the
/// medical director (U3).
/// </summary>
public sealed class PassDutiesOn(
    ClinicDb db,
    PathwayEngine pathway,
    DutyHolders holders,
    BusinessCalendar calendar,
    TimeProvider clock
)
{
    private static readonly string[] Open = ["owed", "acknowledged", "reviewed", "discussed"];

    /// <summary>The outcome of each open duty of that doctor.</summary>
    public async Task<IReadOnlyList<StepOutcome>> RunAsync(string doctorId, CancellationToken ct = default)
    {
        var today = calendar.LocalDate(clock.GetUtcNow());
        var exams = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => e.HolderId == doctorId && Open.Contains(e.Duty))
            .ToListAsync(ct);
        var successor = await db.Set<Cover>()
            .AsNoTracking()
            .Where(c => c.DoctorId == doctorId && c.AcceptedAt != null && c.From <= today && today <= c.Until)
            .Select(c => c.CoverId)
            .FirstOrDefaultAsync(ct);
        var next = successor ?? (await holders.DirectorAsync(ct))?.PersonId ?? "";
        var outcomes = new List<StepOutcome>();
        foreach (var exam in exams)
        {
            var evidence = new JsonObject { ["holderId"] = next, ["basis"] = "licence of the holder ended" };
            outcomes.Add(await pathway.TakeAsync(new StepRequest(exam.Id, "U3", Actor.System, evidence), ct));
        }
        return outcomes;
    }
}
