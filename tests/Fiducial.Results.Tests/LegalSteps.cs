using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Results.Duty;
using Fiducial.Results.Release;

namespace Fiducial.Results.Tests;

/// <summary>For each of the steps: who takes it in ordinary life, and what they bring, so that it is taken where its region and the hour allow.</summary>
internal static class LegalSteps
{
    public const string Assessment = "Fracture";
    public const string Plan = "Cast";
    public const string Note = "Your wrist is broken and will heal.";
    public const string Message = "Displaced fracture, see the patient today.";

    private static readonly string[] Safety = ["implant", "pregnancy", "renal", "allergy"];

    public static Attempt Of(string step, ExamRecord exam, DateTimeOffset now)
    {
        var doctor = Doctor(exam);
        return step[0] switch
        {
            'O' => Order(step, exam, now),
            'E' => Exam(step, exam),
            'I' => Images(step, exam),
            'R' => Report(step, exam),
            'D' => Delivery(step, exam, now),
            'U' => Duty(step, exam, doctor),
            'L' => Release(step, exam, doctor, now),
            'A' => Alert(step, exam, doctor, now),
            'N' => Concern(step),
            'F' => Followup(step, doctor, now),
            _ => Access(step, exam),
        };
    }

    private static Actor Doctor(ExamRecord exam) =>
        new[] { People.Cove, People.Otto, People.Mira }.FirstOrDefault(a => a.Id == exam.HolderId) ?? People.Rita;

    private static Attempt Order(string step, ExamRecord exam, DateTimeOffset now) =>
        step switch
        {
            "O1" => new(step, People.Rita, Referral()),
            "O2" => new(step, People.Clara, SelfReferral()),
            "O3" => new(step, People.Rado, [Say("item", "history"), Say("question", "Since when?")]),
            "O4" => new(
                step,
                People.Rita,
                [Say("answer", "Since Monday."), new("changes", new JsonObject { ["history"] = "since Monday" })]
            ),
            "O5" => new(step, People.Rado, [Say("appropriateness", "indicated"), .. Clear()]),
            "O6" => new(step, Actor.System, [Say("rule", "auto-protocol"), .. Clear()]),
            "O7" => new(
                step,
                People.Clara,
                [Say("slot", Iso(now)), Say("room", "DX 1"), Say("leaflet", "none"), Say("accessNeeds", "none")]
            ),
            "O8" => new(step, People.Rita, [Say("reason", "duplicate")]),
            _ => new(step, People.Clara, [Say("note", "telephoned twice")]),
        };

    private static Attempt Exam(string step, ExamRecord exam) =>
        step switch
        {
            "E1" => new(
                step,
                People.Clara,
                [new("identifiers", new JsonArray("name", "birth date")), Say("photoOrCard", "photo")]
            ),
            "E2" => new(
                step,
                People.Tessa,
                [Is("emergency"), Say("temporaryId", "T-1"), Say("protocolCode", "XR-WRIST"), Say("modality", "DX")]
            ),
            "E3" or "E8" => new(step, People.Tessa, [Is("patientConfirmed"), Is("examConfirmed"), Is("sideConfirmed")]),
            "E4" => new(step, People.Tessa, [Say("sopInstanceUid", Uid(exam, 1)), Say("reason", "motion")]),
            "E5" => new(
                step,
                People.Tessa,
                [Is("qualityAccepted"), new("manifestCount", Math.Max(exam.ImageCount, 2))]
            ),
            "E6" => new(step, People.Tessa, [Say("reason", "patient unwell"), new("manifestCount", exam.ImageCount)]),
            "E7" => new(step, People.Rado, [Say("reason", "motion")]),
            "E9" => new(step, People.Clara, [Say("note", "declined by telephone")]),
            _ => new(step, People.Tessa, [Say("departureCard", "card 7")]),
        };

    private static Attempt Images(string step, ExamRecord exam) =>
        step switch
        {
            "I1" => new(
                step,
                People.Modality,
                [
                    Say("accessionNumber", exam.AccessionNumber),
                    Say("studyInstanceUid", $"1.2.{exam.Id:N}"),
                    Say("association", "DX1"),
                ]
            ),
            "I2" => new(step, Actor.System, [Say("conflict", "The birth date differs from the order.")]),
            "I3" => new(
                step,
                People.Modality,
                [
                    Say("sopInstanceUid", Uid(exam, exam.ImageCount + 1)),
                    Say("seriesInstanceUid", "1.2.3"),
                    Say("sha256", new string('a', 64)),
                    Say("modality", "DX"),
                    Say("view", exam.ImageCount % 2 == 0 ? "PA" : "LATERAL"),
                    Say("laterality", "L"),
                    new("instanceNumber", exam.ImageCount + 1),
                ]
            ),
            "I4" => new(step, Actor.System, []),
            "I5" => new(step, People.Modality, [Say("sopInstanceUid", Uid(exam, exam.ImageCount + 1))]),
            "I6" => new(
                step,
                Actor.System,
                [
                    new("manifestCount", exam.ImageCount),
                    new("storedCount", exam.ImageCount),
                    Is("hashesEqual"),
                    Is("twoCopies"),
                    Is("lossless"),
                    Say("storageCommitment", "answered"),
                ]
            ),
            "I7" => new(
                step,
                People.Cora,
                [new("before", Header(exam)), new("after", Header(exam)), Is("originalsKept")]
            ),
            "I8" => new(
                step,
                People.Mira,
                [Say("proven", "wrong patient"), Say("rejectionNote", "113037"), Say("retentionRule", "10 years")]
            ),
            "I9" => new(step, People.Rado, [Say("suspicion", "the wrist of someone else")]),
            _ => new(
                step,
                Actor.System,
                [Say("expectedHash", new string('a', 64)), Say("actualHash", new string('b', 64))]
            ),
        };

    private static Attempt Report(string step, ExamRecord exam) =>
        step switch
        {
            "R1" or "R11" => new(step, Actor.System, []),
            "R2" or "R3" => new(step, People.Rado, []),
            "R4" => new(
                step,
                People.Rado,
                [
                    Say("findings", "Fracture."),
                    Say("letter", exam.Modality is "MG" ? "Please come back in two years." : ""),
                ]
            ),
            "R5" => new(step, People.Rado, [Say("urgency", "emergency department"), Say("display", "home")]),
            "R6" => new(step, People.Rado, [.. Signature("none")]),
            "R7" => new(step, People.Rado, [Say("reason", "motion")]),
            "R8" => new(step, People.Rado, [Say("reason", "missed finding")]),
            "R9" => new(step, People.Rado, [.. Signature("2"), Say("materiality", "material")]),
            "R10" => new(
                step,
                People.Rado,
                [Say("reason", "serious error")],
                new JsonObject { ["notice"] = "The report was wrong." }
            ),
            _ => new(step, People.Rado, [Say("reason", "not needed")]),
        };

    public static KeyValuePair<string, JsonNode?>[] Signature(string category) =>
        [Is("secondFactor"), Say("alertCategory", category), Say("displaySetId", "D1")];

    private static Attempt Delivery(string step, ExamRecord exam, DateTimeOffset now) =>
        step switch
        {
            "D1" => new(
                step,
                Actor.System,
                [
                    .. Address(step, exam.HolderId, now),
                    new("reportVersion", exam.ReportVersion),
                    Say("reportHash", exam.ReportHash),
                ]
            ),
            "D2" => new(
                step,
                Actor.System,
                [
                    Say("channel", "ORU"),
                    Say("recipientId", exam.HolderId),
                    new("reportVersion", exam.ReportVersion),
                    Say("bytesHash", exam.ReportHash),
                    Say("messageId", "1"),
                ]
            ),
            "D3" => new(step, People.Record, [Say("ack", "AA"), Say("reportHash", exam.ReportHash)]),
            "D4" => new(step, Actor.System, [Say("negativeAnswer", "AE")]),
            "D5" => new(
                step,
                People.Cora,
                [.. Address(step, exam.HolderId, now), Say("reason", "other address of the practice")]
            ),
            "D6" => new(step, People.Cora, [Say("said", "the practice"), Say("containment", "destroyed, letter 12")]),
            _ => new(step, People.Cora, [.. Address(step, exam.HolderId, now), Is("privacyInformed")]),
        };

    private static KeyValuePair<string, JsonNode?>[] Address(string step, string recipient, DateTimeOffset now) =>
        [
            Say("recipientId", recipient),
            Say("endpoint", $"ORU:{recipient}:{step}"),
            Say("endpointVerifiedAt", Iso(now.AddDays(-30))),
        ];

    private static Attempt Duty(string step, ExamRecord exam, Actor doctor) =>
        step switch
        {
            "U1" => new(step, Actor.System, [Say("holderId", "rita"), Say("holderName", "rita"), Say("tokenId", "1")]),
            "U2" => new(step, doctor, [Say("viewedHash", exam.ReportHash)]),
            "U3" => new(step, doctor, [Say("holderId", "cove")]),
            "U4" => new(step, doctor, [], new JsonObject { ["reason"] = "never seen" }),
            "U5" => new(step, People.Cora, [Say("holderId", "mira")]),
            "U6" => new(step, Actor.System, []),
            "U7" => new(step, doctor, [Say("viewedHash", exam.ReportHash)]),
            "U8" => new(step, People.Mira, [Say("holderId", "mira"), Say("letter", "letter 3")]),
            "U9" => new(
                step,
                doctor,
                [
                    Is("historyShown"),
                    Say("assessment", Assessment),
                    Say("plan", Plan),
                    Say("reviewHash", Review.HashOf(Assessment, Plan, "")),
                ]
            ),
            "U10" => new(
                step,
                doctor,
                [
                    Say("how", "in person"),
                    Say("present", "patient"),
                    Say("interpreter", "none"),
                    Say("discussionHash", Discussion.HashOf("in person", "patient", "none", "")),
                ]
            ),
            "U11" => new(
                step,
                doctor,
                exam is { Report: "withdrawn", Images: "rejected" } ? [Say("notNeeded", "true")] : []
            ),
            _ => new(step, Actor.System, [Say("cause", "R10")]),
        };

    private static Attempt Release(string step, ExamRecord exam, Actor doctor, DateTimeOffset now) =>
        step switch
        {
            "L1" => new(step, Actor.System, []),
            "L2" => new(step, doctor, [Say("noteHash", PatientNote.HashOf(Note)), Say("decision", "release")]),
            "L3" => new(step, Actor.System, []),
            "L4" => new(
                step,
                doctor,
                [Say("expires", Iso(now.AddDays(3)))],
                new JsonObject { ["reason"] = "to be told in person" }
            ),
            "L5" => new(step, Actor.System, []),
            "L6" => new(step, doctor, []),
            "L7" or "L15" => new(step, People.Jane, [Is("identityProofed"), Is("authorityProofed")]),
            "L8" => new(
                step,
                People.Priva,
                [Say("holderAnswer", "no objection")],
                new JsonObject { ["letter"] = "granted" }
            ),
            "L9" => new(
                step,
                People.Priva,
                [Say("ground", "serious harm"), Say("severance", "images"), Say("appeal", "the commissioner")],
                new JsonObject { ["letter"] = "refused" }
            ),
            "L10" => new(step, People.Priva, [Say("orderReference", "OIPC H2026-1")]),
            "L11" => new(step, People.Jane, [Say("receipt", "1")]),
            "L12" => new(step, Actor.System, [Say("cause", "R10")]),
            "L13" => new(step, People.Jane, [Say("election", "do not show me")]),
            "L16" => new(step, People.Jane, [Say("releaseElection", Another(exam.ReleaseElection))]),
            _ => new(step, People.Jane, []),
        };

    private static string Another(string election) =>
        election is "in person only" ? "after my doctor has read it" : "in person only";

    private static Attempt Alert(string step, ExamRecord exam, Actor doctor, DateTimeOffset now) =>
        step switch
        {
            "A1" or "A9" => new(
                step,
                People.Rado,
                [Say("category", "1"), Say("code", "critical"), Say("recognisedAt", Iso(now))]
            ),
            "A2" => new(step, People.Rado, [Say("target", exam.CriticalContact), Say("outcome", "no answer")]),
            "A3" or "A6" => new(
                step,
                People.Rado,
                [Say("person", "Dr Rita"), Say("personRole", "REF"), Say("contact", "555"), Say("saidAt", Iso(now))],
                new JsonObject { ["message"] = Message, ["readBack"] = Message.ToLowerInvariant() }
            ),
            "A4" => new(step, Actor.System, []),
            "A5" => new(step, People.Mira, [Say("done", "physician spoke with the patient"), Is("holderTold")]),
            "A7" => new(step, People.Rado, [], new JsonObject { ["reason"] = "second reading: old fracture" }),
            _ => new(step, doctor, [Say("viewedHash", exam.ReportHash)]),
        };

    private static Attempt Concern(string step) =>
        step switch
        {
            "N1" => new(step, People.Tessa, []),
            "N2" => new(step, People.Rado, [Is("opensFullImages")]),
            "N3" => new(step, People.Rado, [Say("instruction", "keep supervised")]),
            _ => new(step, People.Tessa, [Say("plan", "called 911")]),
        };

    private static Attempt Followup(string step, Actor doctor, DateTimeOffset now) =>
        step switch
        {
            "F1" => new(
                step,
                People.Rado,
                [Say("what", "CT chest"), Say("condition", "nodule 7 mm"), new("intervalDays", 90)]
            ),
            "F2" => new(step, doctor, [Say("link", "referral 4"), Say("dueAt", Iso(now.AddDays(90)))]),
            "F3" => new(step, doctor, [], new JsonObject { ["reason"] = "known for ten years" }),
            "F4" => new(step, People.Clara, [Say("externalOrder", "R-77")]),
            "F5" => new(step, Actor.System, [Say("timer", "follow-up")]),
            "F6" => new(step, doctor, [Say("documentedElsewhere", "hospital report 5")]),
            "F7" => new(step, doctor, [], new JsonObject { ["reason"] = "patient moved" }),
            _ => new(step, People.Clara, [Say("dueAt", Iso(now.AddDays(30)))]),
        };

    private static Attempt Access(string step, ExamRecord exam) =>
        step switch
        {
            "B1" => new(
                step,
                People.Otto,
                [Is("treatingNow")],
                new JsonObject { ["reason"] = "collapsed in my office" }
            ),
            "B2" => new(step, Actor.System, []),
            "B3" => new(
                step,
                People.Cora,
                [
                    Say("fromPatientId", exam.PatientId),
                    Say("intoPatientId", exam.PatientId is "P1" ? "P2" : "P1"),
                    Is("previewShown"),
                    Is("aliasKept"),
                ]
            ),
            "B4" => new(
                step,
                People.Priva,
                [
                    new("after", Header(exam.PatientId is "P1" ? "P2" : "P1")),
                    Is("recomputed"),
                    Say("journal", "1"),
                    Say("contentMoved", "false"),
                ]
            ),
            "B5" => new(step, People.Rado, [Say("suspicion", "two patients with one name")]),
            "B6" or "B9" => new(step, People.Priva, [Say("orderReference", "court file 9")]),
            "B8" => new(
                step,
                People.Priva,
                [
                    new(
                        "glass",
                        int.TryParse(exam.GlassToReview.Split(' ')[0], CultureInfo.InvariantCulture, out var n) ? n : 0
                    ),
                    Say("outcome", "justified"),
                ],
                new JsonObject { ["finding"] = "The practice confirms the collapse." }
            ),
            _ => new(
                step,
                People.Mira,
                [Say("resolution", "right patient"), Say("attestedById", "rado"), Say("attestedHash", exam.ReportHash)]
            ),
        };

    public static JsonObject Referral() =>
        [
            Say("accessionNumber", $"A{Random.Shared.NextInt64(100_000_000_000)}"),
            Say("patientId", "P1"),
            Say("patientName", "Doe^Jane"),
            Say("patientBirthDate", "19800101"),
            Say("patientSex", "F"),
            Say("protocolCode", "XR-WRIST"),
            Say("modality", "DX"),
            Say("laterality", "L"),
            Say("indication", "fall"),
            Say("history", "none known"),
            Say("relationshipBasis", "family doctor"),
            Say("responsibleDoctorId", "rita"),
            Say("responsibleDoctorName", "Dr Rita"),
            Say("criticalContact", "practice line 555"),
            Say("releaseElection", "after my doctor has read it"),
        ];

    private static JsonObject SelfReferral()
    {
        var order = Referral();
        order["protocolCode"] = "MG-GENERAL";
        order["modality"] = "MG";
        order["laterality"] = "";
        return order;
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Clear() => Safety.Select(q => Say(q, "no"));

    private static JsonObject Header(ExamRecord exam) => Header(exam.PatientId);

    public static JsonObject Header(string patient) =>
        patient is "P2"
            ?
            [
                Say("patientId", "P2"),
                Say("patientName", "Roe^Joan"),
                Say("patientBirthDate", "19810202"),
                Say("patientSex", "F"),
            ]
            :
            [
                Say("patientId", patient),
                Say("patientName", "Doe^Jane"),
                Say("patientBirthDate", "19800101"),
                Say("patientSex", "F"),
            ];

    private static string Uid(ExamRecord exam, int number) => $"1.2.{exam.AccessionNumber}.{number}";

    private static string Iso(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);

    private static KeyValuePair<string, JsonNode?> Say(string key, string text) => new(key, text);

    private static KeyValuePair<string, JsonNode?> Is(string key) => new(key, true);
}
