using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Reports;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Release;

/// <summary>The door to the patient: opened by the doctor, by a rule that the pack names, or by a formal decision; never shut for ever.</summary>
internal sealed class ReleaseGuards(ReleasePack pack)
{
    /// <summary>The neutral notice: fixed words, the same for every result.</summary>
    private const string NeutralWording = "neutral-1";

    private static readonly string[] Grounds =
    [
        "record does not exist yet",
        "serious harm",
        "another person's information",
        "legal privilege",
    ];

    public IEnumerable<IGuard> All =>
        [
            new Guard("L1", NoticeAsync),
            new Guard("L2", Release),
            new Guard("L3", PolicyAsync),
            new Guard("L4", HoldAsync),
            new Guard("L5", ExpiredAsync),
            new Guard("L7", Request),
            new Guard("L8", GrantAsync),
            new Guard("L9", Refuse),
            new Guard("L10", c => c.Needs("orderReference", "Name the decision of the commissioner or the court.")),
            new Guard("L11", c => c.Needs("receipt", "The view has no receipt.")),
            new Guard(
                "L12",
                async (c, ct) => await MaterialChange.IsNewAsync(c, ct) ? null : "The report did not change."
            ),
            new Guard("L13", c => c.Needs("election", "The patient says that they do not want to see it.")),
            new Guard("L15", Request),
        ];

    private async ValueTask<string?> NoticeAsync(GuardContext c, CancellationToken ct)
    {
        var owed = await c.LastAsync(ct, "U1", "U12");
        if (owed is null || c.At < c.Calendar.CloseAfter(owed.At, pack.FailSafe))
        {
            return "The day of the neutral notice has not come.";
        }
        c.Evidence["wording"] = NeutralWording;
        return null;
    }

    private static string? Release(GuardContext c)
    {
        c.Evidence["reportVersion"] = c.Exam.ReportVersion;
        c.Evidence["reportHash"] = c.Exam.ReportHash;
        return Duty.DutyGuards.Holder(c) ?? c.Needs("noteHash", "Write a note in plain words for the patient.");
    }

    private async ValueTask<string?> PolicyAsync(GuardContext c, CancellationToken ct)
    {
        if (c.Text("timer") is "corrected release")
        {
            c.Evidence["rule"] = ReleasePack.Corrected;
        }
        if (!pack.Rules.TryGetValue(c.Text("rule"), out var days))
        {
            return $"The policy '{pack.Id}' has no such rule.";
        }
        var shut = await c.LastAsync(ct, "L12");
        if (shut is null || c.At < c.Calendar.CloseAfter(shut.At, days))
        {
            return "The rule does not apply yet.";
        }
        c.Evidence["pack"] = pack.Id;
        c.Evidence["mandatoryHold"] = "none in this pack";
        return null;
    }

    private async ValueTask<string?> HoldAsync(GuardContext c, CancellationToken ct)
    {
        if ((Duty.DutyGuards.Holder(c) ?? c.NeedsWords("reason", "Write the reason of the hold.")) is { } refusal)
        {
            return refusal;
        }
        if (c.Instant("expires") is not { } expires || expires <= c.At)
        {
            return "A hold has an end: say when.";
        }
        if (expires > c.Calendar.CloseAfter(c.At, pack.HoldLimit))
        {
            return $"A hold lasts {pack.HoldLimit} business days at most.";
        }
        var earlier = await c
            .Db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == c.Exam.Id && e.Taken && e.Step == "L4")
            .ToListAsync(ct);
        var superseded = await c.LastAsync(ct, "L12");
        earlier.RemoveAll(e => e.Sequence < superseded?.Sequence);
        return earlier.Exists(e => e.ActorId == c.Actor.Id) ? "Another doctor must renew a hold."
            : earlier.Count >= 2 ? "A hold is renewed once."
            : null;
    }

    private static async ValueTask<string?> ExpiredAsync(GuardContext c, CancellationToken ct) =>
        await c.LastAsync(ct, "L4") is { } hold
        && DateTimeOffset.TryParse(
            hold.Said("expires"),
            System.Globalization.CultureInfo.InvariantCulture,
            out var expires
        )
        && c.At >= expires
            ? null
            : "The hold has not expired.";

    private static string? Request(GuardContext c) =>
        !c.Says("identityProofed") ? "Who asks must have proved who they are."
        : c.Actor.Role is not Role.PAT && !c.Says("authorityProofed")
            ? "Who asks for someone else must have proved that they may."
        : null;

    private async ValueTask<string?> GrantAsync(GuardContext c, CancellationToken ct)
    {
        if (c.NeedsWords("letter", "Write the decision letter.") is { } refusal)
        {
            return refusal;
        }
        if (c.Text("holderAnswer").Length > 0)
        {
            return null;
        }
        var asked = await c.LastAsync(ct, "L7", "L15");
        return
            c.Instant("holderAskedAt") is { } at
            && at >= asked?.At
            && c.At >= c.Calendar.CloseAfter(at, pack.ConsultDays)
            ? null
            : $"The doctor has {pack.ConsultDays} business days to be heard; they cannot block.";
    }

    private static string? Refuse(GuardContext c) =>
        c.NeedsOneOf("ground", Grounds, "Name the statutory ground")
        ?? (
            c.Text("ground") is "record does not exist yet"
            && c.Exam.Report is "signed" or "amended" or "addendum_draft"
                ? "The record exists: it is signed."
                : null
        )
        ?? c.Needs("severance", "Say what can be given without the part that is refused, or 'nothing'.")
        ?? c.Needs("appeal", "Name the way to appeal.")
        ?? c.NeedsWords("letter", "Write the decision letter.");
}
