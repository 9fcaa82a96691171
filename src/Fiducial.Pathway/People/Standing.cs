using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Protocols;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.People;

/// <summary>
/// What a person may do on a day, by the credentials that are recorded at this moment: read from the database when a step is taken, so that a
/// licence that ended a minute ago refuses.
/// </summary>
public sealed class Standing
{
    private readonly IReadOnlyList<Credential> _credentials;
    private readonly DateOnly _today;

    private Standing(IReadOnlyList<Credential> credentials, DateOnly today) =>
        (_credentials, _today) = (credentials, today);

    /// <summary>Of someone who needs none: a patient, a clerk, a device, the system.</summary>
    public static Standing None { get; } = new([], default);

    public static async Task<Standing> OfAsync(
        ClinicDb db,
        string personId,
        DateOnly today,
        CancellationToken ct = default
    ) =>
        new(
            await db.Set<Credential>()
                .AsNoTracking()
                .Where(c => c.PersonId == personId)
                .OrderByDescending(c => c.Id)
                .ToListAsync(ct),
            today
        );

    /// <summary>The same for an actor; nothing is asked for a role that needs no credential.</summary>
    public static async Task<Standing> OfAsync(
        ClinicDb db,
        Actor actor,
        DateOnly today,
        CancellationToken ct = default
    ) => NeedsCredential(actor.Role) ? await OfAsync(db, actor.Id, today, ct) : None;

    /// <summary>Those of these people whose licence to practise holds: one question for a whole list.</summary>
    public static async Task<IReadOnlySet<string>> LicensedAsync(
        ClinicDb db,
        IReadOnlyCollection<string> people,
        DateOnly today,
        CancellationToken ct = default
    ) =>
        (
            await db.Set<Credential>()
                .AsNoTracking()
                .Where(c => c.Kind == CredentialKind.Licence && c.EndedAt == null && people.Contains(c.PersonId))
                .ToListAsync(ct)
        )
            .Where(c => c.HoldsOn(today))
            .Select(c => c.PersonId)
            .ToHashSet(StringComparer.Ordinal);

    public bool IsLicensed => Active(CredentialKind.Licence) is not null;

    /// <summary>The licence or registration under which a step is taken, as the ledger names it; empty when none holds.</summary>
    public string Words => (Active(CredentialKind.Licence) ?? Active(CredentialKind.Registration))?.Name ?? "";

    /// <summary>Null when the licence holds, else the sentence.</summary>
    /// <param name="who">Such as "The doctor".</param>
    public string? LicenceRefusal(string who) => Refusal(CredentialKind.Licence, who);

    /// <summary>Null when the registration holds and covers the exam (E3), else the sentence.</summary>
    public string? RegistrationRefusal(ExamProtocol? protocol, string modality) =>
        Refusal(CredentialKind.Registration, "The technologist")
        ?? (MayPerform(protocol) ? null : $"The technologist's registration does not cover {modality}.");

    /// <summary>Null when the licence holds and a privilege covers the exam (R2 … R9), else the sentence.</summary>
    public string? ReaderRefusal(ExamProtocol? protocol, string modality) =>
        LicenceRefusal("The reader")
        ?? (
            Covered(CredentialKind.ReaderPrivilege, protocol)
                ? null
                : $"The reader has no privilege for {modality}{(protocol is null or { BodyPart: "OTHER" } ? "" : $" of the part {protocol.BodyPart}")}."
        );

    /// <summary>A registration covers exams of this kind.</summary>
    public bool MayPerform(ExamProtocol? protocol) => Covered(CredentialKind.Registration, protocol);

    private bool Covered(string kind, ExamProtocol? protocol) =>
        protocol is not null && _credentials.Any(c => c.Kind == kind && c.HoldsOn(_today) && c.Covers(protocol));

    private Credential? Active(string kind) => _credentials.FirstOrDefault(c => c.Kind == kind && c.HoldsOn(_today));

    // Why is not said: a suspension is between the person, the college and the administrator.
    private string? Refusal(string kind, string who)
    {
        if (Active(kind) is not null)
        {
            return null;
        }
        var last = _credentials.FirstOrDefault(c => c.Kind == kind);
        var since =
            last is null ? "none is recorded"
            : last.EndedAt is { } ended
                ? $"{last.Name} ended on {DayText.Iso(DateOnly.FromDateTime(ended.UtcDateTime))}"
            : last.Until < _today ? $"{last.Name} expired on {DayText.Iso(last.Until.Value)}"
            : $"{last.Name} begins on {DayText.Iso(last.From)}";
        return $"{who}'s {kind} is not active: {since}. The administrator records a new one.";
    }

    private static bool NeedsCredential(Role role) =>
        role is Role.TECH or Role.RES or Role.RAD or Role.MDR or Role.REF or Role.COV or Role.CCD;
}
