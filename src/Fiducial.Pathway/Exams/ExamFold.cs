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
            case "O1" or "O2":
                Order(exam, evidence, entry.At);
                break;
            case "O4":
                Answer(exam, evidence);
                break;
            case "O9":
                exam.ScheduledAt = null;
                break;
            case "O7":
                exam.ScheduledAt = Instant(evidence, "slot");
                exam.Room = Text(evidence, "room");
                break;
            case "E1":
                exam.ArrivedAt = entry.At;
                break;
            case "E2":
                exam.ArrivedAt = entry.At;
                Emergency(exam, evidence);
                break;
            case "E3" or "E8":
                exam.StartedAt = entry.At;
                exam.DepartedAt = null;
                exam.TechnologistId = entry.ActorId;
                exam.TechnologistName = entry.ActorName;
                break;
            case "E5":
                exam.CompletedAt = entry.At;
                exam.PromiseTarget = Instant(evidence, "promiseTarget");
                exam.PromiseLimit = Instant(evidence, "promiseLimit");
                exam.ManifestCount = Count(evidence);
                break;
            case "E6":
                exam.ManifestCount = Count(evidence);
                break;
            case "E10":
                exam.DepartedAt = entry.At;
                break;
            case "I1":
                exam.StudyInstanceUid = Text(evidence, "studyInstanceUid");
                break;
            case "I2":
                Unmatched(exam, evidence);
                break;
            case "I3":
                exam.ImageCount++;
                break;
            case "I7" or "B4":
                Patient(exam, evidence);
                break;
            case "I6":
                exam.VerifiedAt = entry.At;
                break;
            case "R2" or "R8":
                exam.ReaderId = entry.ActorId;
                exam.ReaderName = entry.ActorName;
                break;
            case "R3" or "R7" or "R11":
                exam.ReaderId = "";
                exam.ReaderName = "";
                break;
            case "R6" or "R9":
                exam.SignedAt = entry.At;
                exam.ReportVersion = (int)evidence["version"]!;
                exam.ReportHash = Text(evidence, "reportHash");
                break;
            case "D3":
                Received(exam, evidence, entry.At);
                break;
            case "U1" or "U3" or "U4" or "U5" or "U6" or "U8" or "U12":
                Hold(exam, Text(evidence, "holderId"), Text(evidence, "holderName"));
                break;
            case "U7":
                Hold(exam, entry.ActorId, entry.ActorName);
                break;
            case "L2" or "L3" or "L8" or "L10":
                exam.ReleasedAt = entry.At;
                break;
            case "L12":
                exam.ReleasedAt = null;
                break;
            case "L16":
                exam.ReleaseElection = Text(evidence, "releaseElection");
                break;
            case "B1":
                exam.GlassBrokenById = entry.ActorId;
                exam.GlassToReview += string.Create(CultureInfo.InvariantCulture, $"{entry.Sequence} ");
                break;
            case "B2" or "B5":
                exam.GlassBrokenById = "";
                break;
            case "B6" or "B9":
                exam.LegalHold = entry.Step is "B6";
                break;
            case "B8":
                Review(exam, evidence);
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
        exam.CopyToIds = string.Concat((order["copyTo"] as JsonArray ?? []).Select(d => $"{d} "));
    }

    private static void Answer(ExamRecord exam, JsonObject evidence)
    {
        var changes = evidence["changes"] as JsonObject ?? [];
        exam.Indication = Text(changes, "indication") is { Length: > 0 } indication ? indication : exam.Indication;
        exam.History = Text(changes, "history") is { Length: > 0 } history ? history : exam.History;
        exam.Laterality = Text(changes, "laterality") is { Length: > 0 } side ? side : exam.Laterality;
        exam.CriticalContact = Text(changes, "criticalContact") is { Length: > 0 } line ? line : exam.CriticalContact;
    }

    // A patient without an order has a temporary identity until I7 or B4 gives them theirs.
    private static void Emergency(ExamRecord exam, JsonObject evidence)
    {
        if (exam.PatientId.Length == 0)
        {
            exam.PatientId = Text(evidence, "temporaryId");
            exam.PatientName = Text(evidence, "temporaryId");
            exam.ProtocolCode = Text(evidence, "protocolCode");
            exam.Modality = Text(evidence, "modality");
            exam.AccessionNumber = Text(evidence, "accessionNumber");
            exam.Procedure = Text(evidence, "procedure");
            exam.BodyPart = Text(evidence, "bodyPart");
            exam.Laterality = Text(evidence, "laterality");
            exam.Priority = "STAT";
        }
    }

    // The study is named from now on; images without an order wait under the number with which they came, and a temporary identity.
    private static void Unmatched(ExamRecord exam, JsonObject evidence)
    {
        if (exam.StudyInstanceUid.Length == 0)
        {
            exam.StudyInstanceUid = Text(evidence, "studyInstanceUid");
        }
        if (exam.Order is "none" && exam.PatientId.Length == 0)
        {
            exam.AccessionNumber = Text(evidence, "accessionNumber");
            exam.PatientId = Text(evidence, "temporaryId");
            exam.PatientName = Text(evidence, "temporaryId");
            exam.Modality = Text(evidence, "modality");
        }
    }

    private static void Patient(ExamRecord exam, JsonObject evidence)
    {
        if (evidence["after"] is not JsonObject after)
        {
            return;
        }
        exam.PatientId = Text(after, "patientId");
        exam.PatientName = Text(after, "patientName");
        exam.PatientBirthDate = Text(after, "patientBirthDate");
        exam.PatientSex = Text(after, "patientSex");
    }

    private static void Received(ExamRecord exam, JsonObject evidence, DateTimeOffset at)
    {
        var recipient = Text(evidence, "recipientId");
        if (recipient.Length == 0 || recipient == exam.HolderId)
        {
            exam.DeliveredAt = at;
            exam.DeliveredVersion = evidence["reportVersion"] is JsonValue v ? (int)v : exam.ReportVersion;
        }
    }

    private static void Hold(ExamRecord exam, string id, string name)
    {
        if (id.Length == 0 || id == exam.HolderId)
        {
            return;
        }
        // Each once, the latest last, and never who holds it now.
        exam.FormerHolderIds = string.Concat(
            exam.FormerHolderIds.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(f => f != exam.HolderId)
                .Append(exam.HolderId)
                .Where(f => f.Length > 0 && f != id)
                .Select(f => $"{f} ")
        );
        (exam.HolderId, exam.HolderName) = (id, name);
        // The new holder has nothing yet: delivery begins again for them.
        exam.DeliveredVersion = 0;
    }

    private static void Review(ExamRecord exam, JsonObject evidence)
    {
        var glass = $"{evidence["glass"]} ";
        string Without(string list) =>
            string.Concat(
                list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => $"{s} ").Where(s => s != glass)
            );
        exam.GlassToReview = Without(exam.GlassToReview);
        exam.GlassWithDirector =
            Text(evidence, "outcome") is GlassReview.Referred
                ? exam.GlassWithDirector + glass
                : Without(exam.GlassWithDirector);
    }

    private static int Count(JsonObject evidence) =>
        evidence["manifestCount"] is JsonValue v && v.TryGetValue<int>(out var count) ? count : 0;

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
