using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Reports;

namespace Fiducial.Results.Duty;

/// <summary>The steps that pass the duty token on: always to one doctor, who has an active licence and has accepted, or to the director.</summary>
internal sealed class HolderGuards(DutyHolders holders)
{
    public static readonly string[] Steps = ["U1", "U3", "U4", "U5", "U6", "U8", "U12"];

    public IGuard Of(string step) =>
        new Guard(
            step,
            step switch
            {
                "U1" => AssignAsync,
                "U3" => CoverAsync,
                "U4" => DisputeAsync,
                "U5" => ReassignAsync,
                "U6" => NoResponseAsync,
                "U8" => TakeOverAsync,
                _ => ReopenAsync,
            }
        );

    private async ValueTask<string?> AssignAsync(GuardContext c, CancellationToken ct)
    {
        var due = await holders.ForAsync(c.Exam, c.Calendar.LocalDate(c.At), ct);
        return due is null ? "There is no doctor to hold the duty."
            : c.Text("holderId") == due.Value.Doctor.PersonId ? null
            : $"The duty goes to another doctor ({due.Value.Basis}).";
    }

    private async ValueTask<string?> CoverAsync(GuardContext c, CancellationToken ct)
    {
        var present = await holders.FindAsync(c.Exam.HolderId, ct);
        var gone = present is not { LicenceActive: true };
        if (c.Exam.Duty is "reviewed" or "discussed" && !gone)
        {
            return "The doctor who reviewed the result finishes it.";
        }
        if (c.Actor.Role is Role.REF or Role.COV && c.Actor.Id != c.Exam.HolderId && c.Actor.Id != c.Text("holderId"))
        {
            return "Only the holder hands the duty on, or the doctor who has accepted it.";
        }
        // The custodian has agreed to take what a doctor who is gone has left; without one the director takes it.
        if (gone && (await holders.CustodianAsync(c.Exam.HolderId, ct))?.PersonId == c.Text("holderId"))
        {
            c.Evidence["holderName"] = (await holders.FindAsync(c.Text("holderId"), ct))?.Name;
            return null;
        }
        return await NewHolderAsync(c, orDirector: gone, ct);
    }

    private async ValueTask<string?> DisputeAsync(GuardContext c, CancellationToken ct)
    {
        if ((DutyGuards.Holder(c) ?? c.NeedsWords("reason", "Write why this is not your patient.")) is { } refusal)
        {
            return refusal;
        }
        await ProvisionalAsync(c, ct);
        return null;
    }

    private async ValueTask<string?> ReassignAsync(GuardContext c, CancellationToken ct) =>
        await NewHolderAsync(c, orDirector: true, ct);

    private async ValueTask<string?> NoResponseAsync(GuardContext c, CancellationToken ct)
    {
        var owed = await c.LastAsync(ct, "U1", "U3", "U5", "U8", "U12");
        if (owed is null)
        {
            return "Nobody owes a review.";
        }
        var raised = await c.LastAsync(ct, "A1", "A9");
        var days = raised?.Said("category") is "3" ? 2 : 3;
        var from = raised is not null && days == 2 && raised.At > owed.At ? raised.At : owed.At;
        if (c.At < c.Calendar.CloseAfter(from, days))
        {
            return $"The doctor has {days} business days.";
        }
        c.Evidence["owedSince"] = owed.Sequence;
        await ProvisionalAsync(c, ct);
        return null;
    }

    private async ValueTask<string?> TakeOverAsync(GuardContext c, CancellationToken ct)
    {
        if (c.Text("holderId") != c.Actor.Id)
        {
            return "Who takes over holds the duty.";
        }
        return c.Needs("letter", "Name the letter to the doctor from whom the duty is taken.")
            ?? await NewHolderAsync(c, orDirector: true, ct, sameIsFine: true);
    }

    private async ValueTask<string?> ReopenAsync(GuardContext c, CancellationToken ct)
    {
        if (!await MaterialChange.IsNewAsync(c, ct))
        {
            return "The report did not change.";
        }
        if (await holders.FindAsync(c.Exam.HolderId, ct) is not { LicenceActive: true })
        {
            await ProvisionalAsync(c, ct);
        }
        return null;
    }

    // INV1: while it is disputed or nobody answers, the director holds the duty.
    private async Task ProvisionalAsync(GuardContext c, CancellationToken ct)
    {
        if (await holders.DirectorAsync(ct) is { } director)
        {
            c.Evidence["holderId"] = director.PersonId;
            c.Evidence["holderName"] = director.Name;
        }
    }

    private async ValueTask<string?> NewHolderAsync(
        GuardContext c,
        bool orDirector,
        CancellationToken ct,
        bool sameIsFine = false
    )
    {
        var id = c.Text("holderId");
        if (id.Length == 0 || (id == c.Exam.HolderId && !sameIsFine && c.Exam.Duty is not "disputed"))
        {
            return "Name the doctor to whom the duty goes.";
        }
        if (await holders.FindAsync(id, ct) is not { LicenceActive: true } doctor)
        {
            return "The new holder's licence is not active.";
        }
        c.Evidence["holderName"] = doctor.Name;
        if (orDirector && (await holders.DirectorAsync(ct))?.PersonId == id)
        {
            return null;
        }
        return await holders.HasAcceptedAsync(c.Exam, id, c.Calendar.LocalDate(c.At), ct)
            ? null
            : "The new doctor has not accepted.";
    }
}
