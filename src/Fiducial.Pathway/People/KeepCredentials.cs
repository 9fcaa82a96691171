using System.Globalization;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.People;

/// <summary>
/// Records and ends credentials. What follows is written in the same transaction: the warnings before it runs out, and that a licence has
/// ended, at once or after its last day.
/// </summary>
public sealed class KeepCredentials(ClinicDb db, BusinessCalendar calendar, TimeProvider clock, OutboxSignal outbox)
{
    /// <summary>Topic of the message that names a doctor whose licence may have ended.</summary>
    public const string LicenceEnded = "licence-ended";

    /// <summary>Days before the last one at which the person and the administrator are told.</summary>
    public static readonly IReadOnlyList<int> Warnings = [60, 30, 7];

    /// <summary>Why a credential ends, in the words of the list.</summary>
    public static readonly IReadOnlyList<string> Reasons =
    [
        "suspended",
        "withdrawn",
        "left practice",
        "retired",
        "died",
        "replaced",
    ];

    /// <summary>Null when it is recorded, else what is wrong with it.</summary>
    public async Task<string?> AddAsync(Credential credential, CancellationToken ct = default)
    {
        if (Fault(credential) is { } fault)
        {
            return fault;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.Add(credential);
        await db.SaveChangesAsync(ct);
        if (credential.Until is { } until)
        {
            db.AddRange(WarningsOf(credential.Id, until));
            if (credential.Kind is CredentialKind.Licence)
            {
                db.Add(Message(LicenceEnded, credential.PersonId, StartOf(until.AddDays(1))));
            }
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        outbox.Raise();
        return null;
    }

    /// <summary>Ends it now. Null when it has ended, else what is wrong.</summary>
    public async Task<string?> EndAsync(long id, string reason, CancellationToken ct = default)
    {
        if (!Reasons.Contains(reason, StringComparer.Ordinal))
        {
            return $"Say why it ends: {string.Join(", ", Reasons)}.";
        }
        var credential = await db.Set<Credential>().FirstOrDefaultAsync(c => c.Id == id && c.EndedAt == null, ct);
        if (credential is null)
        {
            return "There is no such credential that has not ended.";
        }
        (credential.EndedAt, credential.EndReason) = (clock.GetUtcNow(), reason);
        if (credential.Kind is CredentialKind.Licence)
        {
            db.Add(Message(LicenceEnded, credential.PersonId, clock.GetUtcNow()));
        }
        await db.SaveChangesAsync(ct);
        outbox.Raise();
        return null;
    }

    // Of several that are past already, the last: nobody needs three letters on one day.
    private IEnumerable<OutboxMessage> WarningsOf(long id, DateOnly until)
    {
        var today = calendar.LocalDate(clock.GetUtcNow());
        var passed = Warnings.Where(d => until.AddDays(-d) <= today).DefaultIfEmpty(int.MaxValue).Min();
        return Warnings
            .Where(d => d <= passed && until >= today)
            .Select(d =>
                Message(
                    WarnOfExpiry.Name,
                    string.Create(CultureInfo.InvariantCulture, $"{id} {d}"),
                    StartOf(until.AddDays(-d))
                )
            );
    }

    private static string? Fault(Credential c) =>
        !CredentialKind.All.Contains(c.Kind, StringComparer.Ordinal)
            ? $"The kind is one of: {string.Join(", ", CredentialKind.All)}."
        : c.IssuingBody.Length == 0 || c.Number.Length == 0 ? "Name the body that issued it and its number."
        : c.Jurisdiction.Length == 0 ? "Name the jurisdiction in which it holds, such as CA-AB."
        : c.Kind is not CredentialKind.Licence && c.Modalities.Length == 0 ? "Name the modalities that it covers."
        : c.Until < c.From ? "The last day is before the first."
        : null;

    private DateTimeOffset StartOf(DateOnly day) => calendar.At(day, TimeOnly.MinValue);

    private static OutboxMessage Message(string topic, string body, DateTimeOffset due) =>
        new()
        {
            Topic = topic,
            Body = body,
            DueAt = due,
        };
}
