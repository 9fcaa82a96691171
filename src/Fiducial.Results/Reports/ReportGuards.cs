using System.Text.Json.Nodes;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Protocols;
using Fiducial.Results.Release;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Reports;

/// <summary>What must hold for a report to be claimed, written and signed, as far as words and reader go; display and coverage are the reading room's.</summary>
internal static class ReportGuards
{
    internal const string MissingFactor =
        "The second factor is missing or wrong: type the code that your authenticator shows now, or use a passkey. A code opens once; whoever has none yet enrols one under My account (your name, at the top of the page).";

    private static readonly string[] Urgencies = ["emergency department", "inpatient", "transfer", "surgery"];

    public static IEnumerable<IGuard> Of(ReleasePolicy policy) =>
        [
            new Guard("R2", Privilege),
            new Guard("R4", c => Privilege(c) ?? Claimed(c) ?? c.Needs("template", "The template is missing.")),
            new Guard("R5", PreliminaryAsync),
            new Guard("R6", (c, ct) => SignAsync(c, policy, ct)),
            new Guard("R7", c => c.NeedsOneOf("reason", RecallReasons.Technical, "Choose a technical reason")),
        ];

    internal static string? Privilege(GuardContext c) =>
        c.Standing.ReaderRefusal(ProtocolBook.Find(c.Exam.ProtocolCode), c.Exam.Modality);

    internal static string? Claimed(GuardContext c) =>
        c.Exam.ReaderId == c.Actor.Id ? null : $"{c.Exam.ReaderName} has claimed this exam.";

    private static async ValueTask<string?> PreliminaryAsync(GuardContext c, CancellationToken ct)
    {
        var draft = await DraftAsync(c, ct);
        return Privilege(c)
            ?? Claimed(c)
            ?? c.NeedsOneOf("urgency", Urgencies, "A preliminary report needs an urgent need")
            ?? (
                !c.Says("markedPreliminary") ? "It must be marked PRELIMINARY."
                : draft is null
                || draft.Sections.Hash() != c.Text("reportHash")
                || draft.Sections.Impression.Length == 0
                    ? "There is no draft with an impression to issue."
                : c.Needs("display", "Note the display at which it was read.")
            );
    }

    // The reader of the draft signs it. A resident's draft is signed by a radiologist who attests it; a draft whose reader is gone
    // by the director.
    private static async ValueTask<string?> ReaderAsync(GuardContext c, CancellationToken ct)
    {
        var drafted = await c.LastAsync(ct, "R4");
        if (drafted?.Role is "RES" || c.Actor.Role is Role.MDR)
        {
            return c.Exam.ReaderId == c.Actor.Id || c.Says("attestation")
                ? null
                : "Attest that you have read the images yourself.";
        }
        return Claimed(c);
    }

    private static async ValueTask<string?> SignAsync(GuardContext c, ReleasePolicy policy, CancellationToken ct)
    {
        if ((Privilege(c) ?? await ReaderAsync(c, ct)) is { } refusal)
        {
            return refusal;
        }
        if (c.Exam.Images is not "verified")
        {
            return null; // the condition on the images says what is wrong
        }
        return await WordsAsync(c, policy, ct)
            ?? await DiscrepancyAsync(c, ct)
            ?? SelfReferral(c)
            ?? (c.Says("secondFactor") ? null : MissingFactor);
    }

    internal static Task<ReportDraft?> DraftAsync(GuardContext c, CancellationToken ct) =>
        c.Db.Set<ReportDraft>().AsNoTracking().FirstOrDefaultAsync(d => d.ExamId == c.Exam.Id, ct);

    /// <summary>The words of a version about to be signed: whole, consistent with the order, with an alert category.</summary>
    internal static async ValueTask<string?> WordsAsync(GuardContext c, ReleasePolicy policy, CancellationToken ct)
    {
        var draft = await DraftAsync(c, ct);
        if (draft is null || draft.Sections.Hash() != c.Text("reportHash"))
        {
            return "The draft was changed while it was being signed: read it again.";
        }
        if (string.IsNullOrWhiteSpace(draft.Sections.Findings) || string.IsNullOrWhiteSpace(draft.Sections.Impression))
        {
            return "Findings and impression must be written.";
        }
        if (policy.AsksLetter(c.Exam.Modality) && string.IsNullOrWhiteSpace(draft.Sections.LetterToPatient))
        {
            return "Write the letter to the patient in plain words: the law of this place opens this report to them by itself.";
        }
        if (c.Text("alertCategory") is not ("none" or "1" or "2" or "3"))
        {
            return "Choose the alert category (none, 1, 2 or 3).";
        }
        var answers = c.Evidence["answers"] as JsonObject ?? [];
        // The reason goes to the ledger, which others read: the page tells the reader what the question is.
        foreach (var question in ConsistencyChecks.Of(c.Exam, draft.Sections))
        {
            if (string.IsNullOrWhiteSpace((string?)answers[question.Code]))
            {
                return $"The consistency check '{question.Code}' is not answered: correct the report or answer it.";
            }
        }
        return null;
    }

    // G27: who referred the patient and reads the exam has a second reader, and the report says so.
    private static string? SelfReferral(GuardContext c)
    {
        if (c.Actor.Id != c.Exam.ResponsibleDoctorId)
        {
            return null;
        }
        c.Evidence["selfReferral"] = true;
        return c.Text("secondReaderId").Length > 0 && c.Text("secondReaderId") != c.Actor.Id
            ? null
            : "You referred this patient yourself: a second reader must have read the exam too.";
    }

    // G21: what a resident said first and others acted on is compared with what is signed.
    private static async ValueTask<string?> DiscrepancyAsync(GuardContext c, CancellationToken ct)
    {
        if (c.Exam.Report is not "prelim")
        {
            return null;
        }
        var preliminary = await c.LastAsync(ct, "R5");
        if (preliminary?.Said("reportHash") == c.Text("reportHash"))
        {
            c.Evidence["discrepancy"] = "none";
            return null;
        }
        return c.NeedsOneOf(
                "discrepancy",
                ["none", "minor", "major"],
                "Grade the difference from the preliminary report"
            )
            ?? (
                c.Text("discrepancy") is "major" && c.Text("alertCategory") is "none" or "3"
                    ? "A major difference from the preliminary report is called: choose category 1 or 2."
                    : null
            );
    }
}
