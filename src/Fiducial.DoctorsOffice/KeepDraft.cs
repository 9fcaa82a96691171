using System.Text.Json;
using Fiducial.DoctorsOffice.Storage;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.DoctorsOffice;

/// <summary>Keeps what the doctor types while it is typed: <c>{"revision","sections":{field: text}}</c>, there and back.</summary>
internal static class KeepDraft
{
    private const int MostBytes = 64 * 1024;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static readonly string[] Forms = ["review", "discussion", "release"];

    private sealed record Draft(int Revision, IReadOnlyDictionary<string, string> Sections);

    private sealed record Saved(int Revision, string? Refusal);

    /// <summary>The doctor's own draft; revision 0 where there is none.</summary>
    public static async Task<IResult> ShowAsync(
        Guid exam,
        string form,
        HttpContext http,
        ClinicDb db,
        CancellationToken ct
    )
    {
        var kept = await Of(db, exam, form, http.Actor().Id).AsNoTracking().FirstOrDefaultAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        var sections = JsonSerializer.Deserialize<Dictionary<string, string>>(kept?.Sections ?? "{}")!;
        return TypedResults.Json(new Draft(kept?.Revision ?? 0, sections), Web);
    }

    public static async Task<IResult> RunAsync(
        Guid exam,
        string form,
        HttpContext http,
        ClinicDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (exam != Guid.Empty && !Forms.Contains(form, StringComparer.Ordinal))
        {
            return TypedResults.NotFound();
        }
        if (http.Request.ContentLength is null or > MostBytes)
        {
            return Refuse(StatusCodes.Status413PayloadTooLarge, 0, "This is too long to be kept: shorten it.");
        }
        Draft? typed;
        try
        {
            typed = await JsonSerializer.DeserializeAsync<Draft>(http.Request.Body, Web, ct);
        }
        catch (JsonException)
        {
            typed = null;
        }
        if (typed?.Sections is null)
        {
            return Refuse(
                StatusCodes.Status400BadRequest,
                0,
                "A draft is {\"revision\", \"sections\": {field: text}}."
            );
        }
        var me = http.Actor().Id;
        var kept = await Of(db, exam, form, me).FirstOrDefaultAsync(ct);
        if (kept is null)
        {
            db.Add(
                kept = new OfficeDraft
                {
                    DoctorId = me,
                    ExamId = exam,
                    Form = form,
                    Sections = "{}",
                }
            );
        }
        else if (kept.Revision != typed.Revision)
        {
            return Elsewhere(kept.Revision);
        }
        kept.Sections = JsonSerializer.Serialize(typed.Sections);
        kept.SavedAt = clock.GetUtcNow();
        kept.Revision++;
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            return Elsewhere(typed.Revision);
        }
        return TypedResults.Json(new Saved(kept.Revision, null), Web);
    }

    /// <summary>The step has been taken: its draft goes with it, in the same transaction.</summary>
    public static Task ForgetAsync(ClinicDb db, Guid exam, string form, string doctor, CancellationToken ct) =>
        Of(db, exam, form, doctor).ExecuteDeleteAsync(ct);

    private static IQueryable<OfficeDraft> Of(ClinicDb db, Guid exam, string form, string doctor) =>
        db.Set<OfficeDraft>().Where(d => d.ExamId == exam && d.Form == form && d.DoctorId == doctor);

    private static IResult Elsewhere(int revision) =>
        Refuse(StatusCodes.Status409Conflict, revision, "The draft was changed in another window: load it again.");

    private static IResult Refuse(int status, int revision, string reason) =>
        TypedResults.Json(new Saved(revision, reason), Web, statusCode: status);
}
