using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Audit;

namespace Fiducial.PrivacyOffice.Audit;

/// <summary>
/// A row of the audit chain as FHIR R4 AuditEvent, in the patterns of IHE BALP: PatientRead, PatientUpdate and PatientQuery when it is
/// about a patient, Read and Query when not.
/// </summary>
internal static class AuditEventJson
{
    private const string Dicom = "http://dicom.nema.org/resources/ontology/DCM";
    private const string Balp = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

    public static JsonObject Of(AuditEntry e)
    {
        var resource = new JsonObject
        {
            ["resourceType"] = "AuditEvent",
            ["id"] = Id(e),
            ["meta"] = new JsonObject { ["lastUpdated"] = Instant(e) },
            ["type"] = e.Action is "sign-in"
                ? Coding(Dicom, "110114", "User Authentication")
                : Coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "Restful Operation"),
            ["subtype"] = new JsonArray(Subtype(e)),
            ["action"] = e.Action switch
            {
                "read" or "export" => "R",
                "write" => "U",
                _ => "E",
            },
            ["recorded"] = Instant(e),
            // 4: minor failure; the person was not let in.
            ["outcome"] = e.Allowed ? "0" : "4",
            ["purposeOfEvent"] = new JsonArray(Purpose(e)),
            ["agent"] = new JsonArray(Client(e), Server(e), User(e)),
            ["source"] = new JsonObject
            {
                ["observer"] = new JsonObject { ["display"] = "Fiducial" },
                ["type"] = new JsonArray(
                    Coding("http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server")
                ),
            },
            ["entity"] = Entities(e),
        };
        if (Profile(e) is { } profile)
        {
            resource["meta"]!["profile"] = new JsonArray($"{Balp}{profile}");
        }
        return resource;
    }

    public static string Id(AuditEntry e) => e.Sequence.ToString(CultureInfo.InvariantCulture);

    private static string? Profile(AuditEntry e) =>
        (e.Action, e.PatientId.Length > 0, e.Allowed) switch
        {
            (_, _, false) or ("sign-in", _, _) => null,
            ("read" or "export", true, _) => "PatientRead",
            ("read" or "export", false, _) => "Read",
            ("write", true, _) => "PatientUpdate",
            ("write", false, _) => "Update",
            (_, true, _) => "PatientQuery",
            _ => "Query",
        };

    private static JsonObject Subtype(AuditEntry e) =>
        e.Action is "sign-in"
            ? Coding(Dicom, "110122", "Login")
            : Coding(
                "http://hl7.org/fhir/restful-interaction",
                e.Action switch
                {
                    "read" or "export" => "read",
                    "write" => "update",
                    _ => "search",
                },
                null
            );

    private static JsonObject Purpose(AuditEntry e) =>
        new()
        {
            ["coding"] = new JsonArray(Coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", e.Purpose, null)),
        };

    // Who calls: of a read the destination of the data, else the source of the question.
    private static JsonObject Client(AuditEntry e)
    {
        var client = new JsonObject
        {
            ["type"] = Concept(e.Action is "read" or "export" ? Destination() : Source()),
            ["who"] = new JsonObject { ["display"] = e.From.Length > 0 ? e.From : "unknown" },
            ["requestor"] = false,
        };
        if (System.Net.IPAddress.TryParse(e.From, out _))
        {
            client["network"] = new JsonObject { ["address"] = e.From, ["type"] = "2" };
        }
        return client;
    }

    private static JsonObject Server(AuditEntry e) =>
        new()
        {
            ["type"] = Concept(e.Action is "read" or "export" ? Source() : Destination()),
            ["who"] = new JsonObject { ["display"] = "Fiducial" },
            ["requestor"] = false,
        };

    private static JsonObject User(AuditEntry e) =>
        new()
        {
            ["type"] = Concept(
                Coding("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP", "information recipient")
            ),
            ["role"] = new JsonArray(new JsonObject { ["text"] = e.Role }),
            ["who"] = new JsonObject
            {
                ["identifier"] = new JsonObject { ["value"] = e.ActorId.Length > 0 ? e.ActorId : "unknown" },
                ["display"] = e.ActorName.Length > 0 ? e.ActorName : "unknown",
            },
            ["requestor"] = true,
        };

    private static JsonArray Entities(AuditEntry e)
    {
        var entities = new JsonArray();
        if (e.PatientId.Length > 0)
        {
            entities.Add(Entity($"Patient/{e.PatientId}", e.PatientId, "1", "Person", "1", "Patient"));
        }
        if (e.ExamId is { } exam)
        {
            entities.Add(
                Entity($"ServiceRequest/{exam:D}", exam.ToString("D"), "2", "System Object", "4", "Domain Resource")
            );
        }
        // What was asked for, as the program names it; of a query it is the query without its values.
        var asked = new JsonObject
        {
            ["type"] = Coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "2", "System Object"),
            ["role"] = Coding("http://terminology.hl7.org/CodeSystem/object-role", "24", "Query"),
            ["name"] = e.What.Length > 0 ? e.What : "sign-in",
        };
        if (e.Data.Length > 0)
        {
            asked["detail"] = new JsonArray(new JsonObject { ["type"] = "data class", ["valueString"] = e.Data });
        }
        entities.Add(asked);
        return entities;
    }

    private static JsonObject Entity(
        string reference,
        string identifier,
        string type,
        string typeWords,
        string role,
        string roleWords
    ) =>
        new()
        {
            ["what"] = new JsonObject
            {
                ["reference"] = reference,
                ["identifier"] = new JsonObject { ["value"] = identifier },
            },
            ["type"] = Coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", type, typeWords),
            ["role"] = Coding("http://terminology.hl7.org/CodeSystem/object-role", role, roleWords),
        };

    private static JsonObject Source() => Coding(Dicom, "110153", "Source Role ID");

    private static JsonObject Destination() => Coding(Dicom, "110152", "Destination Role ID");

    private static JsonObject Concept(JsonObject coding) => new() { ["coding"] = new JsonArray(coding) };

    private static JsonObject Coding(string system, string code, string? display)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        if (display is not null)
        {
            coding["display"] = display;
        }
        return coding;
    }

    private static string Instant(AuditEntry e) =>
        e.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
