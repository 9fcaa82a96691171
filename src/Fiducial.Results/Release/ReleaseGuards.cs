using System.Globalization;
using Fiducial.Foundation.Web;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Reports;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Release;

/// <summary>The door to the patient: opened by the doctor, by a rule that the pack names, or by a formal decision; never shut for ever.</summary>
internal sealed class ReleaseGuards(ReleasePolicy policy)
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
            new Guard("O1", Elected),
            new Guard("O2", Elected),
            new Guard("R6", SignedAsync),
            new Guard("R9", SignedAsync),
            new Guard("U1", OwedAsync),
            new Guard("U12", OwedAsync),
            new Guard("U9", (c, ct) => OpensAsync(c, f => f with { ReviewedAt = c.At }, ct)),
            new Guard(
                "U10",
                (c, ct) => OpensAsync(c, f => f with { ReviewedAt = f.ReviewedAt ?? c.At, DiscussedAt = c.At }, ct)
            ),
            Decision("L1", NoticeAsync),
            Decision("L2", (c, _) => ValueTask.FromResult(Release(c))),
            Decision("L3", PolicyAsync),
            Decision("L4", HoldAsync),
            Decision("L5", ExpiredAsync),
            Decision("L6", (c, ct) => OpensAsync(c, f => f with { HeldUntil = null }, ct)),
            Decision("L7", (c, _) => ValueTask.FromResult(Request(c))),
            Decision("L8", GrantAsync),
            Decision("L9", (c, _) => ValueTask.FromResult(Refuse(c))),
            Decision(
                "L10",
                (c, _) =>
                    ValueTask.FromResult(
                        c.Needs("orderReference", "Name the decision of the commissioner or the court.")
                    )
            ),
            new Guard("L11", c => c.Needs("receipt", "The view has no receipt.")),
            Decision("L12", SupersedeAsync),
            new Guard("L13", c => c.Needs("election", "The patient says that they do not want to see it.")),
            Decision("L14", (c, ct) => OpensAsync(c, f => f, ct)),
            Decision("L16", ChangeAsync),
            Decision("L15", (c, _) => ValueTask.FromResult(Request(c))),
        ];

    // Every decision about a release names the policy under which it was taken.
    private Guard Decision(string step, Func<GuardContext, CancellationToken, ValueTask<string?>> refusal) =>
        new(
            step,
            (c, ct) =>
            {
                c.Evidence["policy"] = policy.Version;
                c.Evidence["policyHash"] = policy.Hash;
                return refusal(c, ct);
            }
        );

    private string? Elected(GuardContext c) =>
        policy.FindElection(c.Text("releaseElection")) is not { } wish
            ? $"Ask the patient how the result shall be released: {string.Join("; ", policy.Pack.Elections.Select(e => e.Words))}."
        : !wish.PicksDate ? null
        : TypedText.Day(c.Text("releaseElectionUntil")) is { } day && day >= c.Calendar.LocalDate(c.At) ? null
        : $"With the choice '{wish.Words}' the patient picks a day (2026-12-31), today or later, on which it opens in any case.";

    // Asked alike whether or not the result is held: what the patient learns by changing it is nothing (C4).
    private async ValueTask<string?> ChangeAsync(GuardContext c, CancellationToken ct)
    {
        if (Elected(c) is { } refusal)
        {
            return refusal;
        }
        var now = await ReleaseFacts.OfAsync(c.Db, c.Exam, ct);
        var changed = now with
        {
            Election = c.Text("releaseElection"),
            ElectionUntil = TypedText.Day(c.Text("releaseElectionUntil")),
        };
        return changed == now
            ? "That is what is recorded already."
            : await OpensAsync(
                c,
                f => f with { Election = changed.Election, ElectionUntil = changed.ElectionUntil },
                ct
            );
    }

    private async ValueTask<string?> SignedAsync(GuardContext c, CancellationToken ct)
    {
        if (policy.AsksMarker && !ReleaseFacts.Markers.Contains(c.Text("marker")))
        {
            return $"The law of this place asks the signer what the report shows: {string.Join(", ", ReleaseFacts.Markers.Order(StringComparer.Ordinal))}.";
        }
        return await OpensAsync(
            c,
            f =>
                f with
                {
                    HasSignedVersion = true,
                    SignedAt = c.At,
                    Findings = ReleaseFacts.FindingsOf(c.Text("alertCategory"), c.Text("marker")),
                },
            ct
        );
    }

    // When the policy opens it by itself if nobody does anything more: the timer of the step counts from there.
    private async ValueTask<string?> OpensAsync(
        GuardContext c,
        Func<ReleaseFacts, ReleaseFacts> after,
        CancellationToken ct
    )
    {
        var facts = after(await ReleaseFacts.OfAsync(c.Db, c.Exam, ct));
        if (policy.OpensAt(facts, c.At, c.Calendar) is { } opens)
        {
            c.Evidence["releaseDue"] = Iso(opens);
        }
        return null;
    }

    private async ValueTask<string?> OwedAsync(GuardContext c, CancellationToken ct)
    {
        var facts = await ReleaseFacts.OfAsync(c.Db, c.Exam, ct);
        if (policy.NoticeAfter(c.At, facts, c.Calendar) is { } notice)
        {
            c.Evidence["noticeDue"] = Iso(notice.Due);
        }
        return null;
    }

    private async ValueTask<string?> SupersedeAsync(GuardContext c, CancellationToken ct) =>
        await MaterialChange.IsNewAsync(c, ct)
            ? await OpensAsync(c, f => f with { ShutAt = c.At, ReviewedAt = null, DiscussedAt = null }, ct)
            : "The report did not change.";

    private async ValueTask<string?> NoticeAsync(GuardContext c, CancellationToken ct)
    {
        var owed = await c.LastAsync(ct, "U1", "U12");
        var facts = await ReleaseFacts.OfAsync(c.Db, c.Exam, ct);
        if (owed is null || policy.NoticeAfter(owed.At, facts, c.Calendar) is not { } notice || c.At < notice.Due)
        {
            return "The day of the neutral notice has not come.";
        }
        c.Evidence["wording"] = NeutralWording;
        c.Evidence["rule"] = notice.Rule;
        return null;
    }

    private static string? Release(GuardContext c)
    {
        c.Evidence["reportVersion"] = c.Exam.ReportVersion;
        c.Evidence["reportHash"] = c.Exam.ReportHash;
        return Duty.DutyGuards.Holder(c)
            ?? SecondFactor(c)
            ?? c.Needs("noteHash", "Write a note in plain words for the patient.");
    }

    private async ValueTask<string?> PolicyAsync(GuardContext c, CancellationToken ct)
    {
        var verdict = policy.Evaluate(await ReleaseFacts.OfAsync(c.Db, c.Exam, ct), c.At, c.Calendar);
        c.Evidence["rule"] = verdict.Rule;
        c.Evidence["trace"] = verdict.Text;
        c.Evidence["reportVersion"] = c.Exam.ReportVersion;
        return verdict.Opens ? null : $"The policy '{policy.Name}' does not open it: its rule does not apply yet.";
    }

    private async ValueTask<string?> HoldAsync(GuardContext c, CancellationToken ct)
    {
        var rule = policy.Pack.Hold!;
        if ((Duty.DutyGuards.Holder(c) ?? c.NeedsWords("reason", "Write the reason of the hold.")) is { } refusal)
        {
            return refusal;
        }
        if (!policy.MayHold(c.Actor.Role))
        {
            return $"The policy '{policy.Name}' lets nobody in this role hold a result back.";
        }
        if (rule.Standard.Length > 0 && c.Text("standard") != rule.Standard)
        {
            return $"A hold needs the doctor's own determination: {rule.Standard}.";
        }
        if (c.Instant("expires") is not { } expires || expires <= c.At)
        {
            return "A hold has an end: say when.";
        }
        if (expires > c.Calendar.CloseAfter(c.At, rule.AtMostBusinessDays))
        {
            return $"A hold lasts {rule.AtMostBusinessDays} business days at most.";
        }
        if (
            policy.Evaluate(await ReleaseFacts.OfAsync(c.Db, c.Exam, ct), c.At, c.Calendar) is
            { Opens: true, Level: < 4 } verdict
        )
        {
            return $"A hold cannot keep shut what stands above it opens: {verdict.Rule}.";
        }
        var earlier = await c
            .Db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == c.Exam.Id && e.Taken && e.Step == "L4")
            .ToListAsync(ct);
        var superseded = await c.LastAsync(ct, "L12");
        earlier.RemoveAll(e => e.Sequence < superseded?.Sequence);
        if (earlier.Exists(e => e.ActorId == c.Actor.Id))
        {
            return "Another doctor must renew a hold.";
        }
        if (earlier.Count > rule.Renewals)
        {
            return $"A hold is renewed {(rule.Renewals == 1 ? "once" : $"{rule.Renewals} times")}.";
        }
        // What stands above a hold opens the result while it runs.
        var facts = await ReleaseFacts.OfAsync(c.Db, c.Exam, ct) with
        {
            HeldUntil = expires,
        };
        if (policy.OpensAt(facts, c.At, c.Calendar) is { } opens && opens < expires)
        {
            c.Evidence["releaseDue"] = Iso(opens);
        }
        return null;
    }

    private async ValueTask<string?> ExpiredAsync(GuardContext c, CancellationToken ct) =>
        await c.LastAsync(ct, "L4") is { } hold
        && DateTimeOffset.TryParse(hold.Said("expires"), CultureInfo.InvariantCulture, out var expires)
        && c.At >= expires
            ? await OpensAsync(c, f => f with { HeldUntil = null }, ct)
            : "The hold has not expired.";

    private string? Request(GuardContext c)
    {
        c.Evidence["requestDue"] = Iso(c.At.AddDays(policy.Pack.AccessDays));
        return !c.Says("identityProofed") ? "Who asks must have proved who they are."
            : c.Actor.Role is not Role.PAT && !c.Says("authorityProofed")
                ? "Who asks for someone else must have proved that they may."
            : null;
    }

    private async ValueTask<string?> GrantAsync(GuardContext c, CancellationToken ct)
    {
        if ((SecondFactor(c) ?? c.NeedsWords("letter", "Write the decision letter.")) is { } refusal)
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
            && c.At >= c.Calendar.CloseAfter(at, policy.Pack.ConsultBusinessDays)
            ? null
            : $"The doctor has {policy.Pack.ConsultBusinessDays} business days to be heard; they cannot block.";
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

    // Who opens a result to the patient has shown more than a password, where the site asks it of that role.
    private static string? SecondFactor(GuardContext c) => c.Actor.LacksSecondFactor ? ISecondFactor.HowToEnrol : null;

    private static string Iso(DateTimeOffset at) => at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
}
