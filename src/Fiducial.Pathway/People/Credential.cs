using Fiducial.Pathway.Protocols;

namespace Fiducial.Pathway.People;

/// <summary>What a credential allows.</summary>
public static class CredentialKind
{
    /// <summary>A doctor's licence to practise.</summary>
    public const string Licence = "licence";

    /// <summary>A technologist's registration with the college (pathway R25).</summary>
    public const string Registration = "registration";

    /// <summary>The privilege to read exams of a modality and a part of the body (pathway R26).</summary>
    public const string ReaderPrivilege = "reader privilege";

    public static readonly IReadOnlyList<string> All = [Licence, Registration, ReaderPrivilege];
}

/// <summary>
/// What a college or this clinic says that a person may do. A row is never changed but once, when it ends; what is granted again is a new
/// row, so that what held on a past day can be told.
/// </summary>
public sealed class Credential
{
    public long Id { get; init; }

    /// <summary>Sign-in name.</summary>
    public required string PersonId { get; init; }

    /// <summary>One of <see cref="CredentialKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The college, such as CPSA; for a privilege the clinic that gave it.</summary>
    public required string IssuingBody { get; init; }

    /// <summary>ISO 3166 country and part of it in which it holds, such as CA-AB.</summary>
    public required string Jurisdiction { get; init; }
    public required string Number { get; init; }

    /// <summary>DICOM modalities, separated by commas: of a registration or a privilege.</summary>
    public string Modalities { get; init; } = "";

    /// <summary>Parts of the body (PS3.16 CID 4) of a privilege, separated by commas; empty for all.</summary>
    public string BodyRegions { get; init; } = "";
    public required DateOnly From { get; init; }

    /// <summary>Last day; null when it has none.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>When it ended before that: suspended, given back, the person has left, retired or died.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    public string EndReason { get; set; } = "";

    /// <summary>When and by whom it was checked with the body that issued it.</summary>
    public required DateTimeOffset VerifiedAt { get; init; }
    public required string VerifiedBy { get; init; }

    /// <summary>As the ledger and a signature name it.</summary>
    public string Name => $"{IssuingBody} {Number}".Trim();

    public bool HoldsOn(DateOnly today) =>
        EndedAt is null && From <= today && (Until is not { } until || today <= until);

    public bool Covers(ExamProtocol protocol) =>
        Parts(Modalities).Any(protocol.Covers)
        && (BodyRegions.Length == 0 || Parts(BodyRegions).Contains(protocol.BodyPart, StringComparer.Ordinal));

    private static string[] Parts(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
