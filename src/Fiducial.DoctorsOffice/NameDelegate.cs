using System.Globalization;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.People;
using Fiducial.Results.Duty;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.DoctorsOffice;

/// <summary>Who of the care team may be named.</summary>
public interface ICareTeam
{
    /// <summary>Sign-in name and name of everyone who works as a delegate.</summary>
    Task<IReadOnlyDictionary<string, string>> DelegatesAsync(CancellationToken ct);
}

/// <summary>A doctor names a delegate until a day, or ends it at once; the delegate records attempts to reach a patient in the doctor's name.</summary>
public sealed class NameDelegate(
    ClinicDb db,
    ICareTeam team,
    AccessPolicy access,
    BusinessCalendar calendar,
    TimeProvider clock
)
{
    /// <summary>The longest delegation that this site allows; then the doctor names the delegate again.</summary>
    public const int AtMostDays = 90;

    public static readonly IReadOnlyList<string> Ways = ["telephone", "letter", "in person", "message"];

    public static readonly IReadOnlyDictionary<string, string> Problems = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["who"] = "Name someone of the care team.",
        ["until"] = $"Give the last day: today or later, within {AtMostDays} days.",
    };

    /// <summary>The key of what is wrong with it, or null.</summary>
    public async Task<string?> NameAsync(
        Actor doctor,
        string delegateId,
        DateOnly? until,
        CancellationToken ct = default
    )
    {
        if (!(await team.DelegatesAsync(ct)).ContainsKey(delegateId))
        {
            return "who";
        }
        var today = calendar.LocalDate(clock.GetUtcNow());
        if (until is not { } last || last < today || last > today.AddDays(AtMostDays))
        {
            return "until";
        }
        db.Add(
            new Delegation
            {
                DoctorId = doctor.Id,
                DelegateId = delegateId,
                From = clock.GetUtcNow(),
                Until = last,
            }
        );
        await db.SaveChangesAsync(ct);
        return null;
    }

    /// <summary>Ends it now: by the doctor who named the delegate.</summary>
    public async Task EndAsync(Actor doctor, long id, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await db.Set<Delegation>()
            .Where(d => d.Id == id && d.DoctorId == doctor.Id && d.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(d => d.EndedAt, now), ct);
    }

    /// <summary>Keeps an attempt; false when the way or what came of it is missing.</summary>
    public async Task<bool> AttemptAsync(
        ExamRecord exam,
        Actor actor,
        string how,
        string outcome,
        CancellationToken ct = default
    )
    {
        if (
            !Ways.Contains(how, StringComparer.Ordinal)
            || outcome.Length == 0
            || await access.OnBehalfOfAsync(exam, actor, ct) is not { } doctor
        )
        {
            return false;
        }
        db.Add(
            new ContactAttempt
            {
                ExamId = exam.Id,
                DelegateId = actor.Id,
                DelegateName = actor.Name,
                OnBehalfOf = doctor,
                How = how,
                Outcome = outcome,
                At = clock.GetUtcNow(),
            }
        );
        await db.SaveChangesAsync(ct);
        return true;
    }

    /// <summary>The exams of which a delegate sees the report today, newest first.</summary>
    public async Task<IReadOnlyList<ExamRecord>> ExamsAsync(Actor actor, CancellationToken ct = default)
    {
        var doctors = await access.DelegatingAsync(actor, ct);
        var exams = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e =>
                db.Set<Relationship>()
                    .Any(r => r.ExamId == e.Id && r.Until == null && !r.ReadsOnly && doctors.Contains(r.DoctorId))
                && e.ReportVersion > 0
            )
            .OrderByDescending(e => e.SignedAt)
            .Take(300)
            .ToListAsync(ct);
        var open = new List<ExamRecord>();
        foreach (var exam in exams)
        {
            if (await access.MayAsync(exam, actor, DataClass.C3f, Verb.Read, ct))
            {
                open.Add(exam);
            }
        }
        return open;
    }

    internal static async Task<IResult> FromFormAsync(
        string act,
        IFormCollection form,
        HttpContext http,
        NameDelegate delegation,
        CancellationToken ct
    )
    {
        string? problem = null;
        if (act is "name")
        {
            problem = await delegation.NameAsync(
                http.Actor(),
                form["delegate"].ToString(),
                TypedText.Day(form["until"]),
                ct
            );
        }
        else if (long.TryParse(form["delegation"], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            await delegation.EndAsync(http.Actor(), id, ct);
        }
        return TypedResults.LocalRedirect(
            problem is null ? "/office/delegates" : $"/office/delegates?problem={problem}"
        );
    }

    internal static async Task<IResult> AttemptFromFormAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        ClinicDb db,
        NameDelegate delegation,
        CancellationToken ct
    )
    {
        var record = await db.Set<ExamRecord>().AsNoTracking().FirstAsync(e => e.Id == exam, ct);
        var kept = await delegation.AttemptAsync(
            record,
            http.Actor(),
            form["how"].ToString(),
            form["outcome"].ToString().Trim(),
            ct
        );
        return TypedResults.LocalRedirect($"/care-team/exams/{exam}{(kept ? "" : "?missing=true")}");
    }
}
