using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Results.Delivery;
using Fiducial.Results.Duty;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.DoctorsOffice;

/// <summary>
/// The cover rota: a doctor asks a colleague for a time or for one exam, the colleague accepts, and the duty moves. New results go to the
/// colleague from then on (U1); open ones are handed on (U3).
/// </summary>
public sealed class CoverAbsence(
    ClinicDb db,
    PathwayEngine pathway,
    IRecipientDirectory doctors,
    BusinessCalendar calendar,
    TimeProvider clock
)
{
    /// <summary>Why a cover is not arranged, by the word that stands in the address.</summary>
    public static readonly IReadOnlyDictionary<string, string> Problems = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["days"] = "Give the first and the last day: the last is not before the first, and not past.",
        ["colleague"] = "Name a colleague of this clinic whose licence is active.",
        ["licence"] = "Your licence is not active.",
        ["away"] = "The covering doctor is away on one of these days: somebody covers every day of an absence.",
        ["covering"] =
            "You cover a colleague on one of these days: end that cover first, so that the colleague finds another.",
        ["nobody"] = "Nobody asks you for this cover any more.",
    };

    /// <summary>Asks; the key of what is wrong with it, or null.</summary>
    public async Task<string?> AskAsync(
        Actor doctor,
        string coverId,
        DateOnly from,
        DateOnly until,
        Guid? exam,
        CancellationToken ct = default
    )
    {
        if (until < from || until < calendar.LocalDate(clock.GetUtcNow()))
        {
            return "days";
        }
        if (coverId == doctor.Id || await doctors.FindAsync(coverId, ct) is not { LicenceActive: true } colleague)
        {
            return "colleague";
        }
        if (await IsAwayAsync(coverId, from, until, ct))
        {
            return "away";
        }
        // Whom this doctor covers on these days would have nobody.
        if (
            exam is null
            && await db.Set<Cover>()
                .AnyAsync(
                    c =>
                        c.CoverId == doctor.Id
                        && c.ExamId == null
                        && c.AcceptedAt != null
                        && c.From <= until
                        && c.Until >= from,
                    ct
                )
        )
        {
            return "covering";
        }
        db.Add(
            new Cover
            {
                DoctorId = doctor.Id,
                CoverId = colleague.PersonId,
                ExamId = exam,
                From = from,
                Until = until,
            }
        );
        await db.SaveChangesAsync(ct);
        return null;
    }

    /// <summary>The colleague accepts; from the first day on every open duty of the absent doctor is theirs.</summary>
    public async Task<string?> AcceptAsync(Actor colleague, long cover, CancellationToken ct = default)
    {
        if (await doctors.FindAsync(colleague.Id, ct) is not { LicenceActive: true })
        {
            return "licence";
        }
        var asked = await db.Set<Cover>()
            .FirstOrDefaultAsync(c => c.Id == cover && c.CoverId == colleague.Id && c.AcceptedAt == null, ct);
        if (asked is null)
        {
            return "nobody";
        }
        if (await IsAwayAsync(colleague.Id, asked.From, asked.Until, ct))
        {
            return "away";
        }
        asked.AcceptedAt = clock.GetUtcNow();
        if (asked.From > calendar.LocalDate(clock.GetUtcNow()))
        {
            // With the acceptance, so that it is neither lost nor begun without one.
            db.Add(
                new OutboxMessage
                {
                    Topic = BeginCover.Name,
                    Body = asked.Id.ToString(CultureInfo.InvariantCulture),
                    DueAt = calendar.At(asked.From, TimeOnly.MinValue),
                }
            );
        }
        await db.SaveChangesAsync(ct);
        await MoveAsync(asked, colleague, ct);
        return null;
    }

    /// <summary>The covers for which this colleague is asked, and has not answered; oldest first.</summary>
    public async Task<IReadOnlyList<long>> OpenAsync(string colleagueId, CancellationToken ct = default) =>
        await db.Set<Cover>()
            .AsNoTracking()
            .Where(c => c.CoverId == colleagueId && c.AcceptedAt == null)
            .OrderBy(c => c.Id)
            .Select(c => c.Id)
            .ToListAsync(ct);

    /// <summary>Ends it: by the doctor who is back, or by the colleague. What was handed on stays where it is.</summary>
    public async Task EndAsync(Actor doctor, long cover, CancellationToken ct = default)
    {
        var yesterday = calendar.LocalDate(clock.GetUtcNow()).AddDays(-1);
        var rota = await db.Set<Cover>()
            .FirstOrDefaultAsync(c => c.Id == cover && (c.DoctorId == doctor.Id || c.CoverId == doctor.Id), ct);
        if (rota is null)
        {
            return;
        }
        if (rota.AcceptedAt is null || rota.From > yesterday)
        {
            db.Remove(rota);
        }
        else
        {
            rota.Until = yesterday;
        }
        await db.SaveChangesAsync(ct);
    }

    private Task<bool> IsAwayAsync(string doctor, DateOnly from, DateOnly until, CancellationToken ct) =>
        db.Set<Cover>()
            .AnyAsync(
                c =>
                    c.DoctorId == doctor
                    && c.ExamId == null
                    && c.AcceptedAt != null
                    && c.From <= until
                    && c.Until >= from,
                ct
            );

    // Each step by the doctor who has accepted, or by the system on the first day; what is refused (another holder since) stays where it is.
    internal async Task MoveAsync(Cover cover, Actor by, CancellationToken ct)
    {
        if (cover.From > calendar.LocalDate(clock.GetUtcNow()))
        {
            return;
        }
        var open = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => e.HolderId == cover.DoctorId && (e.Duty == "owed" || e.Duty == "acknowledged"))
            .Where(e => cover.ExamId == null || e.Id == cover.ExamId)
            .Select(e => e.Id)
            .ToListAsync(ct);
        foreach (var exam in open)
        {
            await pathway.TakeAsync(new StepRequest(exam, "U3", by, Basis(cover, cover.CoverId)), ct);
        }
    }

    private static JsonObject Basis(Cover cover, string holder) =>
        new()
        {
            ["holderId"] = holder,
            ["basis"] = string.Create(CultureInfo.InvariantCulture, $"accepted cover {cover.Id}"),
        };

    internal static async Task<IResult> FromFormAsync(
        string act,
        IFormCollection form,
        HttpContext http,
        CoverAbsence cover,
        CancellationToken ct
    )
    {
        var me = http.Actor();
        _ = long.TryParse(form["cover"], NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        string? problem = null;
        switch (act)
        {
            case "ask":
                Guid? exam = Guid.TryParse(form["exam"], out var one) ? one : null;
                problem =
                    TypedText.Day(form["from"]) is { } from && TypedText.Day(form["until"]) is { } until
                        ? await cover.AskAsync(me, form["colleague"].ToString().Trim(), from, until, exam, ct)
                        : "days";
                break;
            case "accept":
                problem = await cover.AcceptAsync(me, id, ct);
                break;
            default:
                await cover.EndAsync(me, id, ct);
                break;
        }
        return TypedResults.LocalRedirect(problem is null ? "/office/cover" : $"/office/cover?problem={problem}");
    }
}
