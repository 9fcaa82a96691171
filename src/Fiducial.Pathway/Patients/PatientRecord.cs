using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway.Patients;

/// <summary>A patient of the clinic, as the front desk registered them.</summary>
public sealed class PatientRecord
{
    /// <summary>The clinic's patient identifier (PS3.3 C.7.1.1 Patient ID).</summary>
    public required string PatientId { get; init; }

    /// <summary>PS3.5 PN: family^given.</summary>
    public required string Name { get; set; }

    /// <summary>PS3.5 DA: yyyyMMdd.</summary>
    public required string BirthDate { get; set; }
    public required string Sex { get; set; }
    public string HealthCardNumber { get; set; } = "";
    public string Phone { get; set; } = "";

    /// <summary>Sign-in name of the patient on the patient's page; empty when none.</summary>
    public string PersonId { get; set; } = "";

    /// <summary>The identifier under which this patient is now kept, after a merge; empty otherwise. The old one stays an alias for ever.</summary>
    public string MergedInto { get; set; } = "";

    /// <summary>yyyyMMdd; empty while the patient lives. With <see cref="ProxyHead"/> the fold of the entries about who acts for the patient.</summary>
    public string DeceasedOn { get; set; } = "";

    /// <summary>Hash of the last of these entries; empty when there is none.</summary>
    public string ProxyHead { get; set; } = "";
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Who the patient is, and who opens the patient's page: each order's ledger entry (O1) holds this hash.</summary>
    public string IdentityHash() => FieldHash.Of(PatientId, Name, BirthDate, Sex, HealthCardNumber, PersonId);
}
