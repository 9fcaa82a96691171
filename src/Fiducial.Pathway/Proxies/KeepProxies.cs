using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Proxies;

/// <summary>A proxy as somebody wants to record it.</summary>
public sealed record NewProxy(string PatientId, string PersonId, string Basis, string Document)
{
    /// <summary>First day; null for today.</summary>
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public string Sees { get; init; } = ProxySight.All;

    /// <summary>Accession numbers of the exams to which it is limited, with spaces or commas between; empty for all.</summary>
    public string Accessions { get; init; } = "";
}

/// <summary>
/// Everything that is done about who acts for a patient: each act is an entry of the patient's chain and changes the rows in the same
/// transaction. Each method answers null, or the sentence that says what is wrong.
/// </summary>
public sealed class KeepProxies(
    ClinicDb db,
    ProxyChain chain,
    IProxyDirectory directory,
    AgeBand ages,
    BusinessCalendar calendar,
    TimeProvider clock,
    OutboxSignal outbox
)
{
    private const string NoSuch = "There is no such proxy that has not ended.";

    private DateOnly Today => calendar.LocalDate(clock.GetUtcNow());

    public async Task<string?> RecordAsync(NewProxy proxy, Actor actor, CancellationToken ct = default)
    {
        var patient = await PatientAsync(proxy.PatientId, ct);
        if ((Fault(proxy, patient, actor) ?? (patient is null ? null : FaultOfAge(proxy, patient))) is { } fault)
        {
            return fault;
        }
        if (await NameAsync(proxy, ct) is not { } name)
        {
            return $"Nobody here can sign in as a proxy under the name '{proxy.PersonId}': the administrator adds them first.";
        }
        var (exams, unknown) = await ExamsAsync(proxy, ct);
        if (unknown is not null)
        {
            return $"The patient has no exam with the number {unknown}.";
        }
        // A parent's authority has an end from the beginning, so that nobody must remember it.
        var birthday = proxy.Basis is ProxyBasis.Parent ? ages.MajorityOf(patient!)?.AddDays(-1) : null;
        var until = proxy.Until is null || birthday < proxy.Until ? birthday ?? proxy.Until : proxy.Until;
        return await ActAsync(
            patient!,
            ProxyAct.Recorded,
            new JsonObject
            {
                ["personId"] = proxy.PersonId,
                ["personName"] = name,
                ["basis"] = proxy.Basis,
                ["document"] = proxy.Document,
                ["from"] = DayText.Iso(proxy.From ?? Today),
                ["until"] = until is { } last ? DayText.Iso(last) : "",
                ["sees"] = proxy.Sees,
                ["exams"] = exams,
                ["ages"] = ages.Place,
            },
            actor,
            ct
        );
    }

    /// <summary>Narrows what a proxy sees, or gives it back as far as it was recorded.</summary>
    public async Task<string?> RestrictAsync(
        string patientId,
        int entry,
        string sees,
        Actor actor,
        CancellationToken ct = default
    )
    {
        if (!ProxySight.Words.Contains(sees, StringComparer.Ordinal))
        {
            return $"Say how far they see: {string.Join(", ", ProxySight.Words)}.";
        }
        var patient = await PatientAsync(patientId, ct);
        if (patient is null || await OpenAsync(patientId, entry, ct) is not { } proxy)
        {
            return NoSuch;
        }
        if (actor.Role is Role.PAT)
        {
            if (patient.PersonId != actor.Id || !ages.Decides(patient, Today))
            {
                return NoSuch;
            }
            if (!ProxyBasis.PatientRestricts.Contains(proxy.Basis, StringComparer.Ordinal))
            {
                return "A court or the law has decided this: the privacy officer can look at it with you.";
            }
        }
        else if (actor.Role is not Role.PRV)
        {
            return "The patient restricts, or the privacy officer for a minor who understands what that means.";
        }
        return await ActAsync(
            patient,
            ProxyAct.Restricted,
            new JsonObject { ["entry"] = entry, ["sees"] = sees },
            actor,
            ct
        );
    }

    /// <summary>Custody or authority is disputed: a suspicion is enough, and nobody acts for the patient until it is decided.</summary>
    public async Task<string?> DisputeAsync(string patientId, string what, Actor actor, CancellationToken ct = default)
    {
        if (actor.Role is not (Role.CLK or Role.PRV))
        {
            return "The front desk or the privacy officer records a dispute.";
        }
        if (what.Length == 0)
        {
            return "Write who disputes what.";
        }
        var patient = await PatientAsync(patientId, ct);
        return patient is null
            || !await db.Set<Proxy>().AnyAsync(p => p.PatientId == patientId && p.EndedAt == null, ct)
                ? "Nobody acts for this patient: there is nothing to dispute."
            : await db.Set<Proxy>().AnyAsync(p => p.PatientId == patientId && p.Disputed, ct)
                ? "It is disputed already: the privacy officer decides."
            : await ActAsync(patient, ProxyAct.Disputed, new JsonObject { ["what"] = what }, actor, ct);
    }

    /// <summary>The privacy officer decides a dispute: who stays, on which document; all others end.</summary>
    public async Task<string?> DecideAsync(
        string patientId,
        IReadOnlyCollection<int> stays,
        string document,
        Actor actor,
        CancellationToken ct = default
    )
    {
        if (actor.Role is not Role.PRV)
        {
            return "The privacy officer decides a dispute.";
        }
        if (document.Length == 0)
        {
            return "Name the order or the agreement on which you decide.";
        }
        var disputed = await db.Set<Proxy>()
            .AsNoTracking()
            .Where(p => p.PatientId == patientId && p.Disputed)
            .Select(p => p.Entry)
            .ToListAsync(ct);
        if (disputed.Count == 0 || await PatientAsync(patientId, ct) is not { } patient)
        {
            return "Nothing is disputed for this patient.";
        }
        return stays.Except(disputed).Any()
            ? NoSuch
            : await ActAsync(
                patient,
                ProxyAct.Decided,
                new JsonObject
                {
                    ["stays"] = new JsonArray([.. stays.Order().Select(s => JsonValue.Create(s))]),
                    ["document"] = document,
                },
                actor,
                ct
            );
    }

    public async Task<string?> EndAsync(
        string patientId,
        int entry,
        string reason,
        Actor actor,
        CancellationToken ct = default
    )
    {
        if (reason.Length == 0)
        {
            return "Say why it ends.";
        }
        var patient = await PatientAsync(patientId, ct);
        if (patient is null || await OpenAsync(patientId, entry, ct) is not { } proxy)
        {
            return NoSuch;
        }
        return MayKeep(actor, proxy.Basis)
            ? await ActAsync(
                patient,
                ProxyAct.Ended,
                new JsonObject { ["entry"] = entry, ["reason"] = reason },
                actor,
                ct
            )
            : NotYours;
    }

    /// <summary>The patient has died: whoever acted for them acts no more; the estate asks through the privacy officer (pathway G19).</summary>
    public async Task<string?> DiedAsync(
        string patientId,
        DateOnly on,
        string document,
        Actor actor,
        CancellationToken ct = default
    )
    {
        if (actor.Role is not Role.PRV)
        {
            return "The privacy officer records a death.";
        }
        if (await PatientAsync(patientId, ct) is not { } patient)
        {
            return "There is no such patient.";
        }
        return patient.DeceasedOn.Length > 0 ? "It is recorded already."
            : on > Today ? "The day of death is still to come."
            : document.Length == 0 ? "Name the document that was seen."
            : await ActAsync(
                patient,
                ProxyAct.Died,
                new JsonObject { ["on"] = DayText.Compact(on), ["document"] = document },
                actor,
                ct
            );
    }

    private const string NotYours = "The privacy officer records this one and ends it.";

    private static bool MayKeep(Actor actor, string basis) =>
        actor.Role is Role.PRV or Role.SYS
        || (actor.Role is Role.CLK && ProxyBasis.AtTheDesk.Contains(basis, StringComparer.Ordinal));

    private string? Fault(NewProxy p, PatientRecord? patient, Actor actor) =>
        !ProxyBasis.All.Contains(p.Basis, StringComparer.Ordinal)
            ? $"Say on what it rests: {string.Join(", ", ProxyBasis.All)}."
        : !MayKeep(actor, p.Basis) ? NotYours
        : patient is null ? "There is no patient of this number."
        : patient.MergedInto.Length > 0 ? $"This patient is kept under the number {patient.MergedInto} now."
        : p.PersonId.Length == 0 ? "Name the person by the name with which they sign in."
        : p.PersonId == patient.PersonId ? "The patient needs nobody to stand for them before themselves."
        : p.Document.Length == 0 ? "Name the document that you have seen."
        : p.Sees is not (ProxySight.All or ProxySight.Status) ? "Say how far they see: all, or status."
        : p.Until < (p.From ?? Today) ? "The last day is before the first."
        : p.Until < Today ? "The last day is past."
        : null;

    private string? FaultOfAge(NewProxy p, PatientRecord patient) =>
        patient.DeceasedOn.Length > 0
            ? p.Basis is not ProxyBasis.Estate
                ? "The patient has died: only the estate can be recorded."
                : p.Accessions.Length == 0
                    ? "Name the exams that are opened to the estate."
                    : null
            : p.Basis is ProxyBasis.Estate
                ? "The patient's death is not recorded."
                : p.Basis is ProxyBasis.Parent && ages.IsOfAge(patient, Today)
                    ? $"The patient is of age ({ages.Majority}): a parent has no authority any more."
                    : p.Basis is ProxyBasis.Patient or ProxyBasis.Application && !ages.Decides(patient, Today)
                        ? $"The patient is not yet {ages.Mature}: a parent or a court decides, not the child."
                        : null;

    private async Task<string?> NameAsync(NewProxy proxy, CancellationToken ct) =>
        proxy.Basis is ProxyBasis.Application ? proxy.PersonId : await directory.NameAsync(proxy.PersonId, ct);

    private async Task<(string Exams, string? Unknown)> ExamsAsync(NewProxy proxy, CancellationToken ct)
    {
        var found = new List<string>();
        foreach (var number in proxy.Accessions.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var exam = await db.Set<ExamRecord>()
                .AsNoTracking()
                .Where(e => e.PatientId == proxy.PatientId && e.AccessionNumber == number)
                .Select(e => (Guid?)e.Id)
                .FirstOrDefaultAsync(ct);
            if (exam is null)
            {
                return ("", number);
            }
            found.Add($"{exam:D}");
        }
        return (string.Join(' ', found), null);
    }

    private async Task<PatientRecord?> PatientAsync(string id, CancellationToken ct) =>
        await db.Set<PatientRecord>().FirstOrDefaultAsync(p => p.PatientId == id, ct);

    private async Task<Proxy?> OpenAsync(string patientId, int entry, CancellationToken ct) =>
        await db.Set<Proxy>()
            .AsNoTracking()
            .FirstOrDefaultAsync(p => p.PatientId == patientId && p.Entry == entry && p.EndedAt == null, ct);

    private async Task<string?> ActAsync(
        PatientRecord patient,
        string act,
        JsonObject evidence,
        Actor actor,
        CancellationToken ct
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        try
        {
            await chain.AppendAsync(patient, act, evidence, actor, ct);
            await transaction.CommitAsync(ct);
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            return "Somebody else has changed this at the same moment: look at it again.";
        }
        outbox.Raise();
        return null;
    }
}
