using System.Globalization;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway.Audit;

/// <summary>One row of the audit chain: someone looked, or was not let look. Never edited.</summary>
public sealed record AuditEntry
{
    /// <summary>1, 2, 3 … through the whole house.</summary>
    public required long Sequence { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Person id, AE title, or empty for an unknown person at the sign-in.</summary>
    public required string ActorId { get; init; }
    public required string ActorName { get; init; }
    public required string Role { get; init; }

    /// <summary><c>read</c>, <c>write</c>, <c>list</c> (a page of several exams), <c>export</c> (images were taken away as a medium) or <c>sign-in</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The class of data (C0 … AUD); empty for a sign-in.</summary>
    public required string Data { get; init; }
    public required bool Allowed { get; init; }

    /// <summary>The exam that was looked at; null for a list. Of an exam that does not exist it is what was asked for.</summary>
    public required Guid? ExamId { get; init; }

    /// <summary>Empty when there is none.</summary>
    public required string PatientId { get; init; }

    /// <summary>The route, as the program names it; never what was searched for.</summary>
    public required string What { get; init; }

    /// <summary>Code of HL7 v3 ActReason: TREAT, ETREAT (broken glass), HOPERAT, HCOMPL, PATRQT.</summary>
    public required string Purpose { get; init; }

    /// <summary>Network address or AE title from which it was asked.</summary>
    public required string From { get; init; }

    /// <summary>The doctor in whose name a delegate looked; empty for everyone else.</summary>
    public string OnBehalfOf { get; init; } = "";
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over all the above, in lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    internal static string HashOf(AuditEntry e) =>
        FieldHash.Of([
            e.Sequence.ToString(CultureInfo.InvariantCulture),
            FieldHash.Text(e.At),
            e.ActorId,
            e.ActorName,
            e.Role,
            e.Action,
            e.Data,
            e.Allowed ? "allowed" : "denied",
            e.ExamId?.ToString("D") ?? "",
            e.PatientId,
            e.What,
            e.Purpose,
            e.From,
            e.PreviousHash,
            // A field of its own where there is one: rows of everyone else hash as they always did.
            .. e.OnBehalfOf.Length > 0 ? [e.OnBehalfOf] : (string[])[],
        ]);
}

/// <summary>What happened, before it has its place in the chain.</summary>
public sealed record AuditEvent(Actor Actor, string Action, string Data, bool Allowed, string What, string From)
{
    public Guid? ExamId { get; init; }
    public string PatientId { get; init; } = "";

    /// <summary>The doctor in whose name a delegate looked.</summary>
    public string OnBehalfOf { get; init; } = "";

    /// <summary>The actor had broken the glass of this exam.</summary>
    public bool InEmergency { get; init; }

    /// <summary>Code of HL7 v3 ActReason.</summary>
    public string Purpose =>
        InEmergency
            ? "ETREAT"
            : Actor.Role switch
            {
                Law.Role.PAT or Law.Role.PRX or Law.Role.APP => "PATRQT",
                Law.Role.PRV => "HCOMPL",
                Law.Role.CLK or Law.Role.CRD or Law.Role.ADM or Law.Role.PHY => "HOPERAT",
                _ => "TREAT",
            };
}
