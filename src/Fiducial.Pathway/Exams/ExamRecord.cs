using System.Text.Json.Serialization;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;

namespace Fiducial.Pathway.Exams;

/// <summary>
/// Where an exam stands: the fold of its ledger (<see cref="ExamFold"/>), kept as a row so that worklists are queries. It holds
/// logistics (C0), the order (C1) and how far the result has come (C4); nothing in it says what the images mean. As a whole it is
/// result-bearing: it is never serialised, and a room sends the fields that its role may see.
/// </summary>
[JsonConverter(typeof(ResultBearingConverter))]
public sealed class ExamRecord : IResultBearing
{
    public required Guid Id { get; init; }

    // The statechart, one column a region.
    public string Order { get; set; } = "none";
    public string Exam { get; set; } = "none";
    public string Images { get; set; } = "none";
    public string Report { get; set; } = "none";
    public string Delivery { get; set; } = "none";
    public string Duty { get; set; } = "none";
    public string Release { get; set; } = "shut";
    public string Alert { get; set; } = "none";
    public string Concern { get; set; } = "none";
    public string Followup { get; set; } = "none";
    public string Access { get; set; } = "normal";

    /// <summary>Last sequence and hash of the ledger: a ledger whose tail was cut no longer ends here.</summary>
    public int HeadSequence { get; set; }
    public string HeadHash { get; set; } = Ledger.HashChain.Start;

    // Who: from O1.
    public string AccessionNumber { get; set; } = "";
    public string PatientId { get; set; } = "";

    /// <summary>PS3.5 PN: family^given.</summary>
    public string PatientName { get; set; } = "";

    /// <summary>PS3.5 DA: yyyyMMdd.</summary>
    public string PatientBirthDate { get; set; } = "";

    /// <summary>M, F or O.</summary>
    public string PatientSex { get; set; } = "";

    // What: from O1.
    public string ProtocolCode { get; set; } = "";
    public string Modality { get; set; } = "";
    public string Procedure { get; set; } = "";
    public string BodyPart { get; set; } = "";

    /// <summary>L, R, B, or empty when the part is not paired.</summary>
    public string Laterality { get; set; } = "";
    public string Indication { get; set; } = "";
    public string History { get; set; } = "";
    public string Priority { get; set; } = "ROUTINE";
    public string ResponsibleDoctorId { get; set; } = "";
    public string ResponsibleDoctorName { get; set; } = "";
    public string CriticalContact { get; set; } = "";
    public string ReleaseElection { get; set; } = "";
    public DateTimeOffset? RequestedAt { get; set; }

    // When and where: from O7, E1 … E10.
    public DateTimeOffset? ScheduledAt { get; set; }
    public string Room { get; set; } = "";
    public DateTimeOffset? ArrivedAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? CompletedAt { get; set; }
    public DateTimeOffset? DepartedAt { get; set; }
    public string TechnologistId { get; set; } = "";
    public string TechnologistName { get; set; } = "";

    // The images: from I1, I3, I6.
    public string StudyInstanceUid { get; set; } = "";
    public int ImageCount { get; set; }
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>Images that the modality says it has made: from E5 or E6.</summary>
    public int ManifestCount { get; set; }

    // The reader and the holder of the duty token: from R2, R6, U1, U3.
    public string ReaderId { get; set; } = "";
    public string ReaderName { get; set; } = "";
    public DateTimeOffset? SignedAt { get; set; }
    public int ReportVersion { get; set; }
    public string ReportHash { get; set; } = "";
    public string HolderId { get; set; } = "";
    public string HolderName { get; set; } = "";

    /// <summary>Doctors who held the duty before and keep their reading, each followed by a space: from U3 … U8.</summary>
    public string FormerHolderIds { get; set; } = "";

    /// <summary>Doctors who get a copy, each followed by a space: from O1.</summary>
    public string CopyToIds { get; set; } = "";
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>Version that the holder of the duty has received: from D3.</summary>
    public int DeliveredVersion { get; set; }
    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>Promise clock (pathway 6.1): set by E5, met at D3.</summary>
    public DateTimeOffset? PromiseTarget { get; set; }
    public DateTimeOffset? PromiseLimit { get; set; }

    /// <summary>Who broke the glass, while <see cref="Access"/> is broken: from B1.</summary>
    public string GlassBrokenById { get; set; } = "";

    /// <summary>Places in the ledger at which the glass was broken (B1) and which nobody has reviewed yet (B8), each followed by a space.</summary>
    public string GlassToReview { get; set; } = "";

    /// <summary>Those of which the privacy officer left the judgement to the medical director (B8).</summary>
    public string GlassWithDirector { get; set; } = "";

    /// <summary>A legal hold stands on the case: nothing of it is deleted. From B6, until B9.</summary>
    public bool LegalHold { get; set; }

    public string StateOf(Region region) =>
        region switch
        {
            Region.Order => Order,
            Region.Exam => Exam,
            Region.Images => Images,
            Region.Report => Report,
            Region.Delivery => Delivery,
            Region.Duty => Duty,
            Region.Release => Release,
            Region.Alert => Alert,
            Region.Concern => Concern,
            Region.Followup => Followup,
            _ => Access,
        };

    internal void Move(Region region, string state)
    {
        switch (region)
        {
            case Region.Order:
                Order = state;
                break;
            case Region.Exam:
                Exam = state;
                break;
            case Region.Images:
                Images = state;
                break;
            case Region.Report:
                Report = state;
                break;
            case Region.Delivery:
                Delivery = state;
                break;
            case Region.Duty:
                Duty = state;
                break;
            case Region.Release:
                Release = state;
                break;
            case Region.Alert:
                Alert = state;
                break;
            case Region.Concern:
                Concern = state;
                break;
            case Region.Followup:
                Followup = state;
                break;
            default:
                Access = state;
                break;
        }
    }

    /// <summary>The phase of the permission matrix (pathway 6.3).</summary>
    public Phase Phase =>
        Access is "frozen" || Images is "quarantined" || Report is "withdrawn" ? Phase.X
        : Release is "released" or "viewed" ? Phase.L
        : Report is "signed" or "amended" or "addendum_draft" ? Phase.S
        : Phase.U;
}
