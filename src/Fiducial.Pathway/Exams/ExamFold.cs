using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway.Exams;

/// <summary>
/// What each step changes in the exam's row. The row is this fold over the ledger and nothing else, so it can be computed
/// again at any time and compared (<see cref="LedgerVerifier"/>).
/// </summary>
public static class ExamFold
{
    public static ExamRecord Of(Guid examId, IEnumerable<LedgerEntry> ledger)
    {
        var exam = new ExamRecord { Id = examId };
        foreach (var entry in ledger)
        {
            Apply(exam, entry);
        }
        return exam;
    }

    public static void Apply(ExamRecord exam, LedgerEntry entry)
    {
        exam.HeadSequence = entry.Sequence;
        exam.HeadHash = entry.Hash;
        if (!entry.Taken)
        {
            return;
        }
        exam.Move(Enum.Parse<Region>(entry.Region), entry.To);
        var evidence = JsonNode.Parse(entry.Evidence)!.AsObject();
        switch (entry.Step)
        {
            case "O1":
                Order(exam, evidence, entry.At);
                break;
            case "O7":
                exam.ScheduledAt = Instant(evidence, "slot");
                exam.Room = Text(evidence, "room");
                break;
            case "E1" or "E2":
                exam.ArrivedAt = entry.At;
                break;
            case "E3" or "E8":
                exam.StartedAt = entry.At;
                exam.TechnologistId = entry.ActorId;
                exam.TechnologistName = entry.ActorName;
                break;
            case "E5":
                exam.CompletedAt = entry.At;
                exam.PromiseTarget = Instant(evidence, "promiseTarget");
                exam.PromiseLimit = Instant(evidence, "promiseLimit");
                break;
            case "E10":
                exam.DepartedAt = entry.At;
                break;
            case "I1":
                exam.StudyInstanceUid = Text(evidence, "studyInstanceUid");
                break;
            case "I3":
                exam.ImageCount++;
                break;
            case "I6":
                exam.VerifiedAt = entry.At;
                break;
            case "R2":
                exam.ReaderId = entry.ActorId;
                exam.ReaderName = entry.ActorName;
                break;
            case "R3":
                exam.ReaderId = "";
                exam.ReaderName = "";
                break;
            case "R6" or "R9":
                exam.SignedAt = entry.At;
                exam.ReportVersion = (int)evidence["version"]!;
                exam.ReportHash = Text(evidence, "reportHash");
                break;
            case "D3":
                exam.DeliveredAt = entry.At;
                break;
            case "U1" or "U3" or "U5" or "U8":
                exam.HolderId = Text(evidence, "holderId");
                exam.HolderName = Text(evidence, "holderName");
                break;
            case "L2" or "L3" or "L8":
                exam.ReleasedAt = entry.At;
                break;
            default:
                break;
        }
    }

    private static void Order(ExamRecord exam, JsonObject order, DateTimeOffset at)
    {
        exam.RequestedAt = at;
        exam.AccessionNumber = Text(order, "accessionNumber");
        exam.PatientId = Text(order, "patientId");
        exam.PatientName = Text(order, "patientName");
        exam.PatientBirthDate = Text(order, "patientBirthDate");
        exam.PatientSex = Text(order, "patientSex");
        exam.ProtocolCode = Text(order, "protocolCode");
        exam.Modality = Text(order, "modality");
        exam.Procedure = Text(order, "procedure");
        exam.BodyPart = Text(order, "bodyPart");
        exam.Laterality = Text(order, "laterality");
        exam.Indication = Text(order, "indication");
        exam.History = Text(order, "history");
        exam.Priority = Text(order, "priority") is { Length: > 0 } p ? p : "ROUTINE";
        exam.ResponsibleDoctorId = Text(order, "responsibleDoctorId");
        exam.ResponsibleDoctorName = Text(order, "responsibleDoctorName");
        exam.CriticalContact = Text(order, "criticalContact");
        exam.ReleaseElection = Text(order, "releaseElection");
    }

    private static string Text(JsonObject evidence, string key) => (string?)evidence[key] ?? "";

    private static DateTimeOffset? Instant(JsonObject evidence, string key) =>
        DateTimeOffset.TryParse(
            Text(evidence, key),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : null;
}
