using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.People;
using Fiducial.Results.Delivery;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Duty;

/// <summary>
/// A doctor's licence has ended (left, retired, died, suspended, run out): every open duty goes to the successor who has agreed, else to
/// the medical director (U3), and a report that is under way goes there too (D4, D5). Run twice it finds its work done.
/// </summary>
[Access(DataClass.DUTY, Verb.Write, Role.SYS)]
internal sealed class PassDutiesOn(
    ClinicDb db,
    PathwayEngine pathway,
    DutyHolders holders,
    BusinessCalendar calendar,
    TimeProvider clock
) : IOutboxHandler
{
    private static readonly string[] Open = ["owed", "acknowledged", "reviewed", "discussed"];

    public string Topic => KeepCredentials.LicenceEnded;

    public async Task HandleAsync(string body, CancellationToken ct)
    {
        var today = calendar.LocalDate(clock.GetUtcNow());
        if ((await Standing.OfAsync(db, body, today, ct)).IsLicensed)
        {
            return; // another licence holds
        }
        var exams = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => e.HolderId == body && Open.Contains(e.Duty))
            .OrderBy(e => e.SignedAt)
            .Select(e => e.Id)
            .ToListAsync(ct);
        if (
            exams.Count == 0
            || (await holders.CustodianAsync(body, ct) ?? await holders.DirectorAsync(ct)) is not { } next
            || next.PersonId == body
        )
        {
            return;
        }
        foreach (var exam in exams)
        {
            var evidence = new JsonObject { ["holderId"] = next.PersonId, ["basis"] = "licence of the holder ended" };
            if ((await TakeAsync(exam, "U3", evidence, ct)).Taken)
            {
                await RedirectAsync(exam, body, next, ct);
            }
        }
    }

    // What was on its way to the doctor who is gone does not wait for an answer that cannot come.
    private async Task RedirectAsync(Guid id, string gone, Recipient next, CancellationToken ct)
    {
        var exam = await db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == id, ct);
        var addressed = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == id && e.Taken && (e.Step == "D1" || e.Step == "D5" || e.Step == "D7"))
            .OrderByDescending(e => e.Sequence)
            .FirstOrDefaultAsync(ct);
        if (exam.Delivery is not ("queued" or "sent" or "failed") || addressed?.Said("recipientId") != gone)
        {
            return;
        }
        if (exam.Delivery is not "failed")
        {
            await TakeAsync(id, "D4", new JsonObject { ["negativeAnswer"] = "the recipient's licence has ended" }, ct);
        }
        var to = new JsonObject
        {
            ["recipientId"] = next.PersonId,
            ["endpoint"] = next.Endpoint,
            ["endpointVerifiedAt"] = next.EndpointVerifiedAt?.ToString("O"),
            ["reason"] = "licence of the recipient ended",
        };
        await TakeAsync(id, "D5", to, ct);
    }

    private Task<StepOutcome> TakeAsync(Guid exam, string step, JsonObject evidence, CancellationToken ct) =>
        pathway.TakeAsync(new StepRequest(exam, step, Actor.System, evidence), ct);
}
