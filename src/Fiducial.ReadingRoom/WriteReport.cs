using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Results.Reports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fiducial.ReadingRoom;

/// <summary>A draft as the page sends it while it is typed.</summary>
internal sealed record DraftText(int Revision, ReportSections Sections);

/// <summary>Claiming, writing and signing a report.</summary>
internal static class WriteReport
{
    public static async Task<IResult> ClaimAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        CancellationToken ct
    ) =>
        Refusals.Back(
            $"/reading-room/exams/{exam}",
            await pathway.TakeAsync(new StepRequest(exam, "R2", http.Actor(), []), ct)
        );

    public static async Task<IResult> SaveAsync(Guid exam, HttpContext http, SaveDraft save, CancellationToken ct)
    {
        if (await ReadJson.AsAsync<DraftText>(http.Request, ct) is not { Sections: { } sections } draft)
        {
            return NotSaved("The draft could not be read: load the page again.", revision: 0, 400);
        }
        if (Faults(sections).FirstOrDefault(f => f is not null) is { } fault)
        {
            return NotSaved(fault, draft.Revision, 400);
        }
        var saved = await save.RunAsync(exam, http.Actor(), sections, draft.Revision, ct);
        return saved.Refusal is { } refusal
            ? NotSaved(refusal, saved.Revision, 409)
            : TypedResults.Json(saved, ReadJson.Web);
    }

    private static JsonHttpResult<DraftSaved> NotSaved(string why, int revision, int status) =>
        TypedResults.Json(new DraftSaved(revision, why), ReadJson.Web, statusCode: status);

    private static IEnumerable<string?> Faults(ReportSections s) =>
        [
            TypedText.Fault("clinical information", s.ClinicalInformation),
            TypedText.Fault("technique", s.Technique),
            TypedText.Fault("comparison", s.Comparison),
            TypedText.Fault("findings", s.Findings),
            TypedText.Fault("impression", s.Impression),
            TypedText.Fault("recommendations", s.Recommendations),
            TypedText.Fault("letter to the patient", s.LetterToPatient),
        ];

    public static async Task<IResult> SignAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        SignReport sign,
        ISecondFactor secondFactor,
        CancellationToken ct
    )
    {
        var actor = http.Actor();
        var answers = new JsonObject();
        foreach (var field in form.Keys.Where(k => k.StartsWith("answer:", StringComparison.Ordinal)))
        {
            answers[field["answer:".Length..]] = form[field].ToString();
        }
        var attestation = new JsonObject
        {
            ["displaySetId"] = form["displaySet"].ToString(),
            ["alertCategory"] = form["alertCategory"].ToString(),
            ["marker"] = form["marker"].ToString(),
            ["coverageExclusion"] = form["coverageExclusion"].ToString(),
            ["answers"] = answers,
            ["secondFactor"] = await secondFactor.VerifyAsync(actor.Id, ISecondFactor.AnswerIn(form), ct),
        };
        foreach (var field in (string[])["materiality", "discrepancy"])
        {
            if (form.ContainsKey(field))
            {
                attestation[field] = form[field].ToString();
            }
        }
        // The revision that stood on the signer's screen; a draft that has gone on since is not what was read.
        int? seen = int.TryParse(form["revision"], NumberStyles.None, CultureInfo.InvariantCulture, out var r)
            ? r
            : null;
        var outcome = await sign.RunAsync(exam, actor, attestation, seen, ct);
        await secondFactor.SettleAsync(outcome.Taken, ct);
        return Refusals.Back($"/reading-room/exams/{exam}", outcome, http, form, "code", "passkey");
    }

    public static async Task<IResult> ProtocolAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        PathwayEngine pathway,
        CancellationToken ct
    )
    {
        var evidence = new JsonObject
        {
            ["appropriateness"] = form["appropriateness"].ToString(),
            ["guidance"] = form["guidance"].ToString(),
        };
        foreach (var question in (string[])["implant", "pregnancy", "renal", "allergy"])
        {
            evidence[question] = form[question].ToString();
        }
        return Refusals.Back(
            "/reading-room",
            await pathway.TakeAsync(new StepRequest(exam, "O5", http.Actor(), evidence), ct)
        );
    }
}
