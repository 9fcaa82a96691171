namespace Fiducial.Pathway.Proxies;

/// <summary>On what the authority of a proxy rests.</summary>
public static class ProxyBasis
{
    /// <summary>A parent of a minor; ends by itself when the patient comes of age.</summary>
    public const string Parent = "parent";

    /// <summary>Somebody whom the patient, who can decide, has named.</summary>
    public const string Patient = "patient's choice";
    public const string CourtOrder = "court order";

    /// <summary>Who decides for a patient without capacity: an agent of a personal directive, a guardian.</summary>
    public const string Substitute = "substitute decision maker";

    /// <summary>The personal representative of a patient who has died.</summary>
    public const string Estate = "estate";

    /// <summary>An application that the patient has authorised.</summary>
    public const string Application = "application";

    public static readonly IReadOnlyList<string> All = [Parent, Patient, CourtOrder, Substitute, Estate, Application];

    /// <summary>What the front desk records by itself, with the document in hand; the others the privacy officer.</summary>
    public static readonly IReadOnlyList<string> AtTheDesk = [Parent, Patient];

    /// <summary>What a patient who can decide may restrict; what a court or a lost capacity has made, the privacy officer alone.</summary>
    public static readonly IReadOnlyList<string> PatientRestricts = [Parent, Patient, Application];
}

/// <summary>How far a proxy sees; each word is narrower than the one before it.</summary>
public static class ProxySight
{
    /// <summary>All that the matrix gives a proxy.</summary>
    public const string All = "all";

    /// <summary>Where the exam is (C0), and nothing of what was asked, said or decided.</summary>
    public const string Status = "status";
    public const string Nothing = "nothing";

    public static readonly IReadOnlyList<string> Words = [All, Status, Nothing];

    public static string Narrower(string one, string other) => Words[Math.Max(Place(one), Place(other))];

    // What is no word of the list opens nothing.
    private static int Place(string word) => Words.ToList().IndexOf(word) is >= 0 and var at ? at : Words.Count - 1;
}

/// <summary>
/// Someone who acts for a patient: basis, evidence, start, end, scope. The row is the fold of the patient's entries (<see cref="ProxyFold"/>)
/// and nothing else, and who may see what asks it.
/// </summary>
public sealed class Proxy
{
    public long Id { get; init; }
    public required string PatientId { get; init; }

    /// <summary>The entry that recorded it.</summary>
    public required int Entry { get; init; }

    /// <summary>Sign-in name of the proxy, or the name of the application.</summary>
    public required string PersonId { get; init; }
    public required string PersonName { get; init; }

    /// <summary>One of <see cref="ProxyBasis"/>.</summary>
    public required string Basis { get; init; }

    /// <summary>The document that was seen, and where it is kept.</summary>
    public required string Document { get; init; }
    public required DateOnly From { get; init; }

    /// <summary>Last day; of a parent the day before the patient's majority at the latest. Null while it has no end of its own.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>As it was recorded: one of <see cref="ProxySight"/>.</summary>
    public required string Sees { get; init; }

    /// <summary>Ids of the exams to which it is limited, with spaces between; empty for all exams of the patient.</summary>
    public string Exams { get; init; } = "";

    /// <summary>To what the patient, or the privacy officer for the patient, has narrowed it since.</summary>
    public string RestrictedTo { get; set; } = ProxySight.All;

    /// <summary>Authority or custody is disputed: nobody acts by it until the privacy officer has decided (pathway G18).</summary>
    public bool Disputed { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string EndReason { get; set; } = "";

    /// <summary>How far it sees today.</summary>
    public string Sight => ProxySight.Narrower(Sees, RestrictedTo);

    public bool CoversExam(Guid exam) => Exams.Length == 0 || Exams.Contains($"{exam:D}", StringComparison.Ordinal);

    public bool HoldsOn(DateOnly today) =>
        EndedAt is null && !Disputed && From <= today && (Until is not { } until || today <= until);
}
