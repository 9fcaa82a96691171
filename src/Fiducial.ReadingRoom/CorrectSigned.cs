using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Results.Reports;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ReadingRoom;

/// <summary>What is done to a report beside writing and signing it: given early, sent back, added to, withdrawn, attested in a dispute.</summary>
internal static class CorrectSigned
{
    private static string Page(Guid exam) => $"/reading-room/exams/{exam}";

    public static async Task<IResult> PreliminaryAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        IssuePreliminary issue,
        CancellationToken ct
    ) =>
        Refusals.Back(
            Page(exam),
            await issue.RunAsync(exam, http.Actor(), form["urgency"].ToString(), form["display"].ToString(), ct),
            http,
            form
        );

    public static async Task<IResult> ReturnAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        CorrectReport correct,
        CancellationToken ct
    ) => Refusals.Back(Page(exam), await correct.ReturnAsync(exam, http.Actor(), form["reason"].ToString(), ct));

    public static async Task<IResult> StartAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        CorrectReport correct,
        CancellationToken ct
    ) => Refusals.Back(Page(exam), await correct.StartAsync(exam, http.Actor(), form["reason"].ToString(), ct));

    public static async Task<IResult> DiscardAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        CorrectReport correct,
        CancellationToken ct
    ) =>
        Refusals.Back(
            Page(exam),
            await correct.DiscardAsync(exam, http.Actor(), form["reason"].ToString().Trim(), ct),
            http,
            form
        );

    public static async Task<IResult> WithdrawAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        CorrectReport correct,
        CancellationToken ct
    ) =>
        Refusals.Back(
            Page(exam),
            await correct.WithdrawAsync(
                exam,
                http.Actor(),
                form["reason"].ToString(),
                form["notice"].ToString().Trim(),
                form["replacement"].ToString().Trim(),
                ct
            ),
            http,
            form
        );

    /// <summary>The director resolves a dispute (B7); of a signed version the attestation is the director's own, as a reader.</summary>
    public static async Task<IResult> ResolveAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        ClinicDb db,
        PathwayEngine pathway,
        CancellationToken ct
    )
    {
        var director = http.Actor();
        var evidence = new JsonObject { ["resolution"] = form["resolution"].ToString().Trim() };
        if (form.ContainsKey("attest"))
        {
            evidence["attestedById"] = director.Id;
            evidence["attestedHash"] = await db.Set<ExamRecord>()
                .Where(e => e.Id == exam)
                .Select(e => e.ReportHash)
                .FirstAsync(ct);
        }
        return Refusals.Back(
            Page(exam),
            await pathway.TakeAsync(new StepRequest(exam, "B7", director, evidence), ct),
            http,
            form
        );
    }
}
