using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway.People;

/// <summary>
/// Why a doctor has to do with a patient's exam (pathway R10): made by a step, ended by a step. The rows are the fold of the ledger
/// (<see cref="Relationships"/>), and who may see what asks them.
/// </summary>
public sealed class Relationship
{
    public const string Referral = "referral";
    public const string Copy = "copy";
    public const string Cover = "cover";
    public const string Transfer = "accepted transfer";
    public const string Successor = "successor";
    public const string Director = "medical director";

    public long Id { get; init; }
    public required Guid ExamId { get; init; }

    /// <summary>Follows the exam through a merge.</summary>
    public required string PatientId { get; set; }
    public required string DoctorId { get; init; }
    public required string Basis { get; init; }

    /// <summary>What the referring doctor said of the care relationship; empty where a step alone makes it.</summary>
    public string Document { get; init; } = "";

    /// <summary>The step that made it, and its place in the ledger.</summary>
    public required string Step { get; init; }
    public required int Sequence { get; init; }
    public required DateTimeOffset From { get; init; }

    /// <summary>A copy, or a duty that was handed on: the reading stays, and nothing else (INV1).</summary>
    public bool ReadsOnly { get; set; }

    /// <summary>The doctor says that it is not their patient (U4): it ends when another has accepted (U5).</summary>
    public bool Disowned { get; set; }
    public DateTimeOffset? Until { get; set; }
    public string EndedBy { get; set; } = "";
}

/// <summary>What each step makes of the relationships of an exam.</summary>
public static class Relationships
{
    private static readonly string[] Making =
    [
        "O1",
        "O2",
        "O8",
        "I7",
        "B4",
        "U1",
        "U3",
        "U4",
        "U5",
        "U6",
        "U7",
        "U8",
        "U12",
    ];

    public static bool AreChangedBy(string step) => Making.Contains(step, StringComparer.Ordinal);

    /// <summary>The fold of a whole ledger, in its order.</summary>
    public static List<Relationship> Of(Guid examId, IEnumerable<LedgerEntry> ledger)
    {
        var edges = new List<Relationship>();
        var exam = new ExamRecord { Id = examId };
        foreach (var entry in ledger.Where(e => e.Taken))
        {
            ExamFold.Apply(exam, entry);
            if (AreChangedBy(entry.Step))
            {
                Apply(edges, exam, entry);
            }
        }
        return edges;
    }

    /// <param name="edges">Of this exam, as they were before; new ones are added.</param>
    /// <param name="exam">As the step leaves it.</param>
    public static void Apply(List<Relationship> edges, ExamRecord exam, LedgerEntry entry)
    {
        switch (entry.Step)
        {
            case "O1" or "O2":
                Open(edges, exam, entry, exam.ResponsibleDoctorId, Relationship.Referral);
                foreach (var copy in exam.CopyToIds.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    Open(edges, exam, entry, copy, Relationship.Copy);
                }
                break;
            case "O8":
                // Nothing will come of it for anybody; whose referral it was reads that it is cancelled.
                edges.FindAll(e => e.Basis is not Relationship.Referral).ForEach(e => End(e, entry));
                edges.ForEach(e => e.ReadsOnly = true);
                break;
            case "I7" or "B4":
                edges.ForEach(e => e.PatientId = exam.PatientId);
                break;
            default:
                Hold(edges, exam, entry);
                break;
        }
    }

    private static void Hold(List<Relationship> edges, ExamRecord exam, LedgerEntry entry)
    {
        var open = edges.FindAll(e => e.Until is null);
        if (entry.Step is "U4")
        {
            open.FindAll(e => e.DoctorId == entry.ActorId).ForEach(e => e.Disowned = true);
        }
        else if (entry.Step is "U5")
        {
            open.FindAll(e => e.Disowned && e.DoctorId != exam.HolderId).ForEach(e => End(e, entry));
        }
        foreach (var edge in open.Where(e => e.DoctorId != exam.HolderId && e.Basis is not Relationship.Referral))
        {
            edge.ReadsOnly = true;
        }
        if (!edges.Exists(e => e.Until is null && e.DoctorId == exam.HolderId && !e.ReadsOnly))
        {
            Open(edges, exam, entry, exam.HolderId, BasisOf(entry));
        }
    }

    private static string BasisOf(LedgerEntry entry)
    {
        var said = entry.Said("basis");
        return entry.Step switch
        {
            "U3" or "U1" when said.StartsWith("accepted cover", StringComparison.Ordinal) => Relationship.Cover,
            "U3" or "U1" when said.StartsWith("licence", StringComparison.Ordinal) || said is "successor custodian" =>
                Relationship.Successor,
            "U3" or "U5" or "U7" => Relationship.Transfer,
            "U1" when said is "responsible doctor" => Relationship.Referral,
            _ => Relationship.Director,
        };
    }

    private static void Open(List<Relationship> edges, ExamRecord exam, LedgerEntry entry, string doctor, string basis)
    {
        if (doctor.Length > 0)
        {
            edges.Add(
                new Relationship
                {
                    ExamId = exam.Id,
                    PatientId = exam.PatientId,
                    DoctorId = doctor,
                    Basis = basis,
                    Document = basis is Relationship.Referral ? entry.Said("relationshipBasis") : "",
                    Step = entry.Step,
                    Sequence = entry.Sequence,
                    From = entry.At,
                    ReadsOnly = basis is Relationship.Copy,
                }
            );
        }
    }

    private static void End(Relationship edge, LedgerEntry entry)
    {
        if (edge.Until is null)
        {
            (edge.Until, edge.EndedBy) = (entry.At, entry.Step);
        }
    }
}
